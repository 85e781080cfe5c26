// Linux on IA-64: write(1, text, length), exit(0). The call's number is in r15, its arguments in out0 to out2.
        .globl _start
_start: alloc r32 = ar.pfs, 0, 0, 3, 0
        mov out0 = 1
        movl out1 = text
        mov out2 = length
        mov r15 = 1027
        break.i 0x100000
        mov out0 = 0
        mov r15 = 1025
        break.i 0x100000
text:   stringz "IA-64 프로그램이 실행되었습니다\n"
        length = . - text - 1

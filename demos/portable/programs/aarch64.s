// Linux on AArch64: write(1, text, length), exit(0).
        .globl _start
_start: mov x0, #1
        adr x1, text
        mov x2, #length
        mov x8, #64
        svc #0
        mov x0, #0
        mov x8, #93
        svc #0
text:   .ascii "AArch64 프로그램이 실행되었습니다\n"
        .set length, . - text

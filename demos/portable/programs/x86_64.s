# Linux on x86-64: write(1, text, length), exit(0).
        .globl _start
_start: mov $1, %eax
        mov $1, %edi
        lea text(%rip), %rsi
        mov $length, %edx
        syscall
        mov $60, %eax
        xor %edi, %edi
        syscall
text:   .ascii "x86-64 프로그램이 실행되었습니다\n"
        .set length, . - text

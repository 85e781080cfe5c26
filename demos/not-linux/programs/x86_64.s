# FreeBSD on x86-64: write(1, text, length), exit(0). Its calls are numbered otherwise than those of Linux.
        .globl _start
_start: mov $4, %eax
        mov $1, %edi
        lea text(%rip), %rsi
        mov $length, %edx
        syscall
        mov $1, %eax
        xor %edi, %edi
        syscall
text:   .ascii "Hello, FreeBSD!\n"
        .set length, . - text

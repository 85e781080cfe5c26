# Linux on i686: write(1, text, length), exit(0).
        .globl _start
_start: mov $4, %eax
        mov $1, %ebx
        mov $text, %ecx
        mov $length, %edx
        int $0x80
        mov $1, %eax
        xor %ebx, %ebx
        int $0x80
text:   .ascii "i686 프로그램이 실행되었습니다\n"
        .set length, . - text

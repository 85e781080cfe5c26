#!/bin/sh
# Makes ../hello.freebsd anew: a program for FreeBSD on x86-64, in base64, as a demo's files are text. Needs Debian's binutils.
set -eu
cd "$(dirname "$0")"
as --64 -o hello.o x86_64.s
ld -m elf_x86_64 -N -s -o hello.elf hello.o
printf '\011' | dd of=hello.elf bs=1 seek=7 conv=notrunc status=none # EI_OSABI: FreeBSD
base64 -w 76 hello.elf > ../hello.freebsd
rm hello.o hello.elf

#!/bin/sh
# Makes ../hello.* anew: a program that writes a line and ends, for each CPU, in base64, as a demo's files are text.
# Needs Debian's binutils, binutils-aarch64-linux-gnu and binutils-ia64-linux-gnu.
set -eu
cd "$(dirname "$0")"

build() { # CPU, prefix of the tools, options of the assembler and of the linker
  "$2as" $3 -o "$1.o" "$1.s"
  "$2ld" $4 -N -s -o "$1.elf" "$1.o"
  base64 -w 76 "$1.elf" > "../hello.$1"
  rm "$1.o" "$1.elf"
}

build x86_64 '' --64 '-m elf_x86_64'
build i686 '' --32 '-m elf_i386'
build aarch64 aarch64-linux-gnu- '' ''
build ia64 ia64-linux-gnu- '' ''

#!/usr/bin/env bash
# Builds the engine for the tab from Debian's packages: `npm run engine:build` (Linux, root).
# Its parts stay in engine.local; what the deck serves goes to public/engine.
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD
work=$(git rev-parse --show-toplevel)/engine.local
kernel_version=6.1.192-2
export DEBIAN_FRONTEND=noninteractive LC_ALL=C TZ=UTC SOURCE_DATE_EPOCH=1783728000
[ "$(id -u)" = 0 ] || { echo '리눅스의 root로 실행하세요.' >&2; exit 2; }
mkdir -p "$work"

tools() {
  apt-get update -q
  apt-get install -y -q --no-install-recommends bc bison flex cpio gcc gcc-multilib libelf-dev make seabios zstd "linux-source-6.1=$kernel_version"
}

# The pinned packages, for a machine of another architecture: an apt of their own, which installs nothing.
packages() {
  local apt=$work/apt
  mkdir -p "$apt"/{etc/apt/apt.conf.d,etc/apt/preferences.d,state/lists/partial,cache/archives/partial,debs}
  : >"$apt/state/status"
  local signed='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
  # A mirror that is half-way through a sync may fail under one of a suite's two names.
  for suite in bookworm oldstable trixie stable; do
    echo "deb $signed ${DEBIAN_MIRROR:-http://deb.debian.org/debian} $suite main"
  done >"$apt/etc/apt/sources.list"
  cat >"$apt/apt.conf" <<E
Dir "$apt/"; Dir::State "state"; Dir::State::status "state/status"; Dir::Cache "cache"; Dir::Etc "etc/apt";
APT::Architecture "i386"; APT::Architectures {"i386";}; APT::Sandbox::User "root"; Acquire::Languages "none"; Acquire::Check-Valid-Until "false";
E
  APT_CONFIG=$apt/apt.conf apt-get update -q || true
  rm -rf "$work/bookworm" "$work/trixie"
  mkdir "$work/bookworm" "$work/trixie"
  local suite name version sum file
  while read -r suite name version sum; do
    [ "$suite" != '#' ] || continue
    file=$apt/debs/$name.$suite.deb
    if ! echo "$sum  $file" | sha256sum --check --status 2>/dev/null; then
      rm -rf "$apt/one" && mkdir "$apt/one"
      local turn # a mirror drops a connection now and then
      for turn in 1 2 3 4 5; do
        ! (cd "$apt/one" && APT_CONFIG=$apt/apt.conf apt-get download -q "$name=$version") || break
        sleep 5
      done
      ls "$apt"/one/*.deb >/dev/null ||
        { echo "$name $version did not come from this mirror: try again, set DEBIAN_MIRROR to a snapshot of it, or update demos/runtime/browser-engine/packages.lock" >&2; exit 1; }
      mv "$apt"/one/*.deb "$file"
      echo "$sum  $file" | sha256sum --check --quiet
    fi
    dpkg-deb -x "$file" "$work/$suite"
  done <packages.lock
}

kernel() {
  [ ! -f "$work/bzImage" ] || [ kernel.config -nt "$work/bzImage" ] || return 0
  [ -d "$work/linux-source-6.1" ] || tar -C "$work" -xf /usr/src/linux-source-6.1.tar.xz
  local arguments=(-C "$work/linux-source-6.1" ARCH=i386 KBUILD_BUILD_USER=deck KBUILD_BUILD_HOST=deck "KBUILD_BUILD_TIMESTAMP=@$SOURCE_DATE_EPOCH")
  make "${arguments[@]}" allnoconfig "KCONFIG_ALLCONFIG=$here/kernel.config"
  make "${arguments[@]}" -j"$(nproc)" bzImage
  cp "$work/linux-source-6.1/arch/x86/boot/bzImage" "$work/bzImage"
}

# The two base images: files of Debian 13's packages, as the README says of them.
images() {
  local root=$work/trixie slim=$work/slim busybox=$work/busybox
  rm -rf "$slim" "$busybox"
  mkdir -p "$busybox"/{bin,etc,root,tmp,var}
  cp "$root/usr/bin/busybox" "$busybox/bin/busybox"
  for applet in $("$busybox/bin/busybox" --list); do
    [ "$applet" = busybox ] || ln -s busybox "$busybox/bin/$applet"
  done
  cp -a "$root" "$slim"
  rm -rf "$slim"/usr/share/{doc,info,locale,man,lintian,bash-completion} "$slim"/usr/lib/i386-linux-gnu/{gconv,engines-3}
  rm -f "$slim"/usr/bin/{busybox,cksum,md5sum,sha*sum,pinky,users,who} # and the libraries that only these need
  rm -f "$slim"/usr/lib/i386-linux-gnu/lib{crypto,ssl,systemd,zstd,lzma}.so.*
  mkdir -p "$slim"/usr/local/{bin,etc,include,lib,sbin,share,src} # as base-files' own script makes them
  ln -sf dash "$slim/usr/bin/sh"
  printf 'root:x:0:0:root:/root:/bin/bash\n' >"$slim/etc/passwd"
  printf 'root:x:0:\n' >"$slim/etc/group"
  tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -C "$slim" -cf "$work/slim.tar" .
  tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -C "$busybox" -cf "$work/busybox.tar" .
}

# The guest's root: the engine's programs and the libraries that they link, nothing else.
initrd() {
  local root=$work/bookworm out=$work/initrd
  rm -rf "$out"
  mkdir -p "$out"/{etc,deck,proc,sys,dev,tmp,run,root,usr/{bin,sbin,lib},var/lib/docker,newroot}
  local programs=(/usr/bin/docker /usr/sbin/dockerd /usr/bin/containerd /usr/bin/containerd-shim-runc-v2 /usr/bin/crun /usr/sbin/xtables-legacy-multi /bin/ps /usr/bin/unshare)
  local link program library
  for link in bin sbin lib; do ln -s "usr/$link" "$out/$link"; done
  cp "$root/bin/busybox" "$out/usr/bin/"
  for applet in $("$root/bin/busybox" --list); do
    [ "$applet" = busybox ] || ln -s busybox "$out/usr/bin/$applet"
  done
  for program in "${programs[@]}"; do
    rm -f "$out$program" "$out/usr/bin/${program##*/}"
    cp "$root$program" "$out$program"
    chroot "$root" /lib/ld-linux.so.2 --list "$program" | grep -o '/[^ ]*\.so[^ ]*' || true
  done | sort -u | while read -r library; do
    mkdir -p "$out$(dirname "$library")"
    cp -L "$root$library" "$out$library"
  done
  mkdir -p "$out/usr/lib/i386-linux-gnu/xtables"
  cp "$root"/usr/lib/i386-linux-gnu/xtables/libxt_{standard,addrtype,conntrack,MASQUERADE,DNAT,SNAT,tcp,udp}.so "$out/usr/lib/i386-linux-gnu/xtables/" 2>/dev/null || true
  ln -s xtables-legacy-multi "$out/usr/sbin/iptables"
  ln -s /crun/crun "$out/usr/sbin/runc" # Engine 20.10's BuildKit always calls `runc`
  cp -L "$root/usr/lib/os-release" "$out/etc/os-release"
  printf 'root:x:0:0:root:/root:/bin/sh\n' >"$out/etc/passwd"
  printf 'root:x:0:\ndocker:x:101:\n' >"$out/etc/group"
  echo '127.0.0.1 localhost' >"$out/etc/hosts"
  echo 'passwd: files' >"$out/etc/nsswitch.conf"
  gcc -m32 -static -Os -Wall -Wno-unused-result agent.c -o "$out/usr/bin/agent"
  gcc -m32 -shared -fPIC -Os -Wall -Wno-unused-result reexec.c -o "$out/usr/lib/reexec.so"
  strip "$out/usr/bin/agent" "$out/usr/lib/reexec.so"
  echo /usr/lib/reexec.so >"$out/etc/ld.so.preload"
  cp "$work/slim.tar" "$work/busybox.tar" "$out/root/"
  install -m755 init "$out/init"
  find "$out" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
  (cd "$out" && find . | sort | cpio -o -H newc --quiet --reproducible) | zstd -3 -T0 --quiet --force -o "$work/initrd.zst" # packed: the guest's memory holds it twice while it starts
}

for part in ${*:-tools packages kernel images initrd}; do
  echo "· $part"
  "$part"
done

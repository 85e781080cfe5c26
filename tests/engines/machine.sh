#!/usr/bin/env bash
# machine.sh FOLDER PORT: makes a small machine of Debian 14's packages below FOLDER and runs it in QEMU until it is killed.
# Its kernel is Debian's for the cloud, its cgroups are v2, its engine answers at tcp://127.0.0.1:PORT, without TLS.
# Every instruction is emulated (TCG), so that it needs no KVM; it is some ten times slower than this machine.
# Needs root, amd64, and Debian's qemu-system-x86, seabios, ipxe-qemu, cpio, kmod, e2fsprogs, xz-utils.
set -euo pipefail
folder=$1 port=$2
root=$folder/root initrd=$folder/initrd
mkdir -p "$root" "$initrd"/{bin,dev,root} "$folder"/apt/{lists,cache/archives}/partial
touch "$folder/apt/status"

# apt thinks of an empty machine; the packages are unpacked, none of their scripts is run.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' 'Component: main' | sed -n 1p)
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror forky main" >"$folder/apt/sources.list"
apt=(apt-get -q -y -o APT::Sandbox::User=root -o Acquire::Retries=3
  -o Dir::Etc::sourcelist="$folder/apt/sources.list" -o Dir::Etc::sourceparts=- -o Dir::Etc::preferencesparts=-
  -o Dir::State::Lists="$folder/apt/lists" -o Dir::State::status="$folder/apt/status" -o Dir::Cache="$folder/apt/cache")
"${apt[@]}" update >/dev/null
"${apt[@]}" install --download-only --no-install-recommends \
  base-files libc-bin busybox-static kmod docker.io containerd runc iptables iproute2 linux-image-cloud-amd64 >/dev/null
for deb in "$folder"/apt/cache/archives/*.deb; do dpkg-deb --extract "$deb" "$root"; done

# What the packages' scripts would have done.
modules=$(echo "$root"/usr/lib/modules/*)
depmod --basedir "$root" "$(basename "$modules")"
ln -s xtables-nft-multi "$root/usr/sbin/iptables"
ln -s xtables-nft-multi "$root/usr/sbin/ip6tables"
ln -s busybox "$root/usr/bin/sh"
echo root:x:0:0:root:/root:/bin/sh >"$root/etc/passwd"
echo root:x:0: >"$root/etc/group"
echo nameserver 10.0.2.3 >"$root/etc/resolv.conf"
mkdir -p "$root/etc/docker"
echo '{"features": {"containerd-snapshotter": true}}' >"$root/etc/docker/daemon.json"
cp "$(dirname "$0")/init" "$root/init"

# The kernel has all that it needs for its first disk but one module.
cp "$root/usr/bin/busybox" "$initrd/bin/busybox"
ln -s busybox "$initrd/bin/sh"
xz --decompress --stdout "$modules/kernel/drivers/block/virtio_blk.ko.xz" >"$initrd/virtio_blk.ko"
cat >"$initrd/init" <<'init'
#!/bin/busybox sh
busybox mount -t devtmpfs dev /dev
busybox insmod /virtio_blk.ko
until busybox mount -t ext4 /dev/vda /root; do busybox sleep 0.1; done
exec busybox switch_root /root /init
init
chmod +x "$initrd/init"
(cd "$initrd" && find . | cpio --create --format newc --quiet | gzip >"$folder/initrd.gz")
truncate --size 8G "$folder/disk.img"
mke2fs -q -t ext4 -d "$root" "$folder/disk.img"

# A plain processor: what others have beyond it, as AVX, is emulated slowly.
exec nice -n 10 qemu-system-x86_64 -accel tcg,thread=multi -cpu qemu64 -smp 2 -m 3G -nographic -no-reboot \
  -kernel "$modules/vmlinuz" -initrd "$folder/initrd.gz" -append "console=ttyS0 panic=-1 quiet" \
  -drive file="$folder/disk.img",if=virtio,format=raw -nic user,model=virtio-net-pci,hostfwd=tcp:127.0.0.1:"$port"-:2375

#!/usr/bin/env bash
# other-engine.sh NAME COMMAND…: runs a command on another engine, fetched from Debian's packages, in namespaces of its own.
# NAME: docker-20.10 (Debian 12, its own CLI and classic builder), docker-20.10-buildx (this machine's CLI), docker-28 (Debian 14's
# engine, CLI, buildx, containerd and runc, images in containerd's store as in new installations), docker-28-elsewhere (the same
# under another host name, as Docker Desktop's virtual machine has one), docker-rootless (Debian 13's engine as a user other than
# root), podman-4 (Debian 12), podman-5 (Debian 14).
# Needs root, Debian 12, and the base images in this machine's engine.
set -euo pipefail
name=$1; shift
folder=$(mktemp -d /tmp/ch01-o-XXXXXX)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder"/{deb,root,data}
cd "$folder/deb"

# Debian 14 has its package lists in the folder, so that this machine's stay as they are.
apt=(apt-get -q -o APT::Sandbox::User=root -o Acquire::Retries=3)
packages=(docker.io/bookworm)
case $name in
  docker-28* | podman-5)
    mkdir -p "$folder"/apt/{lists,cache/archives}/partial
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' 'Component: main' | sed -n 1p)
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror forky main" >"$folder/apt/forky.list"
    apt+=(-o Dir::Etc::sourcelist="$folder/apt/forky.list" -o Dir::Etc::sourceparts=- -o Dir::State::Lists="$folder/apt/lists" -o Dir::Cache="$folder/apt/cache")
    "${apt[@]}" update >/dev/null
    packages=(docker.io docker-cli docker-buildx containerd runc libseccomp2 libc6)
    [ "$name" != podman-5 ] || packages=(podman conmon runc netavark aardvark-dns golang-github-containers-{image,common} libc6 libgcc-s1 libglib2.0-0t64 libgpgme45 libassuan9 libgpg-error0 libseccomp2 libsqlite3-0 libsubid6 nftables libnftables1 libnftnl11 libjansson4)
    echo '{"features": {"containerd-snapshotter": true}}' >"$folder/daemon.json" ;;
  docker-rootless)
    packages=(docker.io/trixie rootlesskit slirp4netns libslirp0 uidmap) ;;
  podman-4)
    packages=(podman conmon netavark aardvark-dns containernetworking-plugins golang-github-containers-image golang-github-containers-common libgpgme11 libsubid4 libyajl2)
    packages=("${packages[@]/%//bookworm}") ;;
esac
"${apt[@]}" download "${packages[@]}" >/dev/null 2>&1
for deb in *.deb; do dpkg-deb --extract "$deb" "$folder/root"; done
docker image save -o "$folder/images.tar" debian:trixie-slim busybox:stable registry:2

cd "$OLDPWD"
unshare --net --mount --uts --pid --fork --mount-proc --kill-child bash -euo pipefail -c '
  name=$1 folder=$2; shift 2
  ip link set lo up
  echo 1 >/proc/sys/net/ipv4/ip_forward || true
  mount -t tmpfs tmpfs /run
  mkdir -p /run/lock
  case $name in
    podman-*)
      # Podman looks in fixed places: they are laid over this machine'"'"'s, for this namespace alone.
      mkdir -p /run/etc /run/work "$folder/root/etc/containers"
      printf "[engine]\ncgroup_manager = \"cgroupfs\"\nevents_logger = \"file\"\nruntime = \"runc\"\n" >"$folder/root/etc/containers/containers.conf"
      # Podman 5 asks for more files and processes than a machine without CAP_SYS_RESOURCE may give; Podman 4 takes what there is.
      [ "$name" = podman-4 ] || printf "[containers]\ndefault_ulimits = [\"nofile=%s:%s\", \"nproc=%s:%s\"]\n" \
        "$(ulimit -Hn)" "$(ulimit -Hn)" "$(ulimit -Hu | sed s/unlimited/-1/)" "$(ulimit -Hu | sed s/unlimited/-1/)" >>"$folder/root/etc/containers/containers.conf"
      mount -t overlay overlay -o lowerdir="$folder/root/usr:/usr" /usr
      mount -t overlay overlay -o lowerdir="$folder/root/etc:/etc,upperdir=/run/etc,workdir=/run/work" /etc
      podman --root "$folder/data" system service --time 0 unix:///run/docker.sock >"$folder/log" 2>&1 </dev/null & ;;
    docker-28*)
      # Its runc needs a newer C library than there is here: all is laid over /usr, for this namespace alone.
      mount -t overlay overlay -o lowerdir="$folder/root/usr:/usr" /usr
      export PATH="/usr/sbin:/usr/bin:$PATH"
      [ "$name" = docker-28 ] || hostname engine-elsewhere
      dockerd --data-root "$folder/data" --config-file "$folder/daemon.json" >"$folder/log" 2>&1 </dev/null & ;;
    docker-rootless)
      # newuidmap looks in fixed files for the user and what he may map: they are laid over this machine'"'"'s, for this namespace alone.
      mkdir -p /run/etc /run/work /run/user "$folder/home"
      mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/etc,workdir=/run/work /etc
      echo "lecturer:x:4321:4321::$folder/home:/bin/sh" >>/etc/passwd
      echo "lecturer:200000:65536" | tee /etc/subuid >/etc/subgid
      mknod -m 666 /run/tun c 10 200 && mount --bind /run/tun /dev/net/tun
      chmod a+rx "$folder"
      chown 4321:4321 /run/user "$folder/home" "$folder/data"
      export PATH="$folder/root/usr/share/docker.io/contrib:$folder/root/usr/sbin:$folder/root/usr/bin:$PATH"
      export LD_LIBRARY_PATH="$folder/root/usr/lib/x86_64-linux-gnu" socket=/run/user/docker.sock
      setpriv --reuid 4321 --regid 4321 --clear-groups env HOME="$folder/home" XDG_RUNTIME_DIR=/run/user \
        dockerd-rootless.sh --data-root "$folder/data" >"$folder/log" 2>&1 </dev/null & ;;
    *)
      export PATH="$folder/root/usr/sbin:$folder/root/usr/bin:$PATH"
      dockerd --data-root "$folder/data" >"$folder/log" 2>&1 </dev/null & ;;
  esac
  engine=$!
  [ "$name" != docker-20.10-buildx ] || rm "$folder/root/usr/bin/docker"
  hash -r
  export DOCKER_HOST="unix://${socket:-/run/docker.sock}"
  for each in $(seq 100); do docker version >/dev/null 2>&1 && break; sleep 0.2; done
  docker version >/dev/null || { tail -n 20 "$folder/log"; exit 1; }
  docker image load --quiet --input "$folder/images.tar" >/dev/null
  case $name in podman-*)
    for image in debian:trixie-slim busybox:stable registry:2; do # a pull would have given these names
      docker image tag "localhost/$image" "docker.io/library/$image" && docker image rm "localhost/$image"
    done >/dev/null ;;
  esac
  status=0
  "$@" || status=$?
  kill "$engine"
  wait "$engine" || true
  umount -R "$folder/data" 2>/dev/null || true
  exit "$status"
' other-engine "$name" "$folder" "$@"

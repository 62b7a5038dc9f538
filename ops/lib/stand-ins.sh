# shellcheck shell=bash
# Base images of one's own where no registry can be reached: Debian's from its packages, Swift's from the toolchain that
# is installed, Valkey's from Debian's Redis. Sourced after common.sh; needs root.

# shellcheck disable=SC2034 # For those who source this.
image_packages=(buildah podman runc catatonit mmdebstrap ca-certificates)

# prepare_containers DIRECTORY: podman and buildah keep everything below it, and run without cgroup or network managers.
prepare_containers() {
  local files
  # Where processes may not raise their limits, containers cannot have more than those.
  files=$(ulimit -Hn)
  mkdir -p "$1"
  cat >"$1/storage.conf" <<TEXT
[storage]
driver = "overlay"
graphroot = "$1/graph"
runroot = "$1/run"
TEXT
  cat >"$1/containers.conf" <<TEXT
[engine]
cgroup_manager = "cgroupfs"
runtime = "runc"
events_logger = "file"
[containers]
netns = "host"
default_ulimits = ["nofile=$files:$files", "nproc=4096:4096"]
base_hosts_file = "$1/hosts"
TEXT
  printf '[global]\ncert = /opt/trusted.crt\n' >"$1/pip.conf"
  # What a cluster's DNS would answer.
  echo "127.0.0.1 localhost fleet-scanfleet-valkey.watch.svc fleet-scanfleet-coordinator.watch.svc" >"$1/hosts"
  export CONTAINERS_STORAGE_CONF=$1/storage.conf CONTAINERS_CONF=$1/containers.conf
  # Health checks are systemd's timers, which are not there.
  export DISABLE_HC_SYSTEMD=true
}

# build_image ARGUMENT...: buildah's, with the toolchain and the packages' mirror at hand.
build_image() {
  local toolchain volumes=()
  toolchain=$(dirname "$(readlink -f "$(command -v swift)")")
  volumes=(--volume "${toolchain%/usr/bin}:/opt/swift:ro")
  [[ ! -d /opt/swift-packages ]] || volumes+=(--volume /opt/swift-packages:/opt/swift-packages:ro)
  # pip trusts whom this machine trusts, without that becoming part of an image.
  volumes+=(--volume /etc/ssl/certs/ca-certificates.crt:/opt/trusted.crt:ro --volume "${CONTAINERS_CONF%/*}/pip.conf:/etc/pip.conf:ro")
  buildah bud --isolation=chroot --pull=never --format docker --layers "${volumes[@]}" "$@"
}

# make_stand_ins DIRECTORY: debian:12-slim, swift:6.3-bookworm and valkey, each unless it is there.
make_stand_ins() {
  if ! podman image exists docker.io/library/debian:12-slim; then
    mmdebstrap --quiet --variant=minbase bookworm "$1/debian.tar" /etc/apt/sources.list.d/debian.sources
    podman import --quiet "$1/debian.tar" docker.io/library/debian:12-slim >/dev/null
    rm "$1/debian.tar"
  fi
  if ! podman image exists docker.io/library/swift:6.3-bookworm; then
    build_image --quiet --tag docker.io/library/swift:6.3-bookworm - >/dev/null <<'TEXT'
FROM docker.io/library/debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends binutils-gold ca-certificates git libc6-dev libcurl4 \
  libedit2 libgcc-12-dev libncurses6 libsqlite3-0 libstdc++-12-dev libxml2 libz3-4 tzdata zlib1g-dev
RUN printf '[url "/opt/swift-packages/"]\n\tinsteadOf = https://github.com/\n[safe]\n\tdirectory = *\n' >/etc/gitconfig
ENV PATH=/opt/swift/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
TEXT
  fi
  if ! podman image exists docker.io/valkey/valkey:8.1-alpine; then
    build_image --quiet --tag docker.io/valkey/valkey:8.1-alpine - >/dev/null <<'TEXT'
FROM docker.io/library/debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends redis-server \
  && ln -s redis-server /usr/bin/valkey-server && ln -s redis-cli /usr/bin/valkey-cli
TEXT
  fi
}

# shellcheck shell=bash
# What every command under ops/ needs. Sourced, never run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$(basename "$0"): $*"
  exit 1
}

# The Swift toolchain cannot be installed from Debian's packages, so its absence ends the command with what to do.
require_swift() {
  command -v swift >/dev/null || die "the Swift toolchain is missing: install Swift 6.3 from https://www.swift.org/install/linux"
  local version
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
  [[ ${version%%.*} -ge 6 && (${version%%.*} -gt 6 || ${version#*.} -ge 3) ]] ||
    die "Swift 6.3 or later is needed, this is ${version:-unknown}"
}

# install_packages PACKAGE...: installs the Debian packages that are missing.
install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [[ ${#missing[@]} -eq 0 ]] && return
  command -v apt-get >/dev/null || die "these Debian packages are missing, and there is no apt-get: ${missing[*]}"
  local as_root=()
  if [[ $(id -u) -ne 0 ]]; then
    command -v sudo >/dev/null || die "run as root, or install first: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  say "installing ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# Lists for those who source this.
# shellcheck disable=SC2034
build_packages=(ca-certificates libcurl4-openssl-dev libssl-dev libhiredis-dev zlib1g-dev pkgconf)
# shellcheck disable=SC2034
server_packages=(redis-server nginx-light openssl python3 python3-venv gcc libc6-dev)
# shellcheck disable=SC2034
lint_packages=(shellcheck shfmt yamllint)

# Python packages live in a folder of their own, made anew when the list changes.
python_venv=.build-python
prepare_python() {
  local stamp=$python_venv/requirements.txt
  if ! cmp -s ops/lib/requirements.txt "$stamp"; then
    rm -rf "$python_venv"
    python3 -m venv "$python_venv"
    "$python_venv/bin/pip" install --quiet --disable-pip-version-check -r ops/lib/requirements.txt >&2
    cp ops/lib/requirements.txt "$stamp"
  fi
  export SCANFLEET_PYTHON=$PWD/$python_venv/bin/python
  export SCANFLEET_MOTO_SERVER=$PWD/$python_venv/bin/moto_server
}

# shellcheck shell=bash
# What every command under ops/ needs. Sourced, never run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$(basename "$0"): $*"
  exit 1
}

# skip_suite REASON: ends a suite of ops/test.d that cannot run here, and leaves its name for the list at ops/test's end.
skip_suite() {
  say "skipped: $*"
  [[ -z ${SCANFLEET_SKIPS:-} ]] || say "Suite $(basename "$0") skipped: \"$*\"" 2>>"$SCANFLEET_SKIPS"
  exit 0
}

# The Swift toolchain cannot be installed from Debian's packages, so its absence ends the command with what to do.
require_swift() {
  command -v swift >/dev/null || die "the Swift toolchain is missing: install Swift 6.3 from https://www.swift.org/install/linux"
  local version
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
  [[ ${version%%.*} -ge 6 && (${version%%.*} -gt 6 || ${version#*.} -ge 3) ]] ||
    die "Swift 6.3 or later is needed, this is ${version:-unknown}"
}

# Nor can Terraform.
require_terraform() {
  command -v terraform >/dev/null ||
    die "terraform is missing: install Terraform 1.9 or later from https://developer.hashicorp.com/terraform/install"
  local version
  version=$(terraform version 2>/dev/null | sed -n 's/^Terraform v\([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
  [[ ${version%%.*} -gt 1 || (${version%%.*} -eq 1 && ${version#*.} -ge 9) ]] ||
    die "Terraform 1.9 or later is needed, this is ${version:-unknown}"
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
  # Another apt-get may be at work, and mirrors fail for moments.
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=5)
  "${apt[@]}" update
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >&2
}

# Lists for those who source this.
# shellcheck disable=SC2034
build_packages=(ca-certificates libcurl4-openssl-dev libssl-dev libhiredis-dev zlib1g-dev pkgconf)
# shellcheck disable=SC2034
server_packages=(redis-server nginx-light openssl python3 python3-venv gcc libc6-dev)
# shellcheck disable=SC2034
dashboard_packages=(nginx-light libnginx-mod-http-js gettext-base python3 python3-venv python3-pip)
# shellcheck disable=SC2034
lint_packages=(shellcheck shfmt yamllint node-typescript python3 python3-venv)

# prepare_venv NAME: Python packages of ops/lib/NAME-requirements.txt in a folder of their own, made anew when the list
# changes; its interpreter is then $venv/bin/python. Tools whose dependencies disagree get lists of their own.
prepare_venv() {
  local list=ops/lib/$1-requirements.txt
  venv=$PWD/.build-python/$1
  if ! cmp -s "$list" "$venv/requirements.txt"; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --retries 10 --timeout 60 -r "$list" >&2
    cp "$list" "$venv/requirements.txt"
  fi
}

# Other people's AWS, for the tests of the binary and of what is deployed around it.
prepare_python() {
  prepare_venv aws
  export SCANFLEET_PYTHON=$venv/bin/python
  export SCANFLEET_MOTO_SERVER=$venv/bin/moto_server
}

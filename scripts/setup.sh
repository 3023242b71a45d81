# Sourced by the other scripts: finds what they need and installs it where that is allowed. Everything it says goes to
# standard error. Exit status 69: something needed is not there and cannot be installed from here.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 69

say() { printf '%s\n' "$*" >&2; }

# need_swift: the Swift toolchain, 6.2 or newer. It is too large to be installed without being asked.
need_swift() {
  local version
  command -v swift >/dev/null || PATH="$PATH:${SWIFTLY_BIN_DIR:-$HOME/.local/share/swiftly/bin}"
  if ! command -v swift >/dev/null; then
    say "there is no Swift on this machine, and ramp is built from source"
    say "  install Swift 6.3: https://www.swift.org/install/linux/ shows how (swiftly takes one line), then run this again"
    exit 69
  fi
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1)
  # shellcheck disable=SC2086
  set -- $version
  if [ "${1:-0}" -lt 6 ] || { [ "$1" -eq 6 ] && [ "${2:-0}" -lt 2 ]; }; then
    say "the Swift here is ${1:-of an unknown version}${2:+.$2}, and ramp needs 6.2 or newer"
    say "  https://www.swift.org/install/linux/ shows how to get one"
    exit 69
  fi
}

# need PACKAGE=TEST ...: Debian packages, each with what shows that it is there: a program on PATH, or a file.
need() {
  local pair what missing=()
  for pair in "$@"; do
    what=${pair#*=}
    case $what in
      /*) [ -e "$what" ] || missing+=("${pair%%=*}") ;;
      *) command -v "$what" >/dev/null || missing+=("${pair%%=*}") ;;
    esac
  done
  [ ${#missing[@]} -eq 0 ] && return
  if ! command -v apt-get >/dev/null; then
    say "missing on this machine: ${missing[*]} (their names in Debian)"
    say "  install them with your system's package manager, then run this again"
    exit 69
  fi
  local sudo=()
  [ "$(id -u)" -eq 0 ] || sudo=(sudo -n)
  if [ -n "${RAMP_NO_INSTALL:-}" ] || { [ ${#sudo[@]} -gt 0 ] && ! sudo -n true 2>/dev/null; }; then
    say "missing on this machine: ${missing[*]}"
    say "  sudo apt-get install -y ${missing[*]}"
    exit 69
  fi
  say "installing ${missing[*]}"
  # An index that is a day old or empty is made anew only where the packages cannot be had with it.
  install() { DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y --no-install-recommends "$@" >&2; }
  install "${missing[@]}" 2>/dev/null || { "${sudo[@]}" apt-get update >&2 && install "${missing[@]}"; } || {
    say "apt could not install ${missing[*]}"
    say "  sudo apt-get update && sudo apt-get install -y ${missing[*]}"
    exit 69
  }
}

# What ramp runs, and what it is built with.
need_programs() { need git=git python3=python3 bubblewrap=bwrap; }
need_libraries() {
  need libedit-dev=/usr/include/histedit.h libsqlite3-dev=/usr/include/sqlite3.h \
    libssl-dev=/usr/include/openssl/evp.h libcurl4-openssl-dev="$(header curl/curl.h)"
}

# header NAME: where a header lies that Debian puts below the machine's own folder.
header() {
  local folder
  for folder in /usr/include/*-linux-gnu /usr/include /usr/local/include; do
    [ -e "$folder/$1" ] && { printf '%s\n' "$folder/$1"; return; }
  done
  printf '%s\n' "/usr/include/$1"
}

# Every build refuses an import of a module that its target does not declare.
build=(swift build --explicit-target-dependency-import-check error)

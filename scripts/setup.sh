#!/usr/bin/env bash
# What ramp needs from this machine: finds it, and installs it where that is allowed.
#
#   scripts/setup.sh [--check] [run] [build] [test]
#
# The other scripts source this file and call `need` with the same words; without a word all three are meant. `--check`
# only looks. Everything is said on standard error. Exit status: 0 all is here; 69 something is missing or does not
# work, and what to type is said.
#
# The package names are those of Debian 12 and 13, where they were tried. Ubuntu's are the same, which was not tried.
# With RAMP_NO_INSTALL set nothing is installed.

case ${BASH_SOURCE[0]} in */*) setup_folder=${BASH_SOURCE[0]%/*}/.. ;; *) setup_folder=.. ;; esac
cd "$setup_folder" || { printf '%s\n' "the folder of ramp cannot be entered: $setup_folder" >&2; exit 69; }

said=
say() {
  said=1
  printf '%s\n' "$@" >&2
}

# stop STATUS LINE...: says the lines and ends.
stop() {
  local status=$1
  shift
  say "$@"
  exit "$status"
}

# No script ends without a word.
setup_end() {
  local status=$1 command=$2
  [ "$status" -eq 0 ] || [ -n "$said" ] || say "${0##*/}: status $status after: $command"
}
trap 'setup_end $? "$BASH_COMMAND"' EXIT

# --- Looking ---------------------------------------------------------------------------------------------------------

# at_least HAVE WANTED: compares versions as numbers, `3.10` and `3.9`.
at_least() {
  local have want i
  IFS=. read -ra have <<<"$1"
  IFS=. read -ra want <<<"$2"
  for i in "${!want[@]}"; do
    if [ "$((10#${have[i]:-0}))" -gt "$((10#${want[i]}))" ]; then return 0; fi
    if [ "$((10#${have[i]:-0}))" -lt "$((10#${want[i]}))" ]; then return 1; fi
  done
}

# look NAME LEAST ARGUMENT...: asks the program for its version. Sets `found` to its path, `version`, and `trouble` to
# what is wrong with it, which is empty when it can be used.
look() {
  local name=$1 least=$2 answer status=0
  shift 2
  trouble='' version='' found=$(type -P "$name") || { trouble="$name is missing"; return; }
  answer=$("$found" "$@" 2>&1 </dev/null) || status=$?
  if [ "$status" -ne 0 ]; then
    trouble="$found does not start: $(last_line "$answer" "status $status, and not a word")"
    return
  fi
  # The driver of Swift says its own version first on some systems.
  if [[ $answer =~ "Swift version "([0-9.]+) || $answer =~ ([0-9]+(\.[0-9]+)*) ]]; then version=${BASH_REMATCH[1]}; fi
  if [ -z "$version" ]; then
    trouble="$found does not say its version: $(last_line "$answer" "not a word")"
  elif ! at_least "$version" "$least"; then
    trouble="$found is version $version, and ramp needs $least or newer"
  fi
}

# last_line TEXT OTHERWISE: the last line that is not empty.
last_line() {
  local line last=$2
  while IFS= read -r line; do if [ -n "$line" ]; then last=$line; fi; done <<<"$1"
  printf '%s' "${last:0:300}"
}

# swift_libraries: the shared libraries that the toolchain's programs lack, all of them; the loader names one at a time.
swift_libraries() {
  local folder name answer
  folder=$(readlink -f "$found" 2>/dev/null) && folder=${folder%/*} || return 0
  for name in swift-frontend swift-driver swift-package clang lld; do
    if [ ! -e "$folder/$name" ]; then continue; fi
    answer=$(ldd "$folder/$name" 2>/dev/null) || continue
    while read -r library arrow rest; do
      if [ "$arrow $rest" = "=> not found" ]; then printf '%s\n' "$library"; fi
    done <<<"$answer"
  done
}

# package_of LIBRARY: the Debian package of a shared library that Swift is linked with; empty when it is not known.
package_of() {
  case $1 in
    libncurses.so.6 | libtinfo.so.6) echo libncurses6 ;;
    libxml2.so.2) echo libxml2 ;;
    libcurl.so.4) echo libcurl4 ;;
    libedit.so.2) echo libedit2 ;;
    libsqlite3.so.0) echo libsqlite3-0 ;;
    libuuid.so.1) echo libuuid1 ;;
    libz.so.1) echo zlib1g ;;
    libstdc++.so.6) echo libstdc++6 ;;
    libgcc_s.so.1) echo libgcc-s1 ;;
  esac
}

# there PATTERN...: true when a file matches one of the patterns.
there() {
  local path
  for path in "$@"; do if [ -e "$path" ]; then return 0; fi; done
  return 1
}

# lacks hard|soft PACKAGE TROUBLE: notes a package. Without a hard one nothing works; without a soft one ramp or its
# tests do less, and say so.
lacks() {
  case " ${hard[*]-} ${soft[*]-} " in *" $2 "*) return ;; esac
  if [ "$1" = hard ]; then hard+=("$2"); else soft+=("$2"); fi
  troubles+=("$3")
}

# has TEXT: notes what is here, for --check.
has() { if [ -n "$looks_only" ]; then say "  here      $1"; fi; }

# program hard|soft PACKAGE NAME LEAST ARGUMENT...
program() {
  local kind=$1 package=$2
  shift 2
  look "$@"
  if [ -n "$trouble" ]; then lacks "$kind" "$package" "$trouble"; else has "$1 $version ($found)"; fi
}

# file PACKAGE WHAT PATTERN...: a header or library of the build.
file() {
  local package=$1 what=$2
  shift 2
  if there "$@"; then has "$what"; else lacks hard "$package" "$what is missing"; fi
}

# survey WORD...: fills `hard`, `soft` and `troubles`. Ends the script when Swift itself is what is missing: it is not a
# package, so nothing is installed before that is settled.
survey() {
  local word library package
  hard=() soft=() troubles=()
  for word in "$@"; do
    case $word in
      build)
        type -P swift >/dev/null || PATH="$PATH:${SWIFTLY_BIN_DIR:-$HOME/.local/share/swiftly/bin}"
        look swift 6.2 --version
        if [ -z "$found" ]; then
          stop 69 "Swift is missing, and ramp is built from source" \
            "  https://www.swift.org/install/linux/ shows how to install Swift 6.3; then run this again"
        elif [ -n "$version" ] && [ -n "$trouble" ]; then
          stop 69 "$trouble" "  https://www.swift.org/install/linux/ shows how to get a newer one"
        elif [ -n "$trouble" ]; then
          local known=
          for library in $(swift_libraries); do
            package=$(package_of "$library")
            if [ -n "$package" ]; then
              lacks hard "$package" "Swift needs $library"
              known=1
            else
              troubles+=("Swift needs $library, and no Debian package is known for it here")
            fi
          done
          if [ -z "$known" ]; then
            stop 69 "$trouble" "${troubles[@]}" "  once \`swift --version\` works, run this again"
          fi
        else
          has "swift $version ($found)"
        fi
        # What Swift links with and against.
        file g++ "the C++ library of gcc" /usr/lib/gcc/*/*/libstdc++.so /usr/lib/gcc/*/*/libstdc++.a
        file libc6-dev stdlib.h /usr/include/stdlib.h
        look ld.gold 1 --version
        if [ -n "$trouble" ]; then lacks hard binutils-gold "$trouble"; else has "ld.gold $version ($found)"; fi
        file zlib1g-dev zlib.h /usr/include/zlib.h
        file libedit-dev histedit.h /usr/include/histedit.h
        file libsqlite3-dev sqlite3.h /usr/include/sqlite3.h
        file libssl-dev openssl/evp.h /usr/include/openssl/evp.h
        file libcurl4-openssl-dev curl/curl.h /usr/include/*-linux-gnu/curl/curl.h /usr/include/curl/curl.h
        ;;
      run)
        program hard git git 2.32 --version
        program hard python3 python3 3.8 --version
        program soft bubblewrap bwrap 0.5 --version
        program soft less less 400 --version
        # Environments of real rows: ramp takes uv or Python's own venv.
        if type -P uv >/dev/null; then
          has "uv, which makes environments"
        elif type -P python3 >/dev/null && python3 -c 'import ensurepip, venv' >/dev/null 2>&1; then
          has "python3's venv"
        elif type -P python3 >/dev/null; then
          lacks soft python3-venv "python3 cannot make virtual environments: it has no ensurepip"
        else
          lacks soft python3-venv "python3-venv is missing"
        fi
        if there /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; then
          has "certificates of the web"
        else
          lacks soft ca-certificates "the certificates of the web are missing"
        fi
        ;;
      test)
        program soft tmux tmux 3.2 -V
        if there /usr/share/zoneinfo/UTC; then has "time zones"; else lacks soft tzdata "the time zones are missing"; fi
        ;;
      *) stop 64 "setup.sh: \`$word\` is not one of run, build, test, --check" ;;
    esac
  done
}

# --- Installing ------------------------------------------------------------------------------------------------------

looks_only=
no_recommends=(-y --no-install-recommends)

# apt_get WORD...: runs apt-get as root, with what it says in `apt_log`.
apt_get() {
  local sudo=()
  [ "$(id -u)" -eq 0 ] || sudo=(sudo -n)
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "$@" >"$apt_log" 2>&1 </dev/null
}

# may_install: true where this user may run apt-get as root without being asked.
may_install() {
  type -P apt-get >/dev/null || return 1
  [ -z "${RAMP_NO_INSTALL:-}" ] || return 1
  [ "$(id -u)" -ne 0 ] || return 0
  type -P sudo >/dev/null && sudo -n true 2>/dev/null
}

# line_for PACKAGE...: the one line that a person types to install them.
line_for() {
  local words="apt-get update && apt-get install ${no_recommends[*]} $*"
  if ! type -P apt-get >/dev/null; then
    printf '  %s\n' "install these with your system's package manager (their names in Debian): $*"
  elif [ "$(id -u)" -eq 0 ]; then
    printf '  %s\n' "$words"
  elif type -P sudo >/dev/null; then
    printf '  %s\n' "sudo sh -c '$words'"
  else
    printf '  %s\n' "su -c '$words'"
  fi
}

# need [--check] WORD...: run, build or test. Ends the script when something is missing without which nothing works.
need() {
  if [ "${1:-}" = --check ]; then
    looks_only=1
    shift
  fi
  local packages start
  survey "$@"
  packages=("${hard[@]}" "${soft[@]}")
  if [ ${#packages[@]} -eq 0 ]; then
    if [ -n "$looks_only" ]; then say "everything for $* is here"; fi
    return 0
  fi
  if [ -n "$looks_only" ]; then
    stop 69 "${troubles[@]/#/  missing   }" "to install what is missing:" "$(line_for "${packages[@]}")"
  fi
  if ! may_install; then
    say "${troubles[@]}" "to install what is missing:" "$(line_for "${packages[@]}")"
    if [ ${#hard[@]} -gt 0 ]; then
      say "then run this again"
      exit 69
    fi
    say "it goes on without: ${soft[*]}"
    return 0
  fi
  apt_log=$(mktemp) || stop 69 "no temporary file can be made: \`df -h /tmp\` shows what is left"
  start=$SECONDS
  say "installing ${#packages[@]} packages, which takes a minute or two: ${packages[*]}"
  # The index is fetched only when the packages cannot be had with the one that is there.
  if ! apt_get install "${no_recommends[@]}" "${packages[@]}"; then
    say "fetching apt's index"
    if ! apt_get update || ! apt_get install "${no_recommends[@]}" "${packages[@]}"; then
      tail -n 15 "$apt_log" >&2
      rm -f "$apt_log"
      stop 69 "apt could not install them; its last lines are above" "$(line_for "${packages[@]}")"
    fi
  fi
  rm -f "$apt_log"
  hash -r
  say "installed in $((SECONDS - start)) s"
  survey "$@"
  if [ ${#hard[@]} -gt 0 ]; then
    stop 69 "${troubles[@]}" "  the packages are installed, and this is still so: another program of that name may come first on PATH"
  elif [ ${#soft[@]} -gt 0 ]; then
    say "${troubles[@]}" "it goes on without: ${soft[*]}"
  fi
}

# Every build refuses an import of a module that its target does not declare.
build=(swift build --explicit-target-dependency-import-check error)

# swift_build ARGUMENT...: builds, and says how long it took. The linker's warning about the standard library's own
# `mktemp` is left out: nothing here calls it.
swift_build() {
  local start=$SECONDS status
  "${build[@]}" "$@" 2>&1 | sed -u '/mktemp. is dangerous/d' >&2
  status=${PIPESTATUS[0]}
  if [ "$status" -ne 0 ]; then
    say "the build failed after $((SECONDS - start)) s; what the compiler says is above"
    return 1
  fi
  say "built in $((SECONDS - start)) s; the next start needs no build unless the sources change"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  set -uo pipefail
  words=()
  checks=()
  for word in "$@"; do
    case $word in
      --check) checks=(--check) ;;
      -h | --help) sed -n '2,/^$/s/^# \{0,1\}//p' "${BASH_SOURCE[0]##*/}" 2>/dev/null || sed -n '2,/^$/s/^# \{0,1\}//p' scripts/setup.sh; exit 0 ;;
      *) words+=("$word") ;;
    esac
  done
  [ ${#words[@]} -gt 0 ] || words=(build run test)
  need "${checks[@]}" "${words[@]}"
fi

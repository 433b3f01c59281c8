# Sourced by experiments/run-all and tests/run-all: installs missing packages of Debian or Ubuntu, configures and
# builds. Expects bash and `root`, the project's folder.

# packages_of run|tests: the names in debian-packages.txt.
packages_of() {
  if [ "$1" = tests ]; then
    sed -e 's/#.*//' -e '/^tests:/d' -e '/^ *$/d' "$root/harness/debian-packages.txt"
  else
    sed -e 's/#.*//' -e '/^tests:/,$d' -e '/^ *$/d' "$root/harness/debian-packages.txt"
  fi
}

# Packages have other names on other systems.
require_debian() {
  if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then return 0; fi
  local name
  name=$(. /etc/os-release 2>/dev/null && echo "${PRETTY_NAME:-}") || name=""
  echo "Packages are installed on Debian and Ubuntu alone; this is ${name:-a system without apt-get}. Install what" >&2
  echo "harness/debian-packages.txt lists under this system's names, then build with:" >&2
  echo "  cmake --preset release && cmake --build --preset release" >&2
  return 1
}

# in_archive NAME: whether a list of apt has the package.
in_archive() { apt-cache show --no-all-versions "$1" >/dev/null 2>&1; }

# install_packages run|tests: as root or through sudo; otherwise prints the one line to run. LibTorch is not in the
# archive of each system: what needs it is left out then, which is said.
install_packages() {
  require_debian
  local missing=() wanted=() absent=() name as_root=() can_install=true
  for name in $(packages_of "$1"); do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing+=("$name")
  done
  [ "${#missing[@]}" -eq 0 ] && return 0
  if [ "$(id -u)" -ne 0 ]; then
    as_root=(sudo)
    if ! command -v sudo >/dev/null || ! sudo -v; then can_install=false; fi
  fi
  if $can_install; then "${as_root[@]}" apt-get update -qq; fi
  for name in "${missing[@]}"; do
    if in_archive "$name" || ! in_archive g++; then  # no lists yet: nothing is known
      wanted+=("$name")
    elif [ "$name" = libtorch-dev ] || [ "$name" = python3-torch ]; then
      echo "This system has no package $name: what needs it is left out." >&2
    else
      absent+=("$name")
    fi
  done
  if [ "${#absent[@]}" -gt 0 ]; then
    echo "This system has no package of the name: ${absent[*]}. Debian 12 and 13 have them in 'main', Ubuntu 24.04 in" >&2
    echo "'universe': see the files in /etc/apt/sources.list.d. Otherwise install what it stands for, and delete it" >&2
    echo "from harness/debian-packages.txt." >&2
    return 1
  fi
  [ "${#wanted[@]}" -eq 0 ] && return 0
  local install=(apt-get install -y --no-install-recommends "${wanted[@]}")
  if ! $can_install; then
    echo "Packages are missing, and this is neither root nor a user of sudo. Have them installed with:" >&2
    echo "  apt-get update && ${install[*]}" >&2
    return 1
  fi
  echo "Installing ${#wanted[@]} packages: ${wanted[*]}" >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive "${install[@]}" >/dev/null
}

# MiB that a preset's build folder takes; measured, with some room.
build_mib() {
  case "$1" in
    release) echo 1200 ;;
    *) echo 3500 ;;
  esac
}

# require_disk PRESET: before minutes of work, not after them.
require_disk() {
  local needed free
  [ -d "$root/build/$1" ] && return 0  # is built again, in place
  needed=$(build_mib "$1")
  free=$(df --output=avail -BM "$root/build" | tail -n 1 | tr -dc 0-9)
  if [ "$free" -lt "$needed" ]; then
    echo "The disk of $root/build has $free MiB free; the build (preset $1) takes up to $needed MiB. Free some space," >&2
    echo "or move the project's folder to a larger disk." >&2
    return 1
  fi
}

# Whether CMake finds LibTorch: Debian's package, or one that CMAKE_PREFIX_PATH or Torch_DIR names.
has_torch() {
  [ -n "${CMAKE_PREFIX_PATH:-}${Torch_DIR:-}" ] ||
    dpkg-query -W -f '${Status}' libtorch-dev 2>/dev/null | grep -q 'install ok installed'
}

# build PRESET: configures and builds into build/PRESET; quiet unless something fails.
build() {
  local log with_torch=ON
  mkdir -p "$root/build"
  require_disk "$1"
  if ! has_torch; then
    echo "LibTorch is not installed: building without the networks. Where one is unpacked, CMAKE_PREFIX_PATH names it." >&2
    with_torch=OFF
  fi
  log="$root/build/$1.log"
  echo "Building (preset $1; log in build/$1.log) ..." >&2
  if ! (cd "$root" && cmake --preset "$1" -DMUSICREP_WITH_TORCH=$with_torch && cmake --build --preset "$1") >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    echo "The build failed; the whole log is in $log" >&2
    return 1
  fi
}

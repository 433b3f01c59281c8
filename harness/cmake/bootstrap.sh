# Sourced by experiments/run-all and tests/run-all: installs missing Debian packages, configures and
# builds. Expects bash and `root`, the project's folder.

# packages_of run|tests: the names in debian-packages.txt.
packages_of() {
  if [ "$1" = tests ]; then
    sed -e 's/#.*//' -e '/^tests:/d' -e '/^ *$/d' "$root/harness/debian-packages.txt"
  else
    sed -e 's/#.*//' -e '/^tests:/,$d' -e '/^ *$/d' "$root/harness/debian-packages.txt"
  fi
}

# install_packages run|tests: as root or through sudo; otherwise prints the one line to run.
install_packages() {
  local missing=() name
  for name in $(packages_of "$1"); do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing+=("$name")
  done
  [ "${#missing[@]}" -eq 0 ] && return 0
  local install=(apt-get install -y --no-install-recommends "${missing[@]}")
  echo "Installing ${#missing[@]} Debian packages: ${missing[*]}" >&2
  if [ "$(id -u)" -eq 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${install[@]}" >/dev/null
  elif command -v sudo >/dev/null && sudo -v; then
    sudo apt-get update -qq && sudo DEBIAN_FRONTEND=noninteractive "${install[@]}" >/dev/null
  else
    echo "Packages are missing, and this is neither root nor a user of sudo. Have them installed with:" >&2
    echo "  apt-get update && ${install[*]}" >&2
    return 1
  fi
}

# build PRESET: configures and builds into build/PRESET; quiet unless something fails.
build() {
  local log
  mkdir -p "$root/build"
  log="$root/build/$1.log"
  echo "Building (preset $1; log in build/$1.log) ..." >&2
  if ! (cd "$root" && cmake --preset "$1" && cmake --build --preset "$1") >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    echo "The build failed; the whole log is in $log" >&2
    return 1
  fi
}

#!/bin/sh
# Installs the Debian or Ubuntu packages that are named and missing, in one go, or says the one line to type.
#
#     scripts/packages.sh [--if-possible] PACKAGE...
#
# --if-possible: what nobody here may install, or the release does not have, is no failure, since tests are skipped without it, and say so.
# @gcc@ in a name is the version of the release's gcc.
set -eu
cd "$(dirname "$0")/.."
export DEBIAN_FRONTEND=noninteractive

possible=
if [ "$1" = --if-possible ]; then possible=1 && shift; fi
give_up() { [ -n "$possible" ] && exit 0 || exit 1; }
is_installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }
has_lists() { ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1; }
gcc_version() { apt-cache depends gcc | sed -n 's/^ *Depends: gcc-\([0-9]*\).*/\1/p' | head -1; }
# Those that are not installed and, if it is known, that the release has.
missing() {
    for package in "$@"; do
        case $package in *@gcc@*)
            version=$(gcc_version)
            [ -n "$version" ] || continue
            package=${package%@gcc@*}$version${package#*@gcc@}
            ;;
        esac
        is_installed "$package" && continue
        if [ -z "$possible" ] || ! has_lists || apt-cache policy "$package" | grep -q 'Candidate: [^(]'; then echo "$package"; fi
    done
}

if ! command -v apt-get >/dev/null; then
    [ -n "$possible" ] || echo "This machine has no apt-get. Install what these Debian packages hold, then try again: $*" >&2
    give_up
fi
missing=$(missing "$@")
[ -n "$missing" ] || exit 0
as_root=
if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        echo "Some Debian packages are missing. $([ -n "$possible" ] && echo "Tests that need them are skipped; install them" || echo "Install them") with this line, then try again:" >&2
        echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends" $missing >&2
        give_up
    fi
    as_root="sudo -n"
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
$as_root apt-get update >"$log" 2>&1 || echo "apt-get update failed: $(grep '^[EW]:' "$log" | tail -1)" >&2
# Now that the release's packages are known.
missing=$(echo $(missing "$@"))
[ -n "$missing" ] || exit 0
install="$as_root apt-get install -y --no-install-recommends $missing"
# URI, file, size, checksum.
bytes=$(apt-get install --print-uris --quiet=2 --no-install-recommends $missing 2>/dev/null | awk '{ sum += $3 } END { print sum + 0 }')
echo "Installing $missing (a download of $(((bytes + 999999) / 1000000)) MB)"
if $install >"$log" 2>&1; then exit 0; fi
echo "That failed ($(grep '^E:' "$log" | head -1)). Try by hand: $install" >&2
exit 1

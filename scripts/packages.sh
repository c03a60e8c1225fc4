#!/bin/sh
# Installs the Debian or Ubuntu packages that are named and missing, or says the one line to type.
set -eu

missing=
for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

install="apt-get install -y --no-install-recommends$missing"
if ! command -v apt-get >/dev/null; then
    echo "This machine has no apt-get. Install what these Debian packages hold, then try again:$missing" >&2
elif [ "$(id -u)" = 0 ]; then
    echo "Installing$missing"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update && $install; } >/dev/null && exit 0
    echo "That failed. Try by hand: apt-get update && $install" >&2
elif sudo -n true 2>/dev/null; then
    echo "Installing$missing"
    { sudo -n apt-get update && sudo -n $install; } >/dev/null && exit 0
    echo "That failed. Try by hand: sudo apt-get update && sudo $install" >&2
else
    echo "Some packages are missing. Install them with this line, then try again:" >&2
    echo "  sudo apt-get update && sudo $install" >&2
fi
exit 1

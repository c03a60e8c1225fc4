#!/bin/sh
# Whether this machine has what the README asks for; if not, says in one sentence what to do. Run before anything is installed.
#
#     scripts/prerequisites.sh [cc]      cc: a C compiler as well, where nothing installs one
set -eu
cd "$(dirname "$0")/.."
oldest=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)

stop() {
    echo "$1" >&2
    exit 1
}
# The newest Rust of Ubuntu has a package named for its version, which is not in PATH.
how="install Rust from https://rustup.rs"
if grep -q '^ID=ubuntu' /etc/os-release 2>/dev/null; then
    how="$how, or Ubuntu's own: sudo apt-get install cargo-1.91, then export PATH=/usr/lib/rust-1.91/bin:\$PATH"
elif grep -q '^ID=debian' /etc/os-release 2>/dev/null && [ "$(sed -n 's/^VERSION_ID="\(.*\)"/\1/p' /etc/os-release)" -ge 13 ] 2>/dev/null; then
    how="$how, or Debian's own: sudo apt-get install cargo"
fi

for tool in rustc cargo; do
    command -v $tool >/dev/null || stop "There is no $tool in PATH, and Rust $oldest or newer is needed: $how."
    said=$($tool --version 2>&1) || stop "$(command -v $tool) does not start ($(echo "$said" | head -1)): $how."
    version=$(echo "$said" | sed -n "s/^$tool \([0-9]*\.[0-9]*\).*/\1/p")
    [ "$(printf '%s\n' "$oldest" "$version" | sort -V | head -1)" = "$oldest" ] ||
        stop "$(command -v $tool) is of Rust $version, and Rust $oldest or newer is needed: $how."
done
command -v git >/dev/null || stop "There is no git in PATH: sudo apt-get install git, or what your system calls it."
[ "${1:-}" != cc ] || command -v "${CC:-cc}" >/dev/null ||
    stop "There is no ${CC:-cc} in PATH, and Rust needs a C compiler to link with: sudo apt-get install gcc libc6-dev, or what your system calls them."

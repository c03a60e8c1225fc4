#!/bin/sh
# What kind of machine this is, in the names that tests/allowed-skips.txt goes by, one a line.
cd "$(dirname "$0")/.."
kind() { echo "$1"; }
has() { command -v "$1" >/dev/null; }

kind any
# Debian packages can be installed by who has the right to, and only where there are some.
has apt-get && { [ "$(id -u)" = 0 ] || sudo -n true; } 2>/dev/null || kind no-packages
grep -q '^ID=ubuntu' /etc/os-release 2>/dev/null && kind ubuntu
[ "$(uname -m)" = x86_64 ] || kind not-x86-64
grep -q ' avx2 ' /proc/cpuinfo || kind no-avx2
# Another compiler than the one that instructions were counted with; style and warnings are of that one as well.
grep -qF "$(rustc --version)" tests/instructions.txt || kind other-rust
# Only rustup has the libraries of other machines, and fetches them.
has rustup || kind no-rustup
has go || kind no-go
has pkg-config || kind no-pkg-config
# A Go that is older than the one that staticcheck is written in, and perhaps than bindings/go's.
if has go; then
    case $(GOTOOLCHAIN=local go env GOVERSION) in go1.[0-9] | go1.1[0-9] | go1.2[0-5] | go1.2[0-5].*) kind old-go ;; esac
fi
has npm || kind no-npm
has python3 || kind no-python
python3 -c 'import sys; sys.exit(sys.version_info >= (3, 10))' 2>/dev/null && kind python-3.9
# Containers, chroots and Ubuntu's users may make no namespaces.
unshare --map-root-user --mount --net true 2>/dev/null || kind no-namespaces
exit 0

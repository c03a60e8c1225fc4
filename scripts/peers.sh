#!/usr/bin/env bash
# Fetches what the tests hold this library against, into target/peers. What cannot be had, its tests skip, and say so.
set -uo pipefail
cd "$(dirname "$0")/.."
peers=${CARGO_TARGET_DIR:-target}/peers
mkdir -p "$peers"

# Tencent's own UserSig library.
scripts/venv.sh "$peers/venv" tests/peers/requirements.txt

# The same of Tencent for Node, where there is one.
if command -v npm >/dev/null && ! cmp -s tests/peers/package-lock.json "$peers/node/package-lock.json"; then
    mkdir -p "$peers/new"
    cp tests/peers/package*.json "$peers/new"
    # Only what the lock file says.
    npm ci --silent --no-fund --no-audit --ignore-scripts --prefix "$peers/new" && rm -rf "$peers/node" && mv "$peers/new" "$peers/node"
fi

# nginx, as a TLS server. Unpacked rather than installed: Debian's package would start a server of its own.
if [ ! -x "$peers/nginx/usr/sbin/nginx" ] && command -v apt-get >/dev/null; then
    (cd "$peers" && apt-get download --quiet=2 -o APT::Sandbox::User=root nginx && dpkg -x nginx_*.deb nginx)
fi
exit 0

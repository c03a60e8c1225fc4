#!/usr/bin/env bash
# Fetches what the tests hold this library against, into target/peers. What cannot be had, its tests skip, and say so.
set -uo pipefail
cd "$(dirname "$0")/.."
peers=${CARGO_TARGET_DIR:-target}/peers
mkdir -p "$peers"

# Tencent's own UserSig library.
if [ ! -e "$peers/venv/ready" ]; then
    python3 -m venv "$peers/venv" &&
        "$peers/venv/bin/pip" install --quiet --disable-pip-version-check tls-sig-api-v2==1.1 &&
        touch "$peers/venv/ready"
fi

# The same of Tencent for Node, where there is one.
if command -v npm >/dev/null && [ ! -d "$peers/node/node_modules/tls-sig-api-v2" ]; then
    npm install --silent --no-fund --no-audit --prefix "$peers/node" tls-sig-api-v2@1.0.2
fi

# nginx, as a TLS server. Unpacked rather than installed: Debian's package would start a server of its own.
if [ ! -x "$peers/nginx/usr/sbin/nginx" ]; then
    (cd "$peers" && apt-get download --quiet --quiet nginx && dpkg -x nginx_*.deb nginx)
fi
exit 0

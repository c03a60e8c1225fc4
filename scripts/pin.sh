#!/bin/sh
# Pins all that tests and benches install, with hashes: writes requirements*.txt from the requirements*.in beside them, and the lock files of npm
# and of the fuzzers. What is pinned already stays as it is; --upgrade takes newer releases.
# uv is a package of PyPI: pipx run uv, or pip install uv.
set -eu
cd "$(dirname "$0")/.."
for wanted in bindings/python/requirements-test.in tests/page/requirements.in tests/peers/requirements.in benches/python/requirements.in; do
    # Playwright and orjson have left Python 3.9.
    case $wanted in tests/page/* | benches/*) oldest=3.10 ;; *) oldest=3.9 ;; esac
    uv pip compile --quiet --universal --python-version $oldest --generate-hashes --no-header --no-annotate "$@" \
        "$wanted" --output-file "${wanted%.in}.txt"
done
# Whoever installs says from where.
npm install --prefix tests/peers --package-lock-only --silent --omit-lockfile-registry-resolved
cargo update --quiet --workspace --manifest-path fuzz/Cargo.toml

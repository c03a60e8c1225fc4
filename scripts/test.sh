#!/usr/bin/env bash
# Every test, and one line at the end: "N passed, N failed, N skipped". Run by `make test`.
# Two lanes of checks run side by side; what a check has to say is printed when it has ended.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/suite.sh

export PATH="$PWD/${CARGO_TARGET_DIR:-target}/peers/nginx/usr/sbin:$PATH"
# Newer compilers have warnings that nobody has seen yet.
is other-rust || export RUSTDOCFLAGS="-D warnings"

# What cargo keeps in one folder, which it builds in only once at a time.
rust() {
    # Which of a newer compiler's opinions are right is decided when the project moves to it.
    local warnings=(-D warnings)
    if is other-rust; then warnings=(); fi
    if cargo fmt --version >/dev/null 2>&1; then check cargo fmt --all --check; else skip "cargo fmt --check" "no \`cargo fmt\` (rustup component add rustfmt)"; fi
    if cargo clippy --version >/dev/null 2>&1; then
        check cargo clippy --workspace --exclude tc-callback-benches --all-targets --quiet -- "${warnings[@]}"
    else
        skip "cargo clippy" "no \`cargo clippy\` (rustup component add clippy)"
    fi
    cargo_tests --workspace --exclude tc-callback-benches
    script scripts/test-targets.sh
    check cargo doc --workspace --exclude tc-callback-benches --no-deps --quiet
}

# Twenty seconds each.
fuzz() { for target in body receiver query usersig rest_response; do scripts/fuzz.sh "$target" 20 || return; done; }

everything_else() {
    check fuzz
    script scripts/test-go.sh
    script scripts/test-python.sh
    script scripts/test-page.sh
    if [ -x build/examples/c/server ]; then check scripts/demo.sh; else skip scripts/demo.sh "the C example needs libmicrohttpd-dev"; fi
    [ -x build/examples/cpp/server ] || skip examples/cpp "the C++ example needs libcpp-httplib-dev and pkg-config"
    script scripts/supply-chain.sh --quick
}

# Each lane has a process group of its own, which ends with this script.
start_ticker
set -m
rust </dev/null &
lanes=($!)
everything_else </dev/null &
lanes+=($!)
trap 'kill -- "${lanes[@]/#/-}" ${ticker:-} 2>/dev/null; exit 130' INT TERM
for lane in "${lanes[@]}"; do wait "$lane" || echo "0 1 0" >>"$work/counts"; done
summary

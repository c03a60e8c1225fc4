#!/usr/bin/env bash
# Every test, and one line at the end: "N passed, N failed, N skipped". Run by `make test`.
set -uo pipefail
cd "$(dirname "$0")/.."

passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# A check that counts as one test.
check() {
    echo "== $*"
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $*"; fi
}

# The tests of a cargo command, counted from its closing lines. A test that cannot run prints "skipped: " and why.
cargo_tests() {
    echo "== cargo test $*"
    cargo test --no-fail-fast "$@" -- --show-output >"$log" 2>&1
    local status=$?
    grep -E '^(skipped: |test result: |---- .* stdout ----|thread .* panicked|error|failures:)|FAILED|panicked at' "$log" || true
    local ok bad skip
    ok=$(grep -oE 'ok\. [0-9]+ passed|FAILED\. [0-9]+ passed' "$log" | grep -oE '[0-9]+' | paste -sd+ | bc)
    bad=$(grep -oE '[0-9]+ failed' "$log" | grep -oE '[0-9]+' | paste -sd+ | bc)
    skip=$(grep -cE '^skipped: ' "$log" || true)
    [ "$status" = 0 ] || [ "${bad:-0}" != 0 ] || { bad=1; tail -40 "$log"; }
    [ "${bad:-0}" = 0 ] || sed -n '/^failures:/,/^test result/p' "$log" | head -200
    passed=$((passed + ${ok:-0} - skip)) failed=$((failed + ${bad:-0})) skipped=$((skipped + skip))
}

check cargo fmt --all --check
check cargo clippy --workspace --all-targets --quiet -- -D warnings
cargo_tests --workspace
check scripts/demo.sh

echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]

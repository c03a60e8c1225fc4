#!/usr/bin/env bash
# Every test, and one line at the end: "N passed, N failed, N skipped". Run by `make test`.
set -uo pipefail
cd "$(dirname "$0")/.."

export PATH="$PWD/${CARGO_TARGET_DIR:-target}/peers/nginx/usr/sbin:$PATH"
export RUSTDOCFLAGS="-D warnings"
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# A check that counts as one test, and is heard only if it fails.
check() {
    echo "== $*"
    if "$@" >"$log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        cat "$log"
        echo "FAILED: $*"
    fi
}

# The tests of a cargo command, counted from its closing lines. A test that cannot run prints "skipped: " and why.
cargo_tests() {
    echo "== cargo test $*"
    cargo test --no-fail-fast "$@" -- --show-output >"$log" 2>&1 || { sed -n '/^failures:/,/^test result/p' "$log"; tail -20 "$log"; }
    grep -E '^(skipped: |test result: )|^test .* FAILED$' "$log"
    read -r ok bad none < <(awk '
        /^test result: / { for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) ok += $(i - 1); if ($i ~ /^failed/) bad += $(i - 1) } }
        /^error: could not compile/ { bad++ }
        /^skipped: / { none++ }
        END { print ok + 0, bad + 0, none + 0 }' "$log")
    passed=$((passed + ok - none)) failed=$((failed + bad)) skipped=$((skipped + none))
    [ "$ok" != 0 ] || failed=$((failed + 1))
}

check cargo fmt --all --check
check cargo clippy --workspace --all-targets --quiet -- -D warnings
check cargo doc --workspace --no-deps --quiet
cargo_tests --workspace
check scripts/demo.sh

echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]

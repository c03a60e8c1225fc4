#!/usr/bin/env bash
# Every test, and one line at the end: "N passed, N failed, N skipped". Run by `make test`.
set -uo pipefail
cd "$(dirname "$0")/.."

export PATH="$PWD/${CARGO_TARGET_DIR:-target}/peers/nginx/usr/sbin:$PATH"
export RUSTDOCFLAGS="-D warnings"
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Minutes and seconds since the start.
elapsed() { printf '%d:%02d' $((SECONDS / 60)) $((SECONDS % 60)); }

# A check that counts as one test, and is heard only if it fails.
check() {
    echo "== $(elapsed) $*"
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
    echo "== $(elapsed) cargo test $*"
    cargo test --no-fail-fast "$@" -- --show-output >"$log" 2>&1 || { sed -n '/^failures:/,/^test result/p' "$log"; tail -20 "$log"; }
    grep -E '^(skipped: |note: |test result: )|^test .* FAILED$' "$log"
    read -r ok bad none < <(awk '
        /^test result: / { for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) ok += $(i - 1); if ($i ~ /^failed/) bad += $(i - 1) } }
        /^error: could not compile/ { bad++ }
        /^skipped: / { none++ }
        END { print ok + 0, bad + 0, none + 0 }' "$log")
    passed=$((passed + ok - none)) failed=$((failed + bad)) skipped=$((skipped + none))
    [ "$ok" != 0 ] || failed=$((failed + 1))
}

check cargo fmt --all --check
check cargo clippy --workspace --exclude tc-callback-benches --all-targets --quiet -- -D warnings
check cargo doc --workspace --exclude tc-callback-benches --no-deps --quiet
cargo_tests --workspace --exclude tc-callback-benches
# Twenty seconds each, two at a time.
fuzz() { printf '%s\n' body receiver query usersig rest_response | xargs -P 2 -I{} scripts/fuzz.sh {} 20; }
check fuzz
check scripts/demo.sh
# What a script prints is shown, and its last line is "N passed, N failed, N skipped", in pytest's or in our own words.
binding() {
    echo "== $(elapsed) $*"
    "$@" 2>&1 | tee "$log" | grep -E '^(skipped: |SKIPPED|FAILED|ERROR|== )|[0-9]+ (vectors|allocations)'
    local status=${PIPESTATUS[0]} last ok bad none
    last=$(grep -E '[0-9]+ (passed|failed|skipped|error)' "$log" | tail -1)
    number() { grep -oE "[0-9]+ $1" <<<"$last" | grep -oE '[0-9]+' || echo 0; }
    ok=$(number passed) bad=$(($(number failed) + $(number error))) none=$(number skipped)
    if [ "$status" != 0 ]; then
        tail -100 "$log"
        [ "$bad" != 0 ] || bad=1
    fi
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + none))
}
binding scripts/test-python.sh
binding scripts/test-go.sh
binding scripts/test-page.sh
binding scripts/test-targets.sh
binding scripts/supply-chain.sh --quick

echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]

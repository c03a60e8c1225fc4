#!/usr/bin/env bash
# Every test, and one line at the end: "N passed, N failed, N skipped". Run by `make test`.
# Two lanes of checks run side by side; what a check has to say is printed when it has ended.
set -uo pipefail
cd "$(dirname "$0")/.."

export PATH="$PWD/${CARGO_TARGET_DIR:-target}/peers/nginx/usr/sbin:$PATH"
export RUSTDOCFLAGS="-D warnings"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Minutes and seconds since the start.
elapsed() { printf '%d:%02d' $((SECONDS / 60)) $((SECONDS % 60)); }

# Runs a check, prints what `$1` finds worth it in its log, and notes how many tests passed, failed and were skipped.
run() {
    local summary=$1 begin log status ok=0 bad=0 none=0
    shift
    begin=$(elapsed) log=$(mktemp -p "$work")
    echo "-- $begin: $*"
    "$@" >"$log" 2>&1
    status=$?
    {
        flock 9
        echo "== $begin to $(elapsed): $*"
        "$summary"
        # A program that crashes counts no failure.
        [ "$status" = 0 ] || bad=$((bad ? bad : 1))
        [ "$bad" = 0 ] || echo "FAILED: $*"
        echo "$ok $bad $none" >>"$work/counts"
    } 9>"$work/lock"
}

# A check that counts as one test, and is heard only if it fails.
one_test() {
    if [ "$status" = 0 ]; then ok=1; else cat "$log"; fi
}
check() { run one_test "$@"; }

# The tests of a cargo command, counted from its closing lines. A test that cannot run prints "skipped: " and why.
many_tests() {
    [ "$status" = 0 ] || { sed -n '/^failures:/,/^test result/p' "$log" && tail -20 "$log"; }
    grep -E '^(skipped: |note: |test result: )|^test .* FAILED$' "$log"
    read -r ok bad none < <(awk '
        /^test result: / { for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) ok += $(i - 1); if ($i ~ /^failed/) bad += $(i - 1) } }
        /^error: could not compile/ { bad++ }
        /^skipped: / { none++ }
        END { print ok - none, bad + (ok == 0), none + 0 }' "$log")
}
cargo_tests() { run many_tests cargo test --no-fail-fast "$@" -- --show-output; }

# Of what a script prints, the last line is "N passed, N failed, N skipped", in pytest's or in our own words.
last_line() {
    grep -E '^(skipped: |SKIPPED|FAILED|ERROR|== )|[0-9]+ (vectors|allocations)' "$log"
    local last
    last=$(grep -E '[0-9]+ (passed|failed|skipped|error)' "$log" | tail -1)
    number() { grep -oE "[0-9]+ $1" <<<"$last" | grep -oE '[0-9]+' || echo 0; }
    ok=$(number passed) bad=$(($(number failed) + $(number error))) none=$(number skipped)
    [ "$status" = 0 ] || tail -100 "$log"
}
script() { run last_line "$@"; }

# What cargo keeps in one folder, which it builds in only once at a time.
rust() {
    check cargo fmt --all --check
    check cargo clippy --workspace --exclude tc-callback-benches --all-targets --quiet -- -D warnings
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
    check scripts/demo.sh
    script scripts/supply-chain.sh --quick
}

# Each lane has a process group of its own, which ends with this script.
set -m
rust </dev/null &
lanes=($!)
everything_else </dev/null &
lanes+=($!)
trap 'kill -- "${lanes[@]/#/-}" 2>/dev/null; exit 130' INT TERM
for lane in "${lanes[@]}"; do wait "$lane" || echo "0 1 0" >>"$work/counts"; done

echo
read -r passed failed skipped < <(awk '{ ok += $1; bad += $2; none += $3 } END { print ok, bad, none }' "$work/counts")
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]

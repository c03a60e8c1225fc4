# Runs checks, counts them, and says at the end what failed or was skipped, by name and reason: for scripts/test.sh and scripts/test-all.sh,
# which read this file in. A skip that tests/allowed-skips.txt does not allow on this kind of machine is a failure.

# Debian's and Ubuntu's Go fetch no later one unless they are told to.
export GOTOOLCHAIN=${GOTOOLCHAIN:-auto}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch "$work"/{counts,failures,skips}
mapfile -t kinds < <(scripts/machine.sh)
# Whether this machine is of a kind.
is() { printf '%s\n' "${kinds[@]}" | grep -qx "$1"; }

# Minutes and seconds since the start.
elapsed() { printf '%d:%02d' $((SECONDS / 60)) $((SECONDS % 60)); }

# Runs a check, prints what `$1` finds worth it in its log, and notes how many tests passed, failed and were skipped. What the summary adds
# to failures and skips are lines "NAME<tab>REASON".
run() {
    local summary=$1 begin log status ok=0 bad=0 none=0
    shift
    begin=$(elapsed) log=$(mktemp -p "$work")
    echo "-- $begin: $*"
    echo "$*" >"$work/running.$BASHPID"
    "$@" >"$log" 2>&1
    status=$?
    rm -f "$work/running.$BASHPID"
    {
        flock 9
        echo "== $begin to $(elapsed): $*"
        "$summary" "$*"
        # A program that crashes counts no failure.
        if [ "$status" != 0 ] && [ "$bad" = 0 ]; then
            bad=1
            printf '%s\t%s\n' "$*" "ended with $status: $(grep -v '^ *$' "$log" | tail -1)" >>"$work/failures"
        fi
        [ "$bad" = 0 ] || echo "FAILED: $*"
        echo "$ok $bad $none" >>"$work/counts"
    } 9>"$work/lock"
}

# A check that counts as one test, and is heard only if it fails.
one_test() {
    if [ "$status" = 0 ]; then
        ok=1
    else
        cat "$log"
        bad=1
        printf '%s\t%s\n' "$1" "$(grep -m 1 -iE 'error|failed|^Diff in|^warning' "$log" || tail -1 "$log")" >>"$work/failures"
    fi
}
check() { run one_test "$@"; }
# The same of a tool that not every machine has.
skip() {
    echo "skipped: $2"
    printf '%s\t%s\n' "$1" "$2" >>"$work/skips"
    echo "0 0 1" >>"$work/counts"
}

# The tests of a cargo command, counted from its closing lines. A test that cannot run prints "skipped: " and why.
many_tests() {
    [ "$status" = 0 ] || { sed -n '/^failures:/,/^test result/p' "$log" && tail -20 "$log"; }
    grep -E '^(note: |test result: )|^test .* FAILED$' "$log"
    read -r ok bad < <(awk '
        /^test result: / { for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) ok += $(i - 1); if ($i ~ /^failed/) bad += $(i - 1) } }
        /^error: could not compile/ { bad++ }
        END { print ok + 0, bad + (ok == 0) }' "$log")
    # Under "---- NAME stdout ----" is what a test printed; a panic says where on one line, and why on the next.
    awk -F'\t' -v command="$1" -v failures="$work/failures" -v skips="$log.skips" '
        /^ *Running / { program = $0; sub(/^ *Running (unittests )?/, "", program); sub(/ .*/, "", program) }
        /^ *Doc-tests / { program = "doc test" }
        /^test .* FAILED$/ { failed[program " " substr($0, 6, length($0) - 16)] = "see above" }
        /^---- .* stdout ----$/ { name = program " " substr($0, 6, length($0) - 17); why = 0 }
        why && NF { if (name in failed && failed[name] == "see above") failed[name] = $0; why = 0 }
        / panicked at / { why = 1 }
        /^skipped: / { if (!(name in skipped)) skipped[name] = substr($0, 10) }
        /^error: could not compile/ { failed[command] = $0 }
        END {
            for (name in failed) print name "\t" failed[name] >>failures
            for (name in skipped) print name "\t" skipped[name] >skips
        }' "$log"
    touch "$log.skips"
    none=$(wc -l <"$log.skips") ok=$((ok - $(wc -l <"$log.skips")))
    sort "$log.skips" | tee -a "$work/skips" | sed 's/^\(.*\)\t/skipped: \1: /'
}
cargo_tests() { run many_tests cargo test --no-fail-fast "$@" -- --show-output; }

# Of what a script prints, the last line is "N passed, N failed, N skipped", in pytest's or in our own words. What it skips and what fails
# are lines that begin so: "skipped: WHY", "FAILED: WHAT", or pytest's own.
last_line() {
    grep -E '^(skipped: |SKIPPED|FAILED|ERROR|== )|[0-9]+ (vectors|allocations)' "$log"
    local last
    last=$(grep -E '[0-9]+ (passed|failed|skipped|error)' "$log" | tail -1)
    number() { grep -oE "[0-9]+ $1" <<<"$last" | grep -oE '[0-9]+' || echo 0; }
    ok=$(number passed) bad=$(($(number failed) + $(number error))) none=$(number skipped)
    [ "$status" = 0 ] || tail -100 "$log"
    sed -nE "s@^skipped: @$1\t@p; s@^SKIPPED \[[0-9]+\] ([^ ]+): (skipped: )?@$1 \1\t@p" "$log" >>"$work/skips"
    sed -nE "s@^FAILED: @$1\t@p; s@^(FAILED|ERROR) ([^ ]+)( - )?@$1 \2\t@p" "$log" >>"$work/failures"
}
script() { run last_line "$@"; }

# On a terminal: what has been running, since when.
start_ticker() {
    [ -t 1 ] || return 0
    while sleep 5; do
        printf '\r\e[K%s running: %s\r' "$(elapsed)" "$(cat "$work"/running.* 2>/dev/null | cut -c1-60 | paste -sd';')"
    done </dev/null &
    ticker=$!
}

list() {
    [ -s "$2" ] || return
    printf '\n%s\n' "$1"
    sort -u "$2" | sed 's/^\(.*\)\t/  \1: /' | cut -c1-400
}

# The end: lists, and the line "N passed, N failed, N skipped".
summary() {
    [ -z "${ticker:-}" ] || { kill "$ticker" && printf '\r\e[K'; }
    # The reason of a skip against the lines of the kinds that this machine is of.
    sed -E 's/ +#.*//; /^(#|$)/d' tests/allowed-skips.txt | while read -r kind pattern; do if is "$kind"; then echo "$pattern"; fi; done >"$work/allowed"
    while IFS=$'\t' read -r name reason; do
        if ! grep -qEf "$work/allowed" <<<"$reason"; then
            printf '%s\t%s\n' "$name" "skipped, which tests/allowed-skips.txt does not allow on this machine: $reason" >>"$work/failures"
            echo "0 1 -1" >>"$work/counts"
        fi
    done <"$work/skips"

    list "Skipped:" "$work/skips"
    list "Failed:" "$work/failures"
    echo
    read -r passed failed skipped < <(awk '{ ok += $1; bad += $2; none += $3 } END { print ok, bad, none }' "$work/counts")
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ]
}

#!/usr/bin/env bash
# The C example under load: signed and forged callbacks, mixed, for LOAD_SECONDS (300 unless told otherwise). Nothing may be lost, taken
# wrongly or taken twice, and memory must not grow. Run by `make load`, which builds what it needs.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${LOAD_SECONDS:-300}
connections=${CONNECTIONS:-64}
threads=2
work=$(mktemp -d)
emulator_pid='' server_pid='' sampler_pid=''
end() {
    for pid in $sampler_pid $server_pid $emulator_pid; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap end EXIT
fail() { echo "FAILED: $1" >&2; exit 1; }
# Waits for a line in a file.
wait_for() {
    for _ in $(seq 100); do
        if grep -q "$1" "$2" 2>/dev/null; then return; fi
        sleep 0.1
    done
    cat "$2" >&2
    fail "nothing like '$1' came"
}

export TC_SDK_APP_ID=1400000000 TC_SECRET_KEY=load-key TC_TOKEN=load-token TC_ENDPOINT
build/bin/tc-callback emulate --listen 127.0.0.1:0 --ready-file "$work/endpoint" >"$work/emulator.log" 2>&1 &
emulator_pid=$!
wait_for http "$work/endpoint"
TC_ENDPOINT=$(cat "$work/endpoint")
build/examples/c/server 0 >"$work/server.log" 2>&1 &
server_pid=$!
wait_for "listening on" "$work/server.log"
url=$(sed -n 's/^listening on //p' "$work/server.log")

now=$(date +%s)
for ((time = now - 5; time < now + seconds + 60; time++)); do
    echo "$time $(printf '%s%s' "$TC_TOKEN" "$time" | sha256sum | cut -d' ' -f1)"
done >"$work/signs"

memory() { awk '/^VmRSS:/ { print $2 }' "/proc/$server_pid/status"; }
while memory; do sleep 1; done >"$work/memory" 2>/dev/null &
sampler_pid=$!

APP=$TC_SDK_APP_ID SIGNS=$work/signs wrk --threads "$threads" --connections "$connections" --duration "${seconds}s" --timeout 10s \
    --script benches/load.lua "$url" >"$work/wrk.log" || { cat "$work/wrk.log" >&2; fail "wrk"; }
kill "$server_pid"
wait "$server_pid" || fail "the server did not end well"
server_pid=''
read -r taken refused other errors < <(sed -n 's/^COUNTS //p' "$work/wrk.log")

# The room's name stands in brackets behind the command.
sed -n 's/^Room\.CallbackAfterDestroyRoom \[\(.*\)\] load destroyed the room$/\1/p' "$work/server.log" | sort >"$work/events"
events=$(wc -l <"$work/events")
unique=$(uniq "$work/events" | wc -l)
forged=$(grep -c '^forged' "$work/events" || true)
turned_away=$(grep -c '^refused with 403' "$work/server.log" || true)
# A tenth of the run, and five seconds at least, is the warming up.
read -r first last most < <(awk -v from="$((seconds / 10 > 5 ? seconds / 10 : 5))" 'NR > from { if (!first) first = $1; last = $1; if ($1 > most) most = $1 }
    END { print first, last, most }' "$work/memory")

grep '^requests a second' "$work/wrk.log"
echo "$taken answered with 200, $refused with 403, $other otherwise, $errors without an answer, in $seconds s on $connections connections"
echo "$events events printed, $unique different, $forged of them forged; $turned_away refusals printed"
echo "memory after warming up ${first} kB, at the end ${last} kB, at most ${most} kB"

# What is under way when wrk ends has been taken, and has no one to be answered to: one for each connection.
[ "$other" = 0 ] && [ "$errors" = 0 ] || fail "requests were not answered as they should be"
[ "$forged" = 0 ] || fail "a forged callback was taken"
[ "$events" = "$unique" ] || fail "an event was taken twice"
((unique >= taken && unique <= taken + connections)) || fail "events were lost or made up"
((turned_away >= refused && turned_away <= refused + connections)) || fail "refusals were lost or made up"
((last <= first + first / 10)) || fail "memory grows"
echo "Nothing was lost, taken wrongly or taken twice."

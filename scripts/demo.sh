#!/usr/bin/env bash
# The whole job on this machine: the emulator, the C server, every event, what is refused, and the end.
# Run by `make demo`, which builds what it needs. Exits non-zero if any step was not as expected.
# Another server than the one in C may be named: scripts/demo.sh build/examples/cpp/server
set -euo pipefail
cd "$(dirname "$0")/.."

tc_callback=build/bin/tc-callback
server=${1:-build/examples/c/server}
work=$(mktemp -d)
emulator_pid='' server_pid=''

if [ -t 1 ]; then bold=$'\e[1m' faint=$'\e[2m' plain=$'\e[0m'; else bold='' faint='' plain=''; fi

end() {
    status=$?
    [ -z "$server_pid" ] || kill "$server_pid" 2>/dev/null || true
    [ -z "$emulator_pid" ] || kill "$emulator_pid" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$work"
    [ "$status" = 0 ] || echo "The demo failed." >&2
    exit "$status"
}
trap end EXIT

step() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }
fail() { echo "Not as expected: $1" >&2; exit 1; }

# Reads the server's output to the first line that contains a text, and shows it.
server_says() {
    local line
    while IFS= read -r -t 10 -u 3 line; do
        printf '  %sserver:%s %s\n' "$faint" "$plain" "$line"
        case $line in *"$1"*) return 0 ;; esac
    done
    fail "the server did not say '$1'"
}

trigger() { "$tc_callback" trigger "$@" | sed 's/^/  /'; }

step "1. The emulator takes Tencent's place"
head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$work/key"
printf 'demo-token' >"$work/token"
export TC_SDK_APP_ID=1400000000 TC_SECRET_KEY TC_TOKEN TC_ENDPOINT
TC_SECRET_KEY=$(cat "$work/key") TC_TOKEN=$(cat "$work/token")
"$tc_callback" emulate --listen 127.0.0.1:0 --ready-file "$work/endpoint" >"$work/emulator.log" 2>&1 &
emulator_pid=$!
for _ in $(seq 100); do
    [ ! -s "$work/endpoint" ] || break
    kill -0 "$emulator_pid" 2>/dev/null || { cat "$work/emulator.log" >&2; fail "the emulator ended"; }
    sleep 0.1
done
TC_ENDPOINT=$(cat "$work/endpoint") || fail "the emulator did not come up"
echo "  listening on $TC_ENDPOINT"

step "2. The server starts and registers its callbacks"
exec 3< <(exec "$server" 0 2>&1)
server_pid=$!
server_says "listening on"
for product in conference call; do
    echo "  ${faint}tc-callback config get $product${plain}"
    "$tc_callback" config get "$product" | sed 's/^/  /'
done

step "3. All ten events; first the vendor's own sample of Room.CallbackAfterUpdateRoomInfo, with \"IsCloudRecordingDisabled\":\"false\""
first=Room.CallbackAfterUpdateRoomInfo
for command in "$first" $("$tc_callback" trigger --list | sed -n 's/^  \([A-Z][A-Za-z.]*\)$/\1/p' | grep -vx "$first"); do
    echo
    trigger "$command" || fail "$command was not answered rightly"
    server_says "$command"
    count=$((${count:-0} + 1))
done
[ "$count" = 10 ] || fail "there were $count events, not 10"

step "4. A forged and a malformed request are refused"
trigger "$first" --bad-sign --expect 403 || fail "a forged Sign was not refused"
server_says "refused with 403"
trigger "$first" --truncate --expect 400 || fail "a malformed body was not refused"
server_says "refused with 400"

step "5. Every event in every form that the vendor's pages allow, and in those that are to be refused"
# What the server says to so many would fill the pipe.
cat <&3 >/dev/null &
drain_pid=$!
"$tc_callback" trigger --torture >"$work/torture.log" || { cat "$work/torture.log"; fail "a case was answered wrongly"; }
tail -1 "$work/torture.log" | sed 's/^/  /'

step "6. The configuration is deleted and everything ends"
for product in conference call; do
    "$tc_callback" config delete "$product" | sed 's/^/  /'
    ! "$tc_callback" config get "$product" >/dev/null 2>&1 || fail "$product is still configured"
done
kill "$server_pid"
wait "$server_pid" || fail "the server did not end well"
wait "$drain_pid"
server_pid=''
kill "$emulator_pid"
wait "$emulator_pid" || fail "the emulator did not end well"
emulator_pid=''
step "Everything was as expected: 10 events, 2 refusals."

#!/usr/bin/env bash
# The decoder where it has other instructions: on AArch64, emulated by qemu, and on this machine without vector instructions.
# The last line is "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")/.."

target=aarch64-unknown-linux-gnu
tests=(-p tc-callback --lib --test event --test vectors --test differential)
folder=${CARGO_TARGET_DIR:-target}
export CARGO_PROFILE_DEV_DEBUG=0
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

run() {
    echo "== cargo test $*"
    cargo test --quiet --no-fail-fast "$@" "${tests[@]}" >"$log" 2>&1 || { sed -n '/^failures:/,/^test result/p' "$log" && tail -20 "$log"; }
    grep '^test result: ' "$log"
    ok=$(grep -oE '[0-9]+ passed' "$log" | awk '{ sum += $1 } END { print sum + 0 }')
    bad=$(grep -oE '[0-9]+ failed' "$log" | awk '{ sum += $1 } END { print sum + 0 }')
    [ "$(grep -c '^test result: ' "$log")" = 4 ] || bad=$((bad + 1))
    passed=$((passed + ok)) failed=$((failed + bad))
}

# What is missing for AArch64; nothing if it can run here.
missing() {
    command -v aarch64-linux-gnu-gcc || { echo "no aarch64-linux-gnu-gcc on this machine" && return; }
    command -v qemu-aarch64 || { echo "no qemu-aarch64 on this machine" && return; }
    [ -e /usr/aarch64-linux-gnu/lib/libc.so.6 ] || { echo "no C library for AArch64 on this machine" && return; }
    [ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ] || rustup target add "$target" || echo "no Rust library for $target: rustup target add $target"
} 2>/dev/null

RUSTFLAGS="--cfg tc_portable_scan" run --target-dir "$folder/portable"

reason=$(missing | grep '^no ')
if [ -n "$reason" ]; then
    echo "skipped: $reason"
    skipped=1
else
    export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
    export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64 -L /usr/aarch64-linux-gnu"
    # Emulation is slow, and a little optimisation cheaper than what it saves.
    CARGO_PROFILE_DEV_OPT_LEVEL=1 run --target "$target" --target-dir "$folder/aarch64"
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]

#!/usr/bin/env bash
# The decoder where it has other instructions: on AArch64, emulated by qemu, and on this machine without vector instructions. The decoder and
# the C ABI where a pointer has 32 bits: on i686, which an x86-64 machine runs itself.
# The last line is "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")/.."

target=aarch64-unknown-linux-gnu
tests=(-p tc-callback --lib --test event --test vectors --test differential)
folder=${CARGO_TARGET_DIR:-target}
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

run() {
    echo "== cargo test $*"
    cargo test --quiet --no-fail-fast "$@" "${tests[@]}" >"$log" 2>&1 || { sed -n '/^failures:/,/^test result/p' "$log" && tail -20 "$log"; }
    grep '^test result: ' "$log"
    sed -n "s/^---- \(.*\) stdout ----$/FAILED: cargo test $*: \1/p" "$log"
    ok=$(grep -oE '[0-9]+ passed' "$log" | awk '{ sum += $1 } END { print sum + 0 }')
    bad=$(grep -oE '[0-9]+ failed' "$log" | awk '{ sum += $1 } END { print sum + 0 }')
    [ "$(grep -c '^test result: ' "$log")" = "$(grep -cE -- '^--(lib|test)$' < <(printf '%s\n' "${tests[@]}"))" ] || bad=$((bad + 1))
    passed=$((passed + ok)) failed=$((failed + bad))
}

# What another processor does not change is explored once, on this one.
export TC_MODEL_FAULTS=0

# What is missing for AArch64; nothing if it can run here.
missing() {
    command -v aarch64-linux-gnu-gcc || { echo "no aarch64-linux-gnu-gcc on this machine" && return; }
    command -v qemu-aarch64 || { echo "no qemu-aarch64 on this machine" && return; }
    [ -e /usr/aarch64-linux-gnu/lib/libc.so.6 ] || { echo "no C library for AArch64 on this machine" && return; }
    [ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ] || rustup target add "$target" || echo "no Rust library for $target: rustup target add $target"
} 2>/dev/null

# As a wrapper rather than by RUSTFLAGS, with which all dependencies would be compiled anew.
mkdir -p "$folder/portable"
printf '#!/bin/sh\nexec "$@" --cfg tc_portable_scan\n' >"$folder/portable/rustc"
chmod +x "$folder/portable/rustc"
RUSTC_WORKSPACE_WRAPPER=$(realpath "$folder/portable/rustc") run

reason=$(missing | grep '^no ')
if [ -n "$reason" ]; then
    echo "skipped: $reason"
    skipped=1
else
    export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
    export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64 -L /usr/aarch64-linux-gnu"
    # Emulation is slow, and a little optimisation cheaper than what it saves.
    CARGO_PROFILE_DEV_OPT_LEVEL=1 run --target "$target"
fi

# gcc-multilib cannot be installed beside a compiler for AArch64; all that it adds is the kernel's headers in a place where -m32 looks.
export CFLAGS_i686_unknown_linux_gnu="-idirafter /usr/include/x86_64-linux-gnu"
i686=i686-unknown-linux-gnu
mkdir -p "$folder/$i686"

missing_for_i686() {
    [ "$(uname -m)" = x86_64 ] || { echo "no x86-64 processor, which would run i686" && return; }
    echo 'int main(void) { return 0; }' | cc -m32 -x c - -o "$folder/$i686/probe" || { echo "no C library for i686 on this machine" && return; }
    [ -d "$(rustc --print sysroot)/lib/rustlib/$i686/lib" ] || rustup target add "$i686" || echo "no Rust library for $i686: rustup target add $i686"
} 2>/dev/null

# Where each field lies, as a C compiler sees it, and the library that was compiled for it.
layout() {
    echo "== tests/c/layout.c, 32 bits"
    cp "$folder/$i686/debug/deps/libtc_callback.so" "$folder/$i686/libtc_callback.so.1" &&
        cc -m32 -std=c99 -Iinclude tests/c/layout.c "$folder/$i686/libtc_callback.so.1" -Wl,-rpath,"$(realpath "$folder/$i686")" -o "$folder/$i686/layout" &&
        "$folder/$i686/layout" && passed=$((passed + 1)) || { failed=$((failed + 1)) && echo "FAILED: tests/c/layout.c, 32 bits"; }
}

reason=$(missing_for_i686 | grep '^no ')
if [ -n "$reason" ]; then
    echo "skipped: $reason"
    skipped=$((skipped + 1))
else
    tests=(--test event --test vectors)
    run --target "$i686"
    layout
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]

#!/usr/bin/env bash
# What takes too long for `make test`: sanitizers, Miri, more threads, more forks. scripts/soak.sh [PART...], of asan tsan miri c forks fuzz.
# Run by `make soak`. The last line is "N passed, N failed, N skipped".
# asan, tsan, miri and fuzz need a nightly compiler (rustup toolchain install nightly --component rust-src,miri), fuzz cargo-fuzz too.
set -uo pipefail
cd "$(dirname "$0")/.."

parts=("$@")
[ $# -gt 0 ] || parts=(asan tsan miri c forks fuzz)
folder=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
host=x86_64-unknown-linux-gnu
passed=0 failed=0 skipped=0
# A forked child never frees what its parent's threads were using, nor does the test of that.
leaks_by_design=fork::tests::the_value_of_another_process
export CARGO_PROFILE_DEV_DEBUG=line-tables-only

# A check that counts as one test.
check() {
    echo "== $*"
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED: $*"; fi
}

# Whether this part of the nightly compiler is here. If not, says so.
has_nightly() {
    if rustup component list --toolchain nightly --installed 2>/dev/null | grep -q "^$1"; then return 0; fi
    echo "skipped: $part: no $1 of the nightly compiler (rustup component add --toolchain nightly $1)"
    skipped=$((skipped + 1))
    return 1
}

# What reads and writes memory by itself, and all that calls it.
asan() {
    has_nightly rustc || return
    RUSTFLAGS=-Zsanitizer=address check cargo +nightly test --quiet --target $host --target-dir "$folder/asan" \
        --lib --test event --test vectors --test receiver --test differential --test json_suite --test usersig --test stress -- --skip $leaks_by_design
}

# With a standard library that is watched as well: without, its own locks would be taken for races.
tsan() {
    has_nightly rust-src || return
    TC_STRESS=2 RUSTFLAGS=-Zsanitizer=thread check cargo +nightly test --quiet -Zbuild-std --target $host --target-dir "$folder/tsan" --test stress
}

# Without vector instructions, which it does not know; what takes it hours is left out.
miri() {
    has_nightly miri || return
    export RUSTFLAGS="--cfg tc_portable_scan" MIRIFLAGS=-Zmiri-disable-isolation
    check cargo +nightly miri test --quiet --target-dir "$folder/miri" --lib -- \
        --skip event::lanes --skip config --skip $leaks_by_design
    check cargo +nightly miri test --quiet --target-dir "$folder/miri" --test event -- \
        --skip whatever_serde_json_refuses --skip texts_of_every_length --skip limits_refuse
    unset RUSTFLAGS MIRIFLAGS
}

# The programs in C, watched on their side of the ABI; memory that nobody frees is an error.
c() {
    make --no-print-directory build/lib/libtc_callback.so || return
    mkdir -p "$folder/sanitized"
    local name
    for name in events event_copy json null receiver client usersig small_stack no_thread; do
        check cc -std=c99 -g -fsanitize=address,undefined -fno-sanitize-recover=all -Wall -Wextra -Werror -Iinclude "tests/c/$name.c" \
            -o "$folder/sanitized/$name" -Lbuild/lib -Wl,-rpath,"$PWD/build/lib" -ltc_callback -pthread -ldl
        case $name in
        events | event_copy) check "$folder/sanitized/$name" tests/fixtures/{conference,call}/*.Callback*.json ;;
        *) check "$folder/sanitized/$name" ;;
        esac
    done
}

forks() {
    TC_FORKS=1000 TC_STRESS=20 check cargo test --quiet --test fork --test stress
    make --no-print-directory build/lib/libtc_callback.so || return
    mkdir -p "$folder/sanitized"
    check cc -std=c99 -Iinclude tests/c/fork.c -o "$folder/sanitized/fork" -Lbuild/lib -Wl,-rpath,"$PWD/build/lib" -ltc_callback -pthread
    check "$folder/sanitized/fork" 1000
}

fuzz() {
    has_nightly rustc || return
    if ! cargo fuzz --version >/dev/null 2>&1; then
        echo "skipped: fuzz: no cargo-fuzz (cargo install cargo-fuzz)"
        skipped=$((skipped + 1))
        return
    fi
    local target
    for target in body receiver usersig; do check scripts/fuzz.sh "$target" 60; done
}

for part in "${parts[@]}"; do "$part"; done
echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]

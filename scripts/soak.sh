#!/usr/bin/env bash
# What takes too long for `make test`: sanitizers, Miri, more threads, more forks, fuzzing.
#
#     scripts/soak.sh [PART...]    of asan tsan miri model mutants c examples python go forks fuzz
#
# Run by `make soak`. The last line is "N passed, N failed, N skipped".
# What needs a nightly compiler (rustup toolchain install nightly --component rust-src,miri) is skipped without one, and says so.
set -uo pipefail
cd "$(dirname "$0")/.."

parts=("$@")
[ $# -gt 0 ] || parts=(asan tsan miri model mutants c examples python go forks fuzz)
folder=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
host=x86_64-unknown-linux-gnu
passed=0 failed=0 skipped=0
# A forked child never frees what its parent's threads were using, nor does the test of that.
leaks_by_design=fork::tests::the_value_of_another_process

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
    check cargo +nightly miri test --quiet -p tc-callback --target-dir "$folder/miri" --lib -- \
        --skip event::lanes --skip config --skip $leaks_by_design
    check cargo +nightly miri test --quiet -p tc-callback --target-dir "$folder/miri" --test event -- \
        --skip whatever_serde_json_refuses --skip texts_of_every_length --skip limits_refuse
    unset RUSTFLAGS MIRIFLAGS
}

# The delivery of an event against a store and a sink with two faults, in every order.
model() { TC_MODEL_FAULTS=2 check cargo test --quiet --release --lib model; }

# Each line that decides something, changed: a test must notice. .cargo/mutants.toml has those that none can, with the reason. What is
# changed is tested by the suites that are about it: all others would take days.
mutants() {
    if ! cargo mutants --version >/dev/null 2>&1; then
        echo "skipped: mutants: no cargo-mutants (cargo install --locked cargo-mutants)"
        skipped=$((skipped + 1))
        return
    fi
    local of=(cargo mutants --no-shuffle --jobs 2 --package tc-callback --output "$folder/mutants")
    check "${of[@]}" --file 'src/receiver/**' --file src/event/query.rs --file src/event/duplicate_key.rs -- \
        --lib --test receiver --test receiver_security --test event --test vectors
    check "${of[@]}" --file src/config/retry.rs --file src/config/ensure.rs --file src/config/limiter.rs -- --lib --test config
    check "${of[@]}" --file 'src/usersig/**' --file src/secret.rs -- --lib --test usersig
}

# The programs in C, watched on their side of the ABI; memory that nobody frees is an error.
c() {
    check make --no-print-directory build/lib/libtc_callback.so
    mkdir -p "$folder/sanitized"
    local name
    for name in events event_copy objects json null receiver client usersig small_stack no_thread; do
        check cc -std=c99 -g -fsanitize=address,undefined -fno-sanitize-recover=all -Wall -Wextra -Werror -Iinclude "tests/c/$name.c" \
            -o "$folder/sanitized/$name" -Lbuild/lib -Wl,-rpath,"$PWD/build/lib" -ltc_callback -pthread -ldl
        case $name in
        events | event_copy | objects) check "$folder/sanitized/$name" tests/fixtures/{conference,call}/*.Callback*.json ;;
        no_thread) check "$folder/sanitized/$name" build/lib/libtc_callback.so ;;
        *) check "$folder/sanitized/$name" ;;
        esac
    done
}

# The library with AddressSanitizer in it, whose runtime comes with the program, in this folder.
watched=$folder/sanitized/lib
watched_library() {
    local release=CARGO_PROFILE_RELEASE
    env RUSTFLAGS="-Zsanitizer=address -Zexternal-clangrt" ${release}_LTO=off ${release}_STRIP=none ${release}_CODEGEN_UNITS=16 \
        cargo +nightly rustc --quiet --release --lib --crate-type cdylib --target $host --target-dir "$folder/asan" || return
    mkdir -p "$watched"
    cp "$folder/asan/$host/release/libtc_callback.so" "$watched/libtc_callback.so.1"
    ln -sf libtc_callback.so.1 "$watched/libtc_callback.so"
}

# A program that runs another: its name, and what it does.
wrapper() {
    mkdir -p "$folder/sanitized"
    printf '#!/bin/sh\n%s\n' "$2" >"$folder/sanitized/$1"
    chmod +x "$folder/sanitized/$1"
}

# The servers in C and C++ under valgrind, then watched as the library is: all events, what is refused, and the end, at which memory that
# nobody freed is an error.
examples() {
    local language
    check make --no-print-directory build/bin/tc-callback build/examples/{c,cpp}/server
    for language in c cpp; do
        wrapper "server-$language-valgrind" \
            "exec valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=99 build/examples/$language/server \"\$@\""
        check scripts/demo.sh "$folder/sanitized/server-$language-valgrind"
    done
    has_nightly rustc || return
    check watched_library
    local sanitize=(-g -fsanitize=address,undefined -fno-sanitize-recover=all -Wall -Wextra -Werror -Iinclude)
    local link=(-L"$watched" -Wl,-rpath,"$watched" -ltc_callback)
    check cc -std=c11 -D_POSIX_C_SOURCE=200809L "${sanitize[@]}" examples/c/*.c -o "$folder/sanitized/server-c" "${link[@]}" -lmicrohttpd
    check c++ -std=c++17 "${sanitize[@]}" examples/cpp/*.cpp -o "$folder/sanitized/server-cpp" "${link[@]}" -pthread \
        $(pkg-config --cflags --libs cpp-httplib)
    check scripts/demo.sh "$folder/sanitized/server-c"
    check scripts/demo.sh "$folder/sanitized/server-cpp"
}

# A program of other runtimes under valgrind. They free little at their end, and valgrind cannot look for leaks in a heap like Go's;
# AddressSanitizer does. Processes that the program starts are not watched.
valgrind_with() { echo "valgrind --quiet --leak-check=no --error-exitcode=99 --suppressions=$PWD/scripts/valgrind/$1.supp"; }

# All of the suite but what is about the library's file, under valgrind, then in a library that is watched. CPython itself is not
# watched, and frees little at its end.
python() {
    check scripts/test-python.sh --version
    local venv suite=(-m pytest --quiet -p no:cacheprovider --ignore=tests/test_library.py --ignore=tests/test_package.py)
    venv=$folder/python/$(python3 -c 'import sys; print(sys.implementation.cache_tag)')
    check make --no-print-directory build
    local environment=(-C bindings/python PYTHONMALLOC=malloc PYTHONDONTWRITEBYTECODE=1)
    check env "${environment[@]}" TC_CALLBACK_LIBRARY="$PWD/build/lib/libtc_callback.so" \
        $(valgrind_with python) "$venv/bin/python" "${suite[@]}"
    has_nightly rustc || return
    check watched_library
    check env "${environment[@]}" TC_CALLBACK_LIBRARY="$watched/libtc_callback.so" LD_PRELOAD="$(cc -print-file-name=libasan.so)" \
        ASAN_OPTIONS=detect_leaks=0 "$venv/bin/python" "${suite[@]}"
}

go() {
    check scripts/test-go.sh -race -count=3
    # Go interrupts its goroutines by signals that write below the stack's end, where valgrind sees nobody's memory.
    # What has nothing of the library in it is not watched. The names of functions are kept for the suppressions.
    wrapper go-valgrind "if ldd \"\$1\" | grep -q libtc_callback; then exec $(valgrind_with go) \"\$@\"; else exec \"\$@\"; fi"
    GODEBUG=asyncpreemptoff=1 check scripts/test-go.sh -tags valgrind -ldflags=-s=false -exec "$folder/sanitized/go-valgrind"
    has_nightly rustc || return
    check watched_library
    # Go wants to know the version of a compiler that has no arguments.
    wrapper go-ubsan 'exec gcc -fsanitize=undefined -fno-sanitize-recover=all "$@"'
    # The example is a program of its own, which `go build` would have to watch too.
    CC=$folder/sanitized/go-ubsan TC_LIB=$watched check scripts/test-go.sh -asan -skip '^TestTheExample'
}

forks() {
    TC_FORKS=1000 TC_STRESS=20 check cargo test --quiet --test fork --test stress
    check make --no-print-directory build/lib/libtc_callback.so
    mkdir -p "$folder/sanitized"
    check cc -std=c99 -Iinclude tests/c/fork.c -o "$folder/sanitized/fork" -Lbuild/lib -Wl,-rpath,"$PWD/build/lib" -ltc_callback -pthread
    check "$folder/sanitized/fork" 1000
}

fuzz() {
    has_nightly rustc || return
    local target
    for target in body receiver query usersig rest_response; do ASAN=1 check scripts/fuzz.sh "$target" 60; done
}

for part in "${parts[@]}"; do "$part"; done
echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]

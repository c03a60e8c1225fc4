#!/usr/bin/env bash
# Every test of bindings/go and examples/go. The last line is "N passed, N failed, N skipped".
# With arguments, the tests of bindings/go alone, with these for `go test`. TC_LIB is another folder with libtc_callback.so.
set -uo pipefail
cd "$(dirname "$0")/.."
passed=0 failed=0 skipped=0
staticcheck=honnef.co/go/tools/cmd/staticcheck@v0.8.2

if ! command -v go >/dev/null; then
    echo "skipped: Go is not installed (tests of bindings/go)"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
if ! command -v pkg-config >/dev/null; then
    echo "skipped: cgo finds the library by pkg-config, which is not installed (tests of bindings/go)"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
# A Go that is older than the module's fetches one that is not. Debian's and Ubuntu's do so only if they are told to.
export GOTOOLCHAIN=${GOTOOLCHAIN:-auto}
if ! said=$(go -C bindings/go list -m 2>&1); then
    echo "skipped: $(go env GOVERSION) is too old, and no later Go can be fetched: $(tail -1 <<<"$said") (tests of bindings/go)"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
make --no-print-directory build || exit 1

lib=${TC_LIB:-$PWD/build/lib}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/tc_callback.pc" <<END
Name: tc_callback
Description: the source tree
Version: 0
Cflags: -I$PWD/include
Libs: -L$lib -ltc_callback
Libs.private: $(cat build/lib/native-static-libs)
END
export PKG_CONFIG_PATH="$work" LD_LIBRARY_PATH="$lib"
# Go takes the C library for unchanged when only its files, or their place, have changed.
export CGO_LDFLAGS="-O2 -g -L$lib"
export CGO_CFLAGS="-O2 -g -DTREE=$(cat include/tc_callback.h "$lib/libtc_callback.so.1" build/lib/libtc_callback.a | cksum | tr -d ' ')"

# A check that counts as one test.
check() {
    echo "== $*"
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $*"; fi
}

is_formatted() {
    local found
    found=$(gofmt -l bindings/go examples/go) && [ -z "$found" ] || { echo "$found"; return 1; }
}

# The tests of a `go test` command, counted. A test that cannot run prints "skipped: " and why.
go_tests() {
    echo "== go test $*"
    (cd bindings/go && go test -count=1 -v "$@" ./...) >"$work/log" 2>&1
    local status=$? ok bad none
    ok=$(grep -c '^--- PASS' "$work/log") bad=$(grep -c '^--- FAIL' "$work/log") none=$(grep -c '^--- SKIP' "$work/log")
    grep -E 'vectors$|allocations$' "$work/log"
    # What a test says comes before how it ended.
    awk -v arguments="$*" '
        { why = /skipped: / ? $0 : why }
        /^--- FAIL: / { print "FAILED: go test " arguments " " $3 }
        /^--- SKIP: / { sub(/.*skipped: /, "", why); print "skipped: " $3 ": " why }' "$work/log"
    if [ "$status" != 0 ]; then
        [ "$bad" != 0 ] || echo "FAILED: go test $*: $(grep -v '^ok' "$work/log" | tail -1)"
        grep -vE '^(=== |[ ]*--- (PASS|SKIP))' "$work/log"
        [ "$bad" != 0 ] || bad=1
    fi
    [ "$ok" != 0 ] || bad=$((bad + 1))
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + none))
}

# Every check of both modules.
all() {
    check is_formatted
    for module in bindings/go examples/go; do
        check go -C "$module" vet ./...
        if go -C "$module" run "$staticcheck" -version >/dev/null 2>"$work/log"; then
            check go -C "$module" run "$staticcheck" ./...
        else
            echo "skipped: $module: staticcheck cannot be had: $(tail -1 "$work/log")"
            skipped=$((skipped + 1))
        fi
    done
    go_tests
    go_tests -race
    go_tests -tags tc_static
    # glibc fills freed memory with this byte, so that what is used after it was freed is not what it was.
    MALLOC_PERTURB_=165 go_tests -tags tccallback_gc
    # Also tells of C memory that nobody freed.
    go_tests -asan
}

if [ $# -gt 0 ]; then go_tests "$@"; else all; fi
echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]

#!/usr/bin/env bash
# Starts the benches with the workers that can be made here. Run by `make bench`, which has built the rest; arguments go to the
# runner. ONLY has the beginning of the rows' names.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
bench=$target/bench
ONLY=${ONLY:-}
workers=(--worker "$bench/rest")

# Whether any of these groups of rows is asked for.
wants() {
    local group
    for group in "$@"; do
        if [[ $group == "$ONLY"* || $ONLY == "$group"/* ]]; then return; fi
    done
    return 1
}

# A worker in another language: skipped, and said so, where its sources or its tools are missing.
skipped() { echo "skipped: the rows of $1: $2" >&2; }

python_worker() {
    wants python usersig rest import || return 0
    [ -f benches/python/worker.py ] || { skipped Python "no benches/python/worker.py"; return; }
    local python=${PYTHON:-python3} venv=$bench/python wanted=benches/python/requirements.txt
    PYTHON=$python scripts/venv.sh "$venv" "$wanted" || { skipped Python "its packages cannot be had"; return; }
    # The binding as it stands in the tree, on the library that the other rows use.
    # Bytecode is kept, as an installed package has it.
    local settings="-u PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX=$bench/pycache"
    settings="$settings TC_CALLBACK_LIBRARY=build/lib/libtc_callback.so PYTHONPATH=bindings/python/src"
    workers+=(--worker "env $settings $venv/bin/python benches/python/worker.py")
}

go_worker() {
    wants go usersig rest || return 0
    [ -f benches/go/go.mod ] || { skipped Go "no benches/go/go.mod"; return; }
    command -v go >/dev/null || { skipped Go "no go command"; return; }
    printf '%s\n' "Name: tc_callback" "Description: the source tree" "Version: 0" \
        "Cflags: -I$PWD/include" "Libs: -L$PWD/build/lib -ltc_callback" >"$bench/tc_callback.pc"
    # With the library's checksum, since Go does not look whether it has changed.
    PKG_CONFIG_PATH=$(realpath "$bench") CGO_CFLAGS="-O2 -g -DTREE=$(cksum <build/lib/libtc_callback.so | tr -d ' ')" \
        CGO_LDFLAGS="-O2 -g -Wl,-rpath,$PWD/build/lib" go -C benches/go build -o "$(realpath "$bench")/go-worker" . ||
        { skipped Go "the worker cannot be built"; return; }
    workers+=(--worker "$bench/go-worker")
}

# Tencent's own UserSig library in Go, a module apart: where it cannot be had, the other rows of Go still run.
tencent_go_worker() {
    wants usersig || return 0
    command -v go >/dev/null && go -C benches/go/tencent build -o "$(realpath "$bench")/tencent-go-worker" . ||
        { skipped "Tencent's library in Go" "it cannot be built"; return; }
    workers+=(--worker "$bench/tencent-go-worker")
}

python_worker
go_worker
tencent_go_worker
exec "$bench/build/release/bench" --library build/lib/libtc_callback.so --folder "$bench" --only "$ONLY" "${workers[@]}" "$@"

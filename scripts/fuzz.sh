#!/usr/bin/env bash
# Fuzzes one of fuzz/fuzz_targets, or repeats what it found:
#
#     scripts/fuzz.sh [TARGET [SECONDS]]
#     scripts/fuzz.sh TARGET FILE
#
# The compiler is the stable one; with ASAN=1 the nightly one, and AddressSanitizer watches. It starts from the vendor's samples; what
# it comes upon is kept in target/fuzz/corpus, and what fails in target/fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:-body}
seconds=${2:-600}

folder=$(mkdir -p "${CARGO_TARGET_DIR:-target}/fuzz" && cd "${CARGO_TARGET_DIR:-target}/fuzz" && pwd)
host=$(rustc -vV | sed -n 's/^host: //p')
# What cargo-fuzz sets, but for its sanitizer.
flags="--cfg fuzzing -Cpasses=sancov-module"
for option in level=4 inline-8bit-counters pc-table trace-compares; do flags+=" -Cllvm-args=-sanitizer-coverage-$option"; done
cargo=(cargo) build=$folder/stable
if [ "${ASAN:-}" = 1 ]; then
    cargo=(cargo +nightly) build=$folder/asan
    flags+=" -Zsanitizer=address"
fi
RUSTFLAGS=$flags "${cargo[@]}" build --quiet --release --manifest-path fuzz/Cargo.toml --target "$host" --target-dir "$build"
program=$build/$host/release/$target

if [ -f "$seconds" ]; then exec "$program" "$seconds"; fi

corpus=$folder/corpus/$target samples=$folder/samples/$target artifacts=$folder/artifacts/$target
mkdir -p "$corpus" "$samples" "$artifacts"
answers=(tests/fixtures/{conference,call}/api.*.response.json)
bodies=(tests/fixtures/{conference,call}/*.Callback*.json)
signed="SdkAppid=1400000000&Sign=17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061&RequestTime=1669872112"
query_of() { echo "$signed&CallbackCommand=$1&contenttype=json&ClientIP=10.0.0.1&OptPlatform=iOS"; }
case $target in
body) cp "${bodies[@]}" "$samples" ;;
query) for body in "${bodies[@]}"; do query_of "$(basename "$body" .json)" | tr -d '\n' >"$samples/$(basename "$body")"; done ;;
receiver) for body in "${bodies[@]}"; do { query_of "$(basename "$body" .json)" && cat "$body"; } >"$samples/$(basename "$body")"; done ;;
usersig)
    grep -oE '"usersig_[^"]*": "[^"]*"' tests/fixtures/usersig/vectors.json | cut -d'"' -f4 | split -l 1 - "$samples/text-"
    grep -zoE '"json": \{[^}]*\}' tests/fixtures/usersig/vectors.json | sed -z 's/^"json": //' | split -t '\0' -l 1 - "$samples/json-"
    ;;
rest_response) for answer in "${answers[@]}"; do cp "$answer" "$samples/$(basename "$(dirname "$answer")").$(basename "$answer")"; done ;;
esac

# The keys and words of the vendor's samples, as JSON has them.
words() { grep -ohE '"[A-Za-z_. ]+"' "$@" | sort -u | sed 's/.*/"\\&/; s/"$/\\""/'; }
dictionary=$folder/$target.dict
case $target in
body) cat fuzz/dictionaries/json.dict <(words "${bodies[@]}") ;;
receiver) cat fuzz/dictionaries/{json,query}.dict <(words "${bodies[@]}") ;;
rest_response) cat fuzz/dictionaries/{json,rest}.dict <(words "${answers[@]}") ;;
*) cat "fuzz/dictionaries/$target.dict" ;;
esac >"$dictionary"

options=(-dict="$dictionary" -artifact_prefix="$artifacts/" -max_total_time="$seconds" -max_len=8192 -timeout=10 -verbosity=0 -print_final_stats=1)
if ! "$program" "$corpus" "$samples" "${options[@]}"; then
    found=$(ls -t "$artifacts" | head -1)
    echo "FAILED: a finding; to repeat it: ${ASAN:+ASAN=$ASAN }scripts/fuzz.sh $target ${artifacts#"$PWD"/}/$found"
    exit 1
fi

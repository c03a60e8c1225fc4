#!/usr/bin/env bash
# Fuzzes one of fuzz/fuzz_targets: scripts/fuzz.sh [TARGET [SECONDS]]. Needs `cargo install cargo-fuzz` and a nightly compiler.
# It starts from the vendor's samples; what it finds on its way is kept in fuzz/corpus, and what fails in fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:-body}
seconds=${2:-600}

corpus=fuzz/corpus/$target
mkdir -p "$corpus"
for sample in tests/fixtures/{conference,call}/*.Callback*.json; do
    name=$(basename "$sample" .json)
    case $target in
    body) cp "$sample" "$corpus/$name" ;;
    receiver)
        signed="SdkAppid=1400000000&Sign=17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061&RequestTime=1669872112"
        { echo "$signed&CallbackCommand=$name&contenttype=json&ClientIP=10.0.0.1&OptPlatform=iOS" && cat "$sample"; } >"$corpus/$name"
        ;;
    usersig) grep -oE '"usersig_[^"]*": "[^"]*"' tests/fixtures/usersig/vectors.json | cut -d'"' -f4 | head -1 >"$corpus/sample" ;;
    esac
done

dictionary=fuzz/target/$target.dict
mkdir -p fuzz/target
{ cat fuzz/json.dict && grep -ohE '"[A-Za-z_. ]+"' tests/fixtures/{conference,call}/*.Callback*.json | sort -u | sed 's/.*/"\\&/; s/"$/\\""/'; } >"$dictionary"
[ "$target" = body ] || sed -i -e 's/^"\\"\(.*\)\\""$/"\1"/' "$dictionary"

exec cargo +nightly fuzz run "$target" "$corpus" -- -dict="$dictionary" -max_total_time="$seconds" -max_len=8192 -timeout=10

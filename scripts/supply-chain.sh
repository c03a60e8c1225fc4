#!/usr/bin/env bash
# What the library is made of: licences, sources, advisories, lock files, the oldest Rust and the oldest dependencies that it says it
# builds with, and its bill of materials. Run by `make audit`; with --quick, by `make test`, only what takes seconds.
# The last line is "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")/.."

quick=${1:-}
folder=${CARGO_TARGET_DIR:-target}
oldest=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

check() {
    local what=$1
    shift
    if "$@" >"$log" 2>&1; then
        echo "ok: $what"
        passed=$((passed + 1))
    else
        cat "$log"
        echo "FAILED: $what"
        failed=$((failed + 1))
    fi
}
skip() {
    echo "skipped: $1"
    skipped=$((skipped + 1))
}

lock_files() {
    for manifest in Cargo.toml fuzz/Cargo.toml; do
        cargo metadata --quiet --locked --format-version 1 --manifest-path "$manifest" >/dev/null || return 1
    done
}
check "the lock files are those of the manifests" lock_files

if ! command -v cargo-deny >/dev/null; then
    skip "licences, bans and sources: no cargo-deny on this machine: cargo install cargo-deny --locked"
else
    check "licences, bans and sources of all dependencies" cargo deny --workspace check licenses bans sources
fi

if [ "$quick" != --quick ]; then
    if ! command -v cargo-deny >/dev/null; then
        skip "advisories: no cargo-deny on this machine"
    elif ! cargo deny fetch db >"$log" 2>&1; then
        skip "advisories: the database cannot be fetched: $(grep -o 'fatal: .*' "$log" | head -1)"
    else
        check "no advisory against a dependency" cargo deny --workspace check advisories
    fi

    if ! cargo "+$oldest" --version >/dev/null 2>&1; then
        skip "Rust $oldest: rustup toolchain install $oldest --profile minimal"
    else
        check "builds with Rust $oldest" cargo "+$oldest" check --quiet --workspace --exclude tc-callback-benches --all-targets \
            --locked --target-dir "$folder/oldest-rust"
    fi

    oldest_dependencies() (
        rm -rf "$folder/oldest"
        mkdir -p "$folder/oldest/tree"
        git ls-files -z | xargs -0 cp --parents --target-directory "$folder/oldest/tree" &&
            cd "$folder/oldest/tree" &&
            sed -i 's/"cli", "benches"\]/"cli"]/' Cargo.toml &&
            cargo +nightly update --quiet -Z direct-minimal-versions &&
            cargo check --quiet --locked --workspace --target-dir ../target
    )
    if ! cargo +nightly --version >/dev/null 2>&1; then
        skip "the oldest dependencies: rustup toolchain install nightly --profile minimal"
    else
        check "builds with the oldest dependencies that the manifests allow" oldest_dependencies
    fi

    # Of the library: it is written beside each manifest of the workspace, and the others are no part of what is shipped to hosts.
    bill_of_materials() {
        cargo cyclonedx --quiet --format json --spec-version 1.5 --no-build-deps --target x86_64-unknown-linux-gnu \
            --override-filename tc-callback.cdx || return 1
        rm -f cli/tc-callback.cdx.json benches/tc-callback.cdx.json
        mkdir -p build
        mv tc-callback.cdx.json build/
    }
    if ! command -v cargo-cyclonedx >/dev/null; then
        skip "bill of materials: no cargo-cyclonedx on this machine: cargo install cargo-cyclonedx --locked"
    else
        check "bill of materials: build/tc-callback.cdx.json" bill_of_materials
    fi
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]

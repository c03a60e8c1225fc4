#!/usr/bin/env bash
# What the library is made of: licences, sources, advisories, lock files, the oldest Rust and the oldest dependencies that it says it
# builds with, and its bill of materials. Run by `make audit`; with --quick, by `make test`, only what takes little time.
# The tools and toolchains that are missing are fetched, but for --quick; the tools to target/tools.
# The last line is "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")/.."

quick=${1:-}
folder=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
export PATH="$PATH:$folder/tools/bin"
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

# Whether this tool of cargo's is here, or could be fetched. If not, says why.
has_tool() {
    local tool=$1 what=$2
    command -v "$tool" >/dev/null && return
    local install="cargo install --locked --root $folder/tools $tool"
    if [ "$quick" = --quick ]; then
        skip "$what: no $tool on this machine (make audit fetches it: $install)"
    else
        echo "$tool is missing: $install"
        $install >"$log" 2>&1 && return
        skip "$what: $tool cannot be fetched: $(grep -m 1 '^error' "$log")"
    fi
    return 1
}

# Whether this toolchain is here, or could be fetched; `with` is how it is called. If not, says why.
has_toolchain() {
    local toolchain=$1 what=$2
    with=(cargo)
    # Debian's Rust may be the one, without rustup.
    case $(cargo --version) in "cargo $toolchain."*) return ;; esac
    with=(cargo "+$toolchain")
    local install="rustup toolchain install $toolchain --profile minimal"
    # Newer versions of rustup would install it without being asked.
    RUSTUP_AUTO_INSTALL=0 cargo "+$toolchain" --version >"$log" 2>&1 && return
    if [ "$quick" = --quick ]; then
        skip "$what: no Rust $toolchain on this machine (make audit fetches it: $install)"
        return 1
    fi
    if command -v rustup >/dev/null; then
        echo "Rust $toolchain is missing: $install"
        $install >"$log" 2>&1 && return
    fi
    skip "$what: no Rust $toolchain ($install): $(grep -m 1 'error' "$log")"
    return 1
}

lock_files() {
    for manifest in Cargo.toml fuzz/Cargo.toml; do
        cargo metadata --quiet --locked --format-version 1 --manifest-path "$manifest" >/dev/null || return 1
    done
}
check "the lock files are those of the manifests" lock_files

if has_tool cargo-deny "licences, bans and sources"; then
    has_deny=1
    check "licences, bans and sources of all dependencies" cargo deny --workspace check licenses bans sources
fi

if has_toolchain "$oldest" "the oldest Rust"; then
    parts=(--workspace --exclude tc-callback-benches --all-targets)
    [ "$quick" = --quick ] && parts=(--package tc-callback --lib)
    check "builds with Rust $oldest: ${parts[*]}" "${with[@]}" check --quiet "${parts[@]}" --locked --target-dir "$folder/oldest-rust"
fi

if [ "$quick" != --quick ]; then
    if [ -z "${has_deny:-}" ]; then
        skip "advisories: no cargo-deny"
    elif cargo deny fetch db >"$log" 2>&1; then
        check "no advisory against a dependency" cargo deny --workspace check advisories
    else
        why="the database cannot be fetched: $(grep -o 'fatal: .*' "$log" | head -1)"
        database=$(ls -d "${CARGO_HOME:-$HOME/.cargo}"/advisory-dbs/*/crates 2>/dev/null | head -1)
        if [ -n "$database" ]; then
            check "no advisory against a dependency in the database of $(git -C "$database" log -1 --format=%cs); $why" \
                cargo deny --workspace --offline check advisories
        else
            skip "advisories: $why"
        fi
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
    if has_toolchain nightly "the oldest dependencies"; then
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
    if has_tool cargo-cyclonedx "bill of materials"; then
        check "bill of materials: build/tc-callback.cdx.json" bill_of_materials
    fi
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]

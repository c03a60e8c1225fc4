#!/usr/bin/env bash
# `make demo` and `make test` of a fresh clone on a machine that has nothing but what the README asks for: a new root of Debian or
# Ubuntu, made by debootstrap and thrown away afterwards. Needs root, about 10 GB, and debootstrap (a Debian package).
#
#     scripts/bare-root.sh [OPTION...] [TARGET...]      targets of make; demo and test unless told otherwise
#
#     --release trixie|noble    another name of Debian's or Ubuntu's will do too (trixie)
#     --as root|sudo|user       who types it: root; a user with sudo; a user who cannot install anything, for whom root types the
#                               line that a command may fail with (root)
#     --rust own|old|rustup     the newest of the release; the one that its plain `cargo` package has; this machine's own toolchain,
#                               behind rustup (own)
#     --go no|own|machine       none; the release's; this machine's own (no)
#     --node no|own             (no)
#     --with "PACKAGE..."       more packages that are there before it begins
#     --commit COMMIT           what is cloned (HEAD)
#     --keep                    keep the root, and say where it is
#     --in ROOT                 one that was kept, with the same options: the commit is checked out there, and built with what is there
#
# DEBIAN_MIRROR and UBUNTU_MIRROR name mirrors; otherwise this machine's apt sources are asked, then debootstrap itself. BARE_ROOTS is the
# folder for it all (/var/tmp/tc-callback-bare); what each command printed is in its logs/. What this machine needs to reach package
# registries is handed on: name servers, proxies, certificates, settings of cargo, pip, npm and Go.
# The last lines are a table of what was run, how long it took, and how each ended.
set -euo pipefail
cd "$(dirname "$0")/.."
repository=$PWD
roots=${BARE_ROOTS:-/var/tmp/tc-callback-bare}
release=trixie who=root rust=own go=no node=no with='' commit=HEAD keep='' kept=''

fail() { echo "$1" >&2; exit 2; }
usage() { sed -n '2,/^set /{ s/^# \{0,1\}//p }' "$0"; exit 2; }
while [ $# -gt 0 ]; do
    case $1 in
    --keep) keep=1 && shift && continue ;;
    --help | -h) usage ;;
    --*) [ $# -ge 2 ] || fail "$1 needs a value: scripts/bare-root.sh --help" ;;
    *) break ;;
    esac
    case $1 in
    --release) release=$2 ;;
    --as) who=$2 ;;
    --rust) rust=$2 ;;
    --go) go=$2 ;;
    --node) node=$2 ;;
    --with) with=$2 ;;
    --commit) commit=$2 ;;
    --in) kept=$2 keep=1 ;;
    *) fail "unknown option $1: scripts/bare-root.sh --help" ;;
    esac
    shift 2
done
targets=("$@")
[ $# -gt 0 ] || targets=(demo test)
one_of() { case " $3 " in *" $2 "*) ;; *) fail "$1 is '$2', but must be one of: $3" ;; esac; }
one_of --as "$who" "root sudo user"
one_of --rust "$rust" "own old rustup"
one_of --go "$go" "no own machine"
one_of --node "$node" "no own"
[ "$(id -u)" = 0 ] || fail "debootstrap and mounts need root: run this as root"
command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"
commit=$(git rev-parse --verify --quiet "$commit^{commit}") || fail "no such commit"
mkdir -p "$roots/logs"

case $release in
bookworm | trixie | forky | sid) distribution=debian ;;
*) distribution=ubuntu ;;
esac

# The first address that this machine's own apt takes this distribution from; nothing if it is of the other one.
machines_mirror() {
    (. /etc/os-release && [ "$ID" = "$distribution" ]) || return 0
    { sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources
      sed -n 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/*.list; } 2>/dev/null |
        grep -m 1 "/$distribution/\?$" || true
}
if [ $distribution = debian ]; then mirror=${DEBIAN_MIRROR:-$(machines_mirror)}; else mirror=${UBUNTU_MIRROR:-$(machines_mirror)}; fi

# The keys of Ubuntu are a package of Debian's, of trixie's if not of this machine's release.
ubuntu_keys() {
    local keyring=/usr/share/keyrings/ubuntu-archive-keyring.gpg
    if [ -e $keyring ]; then echo $keyring && return; fi
    if [ ! -e "$roots/keys$keyring" ]; then
        (release=trixie distribution=debian mirror=${DEBIAN_MIRROR:-$(distribution=debian machines_mirror)} && base) >&2
        rm -rf "$roots/keys"
        cp -a "$roots/base-trixie" "$roots/keys"
        cp /etc/resolv.conf "$roots/keys/etc/resolv.conf"
        chroot "$roots/keys" sh -ec 'apt-get update -qq && apt-get install -qq --no-install-recommends ubuntu-keyring' >&2
    fi
    echo "$roots/keys$keyring"
}

# A root with nothing but the base system, made once.
base() {
    local folder=$roots/base-$release arguments=(--variant=minbase)
    [ ! -d "$folder" ] || return 0
    echo "debootstrap $release: a minute or two"
    if [ $distribution = ubuntu ]; then arguments+=(--components=main,universe --keyring="$(ubuntu_keys)"); fi
    # A debootstrap that is older than the release knows an earlier one, which is made the same way.
    local script=/usr/share/debootstrap/scripts/$release
    [ -e "$script" ] || if [ $distribution = debian ]; then script=${script%/*}/sid; else script=${script%/*}/gutsy; fi
    rm -rf "$folder.new"
    debootstrap "${arguments[@]}" "$release" "$folder.new" "$mirror" "$script" >"$roots/logs/debootstrap-$release" 2>&1 ||
        { tail -5 "$roots/logs/debootstrap-$release" >&2 && fail "debootstrap $release failed"; }
    # Ubuntu's newer compilers are updates.
    if [ $distribution = ubuntu ]; then
        sed -i "p; s/ $release / $release-updates /" "$folder.new/etc/apt/sources.list"
    fi
    mv "$folder.new" "$folder"
}

name=$release-$who-$rust-go.$go-node.$node
root=${kept:-$roots/$name.$$}
if [ $who = root ]; then user=root home=/root; else user=reader home=/home/reader; fi
# Nothing is mounted here but in namespaces that end with their commands.
end() { if [ -n "$keep" ]; then echo "kept: $root"; else rm -rf "$root"; fi; }

# Settings of this machine that lead to the package registries.
connect() {
    local file folder
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    cat /etc/hosts >"$root/etc/hosts"
    mkdir -p "$root/usr/local/share/ca-certificates"
    cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates" 2>/dev/null || true
    for file in /etc/pip.conf /etc/npmrc; do [ ! -e $file ] || cp $file "$root$file"; done
    for file in .cargo/config.toml .config/pip/pip.conf .pip/pip.conf .npmrc .config/go/env; do
        [ -e "$HOME/$file" ] || continue
        mkdir -p "$root$home/$(dirname $file)"
        cp "$HOME/$file" "$root$home/$file"
    done
}
# Of the environment, the same: proxies, mirrors, certificates.
environment() {
    env | grep -iE '^(https?|ftp|all|no)_proxy=|^(SSL_CERT_FILE|SSL_CERT_DIR|CURL_CA_BUNDLE|REQUESTS_CA_BUNDLE|GIT_SSL_CAINFO|NODE_EXTRA_CA_CERTS)=' || true
    env | grep -E '^(PIP_(INDEX_URL|EXTRA_INDEX_URL|TRUSTED_HOST|CERT|DEFAULT_TIMEOUT)|CARGO_HTTP_[A-Z_]*|CARGO_SOURCE_[A-Z_]*|CARGO_REGISTRIES_[A-Z_]*_INDEX)=' || true
    env | grep -iE '^(GOPROXY|GOSUMDB|GONOSUMDB|GONOPROXY|GOPRIVATE|UV_INDEX_URL|npm_config_registry|npm_config_cafile)=' || true
}

# Runs a command in the root, as if the machine had been started from it: namespaces of its own for mounts and processes, which are ended
# with it. The root is changed by pivot_root: processes of a chroot may make no namespaces, and tests do.
inside() {
    local as=$1
    shift
    unshare --mount --pid --fork --kill-child --propagation private bash -ec '
        root=$1 && shift
        mount --bind "$root" "$root"
        cd "$root"
        mount --rbind /dev dev
        mount --rbind /sys sys
        mount -t proc proc proc
        if [ -n "$TOOLCHAIN" ]; then mkdir -p "./$TOOLCHAIN_HERE" && mount --bind -o ro "$TOOLCHAIN" "./$TOOLCHAIN_HERE"; fi
        if [ -n "$GO_TOOLCHAIN" ]; then mkdir -p usr/local/go && mount --bind -o ro "$GO_TOOLCHAIN" usr/local/go; fi
        mkdir -p .before
        pivot_root . .before
        umount -l /.before
        cd /
        exec "$@"' - "$root" setpriv --reuid "$as" --regid "$as" --init-groups \
        env -i HOME="$([ "$as" = root ] && echo /root || echo "$home")" USER="$as" LOGNAME="$as" SHELL=/bin/bash LANG=C.UTF-8 TERM=dumb \
        DEBIAN_FRONTEND=noninteractive PATH="$path" "${settings[@]}" "$@" </dev/null &
    child=$!
    wait $child
}
# unshare itself passes these over; with it, all that it started ends.
child=''
trap '[ -z "$child" ] || kill -KILL $child 2>/dev/null; exit 130' INT TERM
mapfile -t settings < <(environment)
path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export TOOLCHAIN='' TOOLCHAIN_HERE='' GO_TOOLCHAIN=''

packages="git make"
case $rust in
own) if [ $distribution = ubuntu ]; then packages+=" cargo-1.91" path=/usr/lib/rust-1.91/bin:$path; else packages+=" cargo"; fi ;;
old) packages+=" cargo" ;;
rustup)
    # The linker is what rustup asks for before anything else.
    packages+=" ca-certificates gcc libc6-dev"
    TOOLCHAIN=$(rustc --print sysroot)
    TOOLCHAIN_HERE=$home/.rustup/toolchains/$(basename "$TOOLCHAIN")
    path=$home/.cargo/bin:$path
    ;;
esac
if [ $go = own ]; then packages+=" golang-go"; fi
if [ $go = machine ]; then GO_TOOLCHAIN=$(go env GOROOT) path=/usr/local/go/bin:$path; fi
if [ $node = own ]; then packages+=" nodejs npm"; fi
if [ $who = sudo ]; then packages+=" sudo"; fi

install() {
    base
    trap end EXIT
    cp -a "$roots/base-$release" "$root"
    connect
    echo "$name: installing $packages $with"
    inside root sh -ec 'apt-get update && apt-get install -y "$@"; ! command -v update-ca-certificates || update-ca-certificates' - $packages $with \
        >"$log-packages" 2>&1 || { tail -5 "$log-packages" >&2 && fail "the packages that the README asks for cannot be had"; }
    if [ $who != root ]; then
        inside root useradd --create-home --shell /bin/bash $user
        # What connect() laid there was before the user.
        [ $who != sudo ] || echo "$user ALL=(ALL) NOPASSWD: ALL" >"$root/etc/sudoers.d/$user"
    fi
    if [ $rust = rustup ]; then
        mkdir -p "$root$home/.cargo/bin" "$root$home/.rustup"
        cp "$(command -v rustup)" "$root$home/.cargo/bin/rustup"
        for tool in cargo rustc rustdoc cargo-fmt rustfmt cargo-clippy clippy-driver; do ln -f "$root$home/.cargo/bin/rustup" "$root$home/.cargo/bin/$tool"; done
        printf 'version = "12"\ndefault_toolchain = "%s"\nprofile = "default"\n' "$(basename "$TOOLCHAIN")" >"$root$home/.rustup/settings.toml"
    fi
    git clone --quiet --no-checkout "$repository" "$root$home/tc-callback"
    git -C "$root$home/tc-callback" checkout --quiet --detach "$commit"
    # But for what is mounted there.
    inside root find $home -xdev -exec chown --no-dereference $user: {} +
}
log=$roots/logs/$name
if [ -z "$kept" ]; then
    install
else
    kept_clone() { git -c safe.directory='*' -C "$root$home/tc-callback" "$@"; }
    kept_clone fetch --quiet "$repository" HEAD "+refs/heads/*:refs/remotes/origin/*"
    kept_clone checkout --quiet --force --detach "$commit"
    inside root find $home/tc-callback -xdev -exec chown --no-dereference $user: {} +
fi

status=0
table=()
make_in_it() { inside $user make -C $home/tc-callback "$1" >"$log-$1" 2>&1; }
for target in "${targets[@]}"; do
    echo "== $name: make $target (its output: $log-$target)"
    begin=$SECONDS
    if make_in_it "$target"; then
        how=ok
    else
        how=FAILED status=1
        # Who may not install is told what to have installed: here root does so, and make is called again.
        line=$(sed -n 's/^  \(sudo apt-get update .*\)/\1/p' "$log-$target" | sed 's/sudo //g')
        if [ $who = user ] && [ -n "$line" ]; then
            echo "   root types what it says: $line"
            inside root sh -ec "$line" >"$log-$target-packages" 2>&1
            begin=$SECONDS
            if make_in_it "$target"; then how=ok status=0; fi
        fi
    fi
    took=$((SECONDS - begin))
    last=$(grep -v '^make' "$log-$target" | grep . | tail -1 || true)
    [ $how = ok ] || tail -25 "$log-$target"
    table+=("$(printf '%-40s make %-8s %-6s %2d:%02d  %s' "$name" "$target" $how $((took / 60)) $((took % 60)) "$last")")
done
printf '%s\n' "${table[@]}"
exit $status

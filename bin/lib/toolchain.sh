# shellcheck shell=bash disable=SC2034 # some variables are for the scripts that source this file
# Which Rust, tools and folders a build of Vestibule uses. Every script in bin/ sources this file.
#
# The Rust is chosen by looking at the machine each time: a recorded choice would go stale with the
# next `rustup update`. One Rust builds everything, server and browser part alike.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
[[ $target == /* ]] || target=$PWD/$target

# Tools are versioned, shared by every checkout of this user, and outlive `cargo clean` and `git clean`:
# they take minutes to build. The user's own ~/.cargo/bin is left alone.
tools=${VESTIBULE_TOOLS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/vestibule}

binaryen_version=132.0.0
schemathesis_version=4.32.5
openapi_validator_version=0.9.0 # the PyPI package openapi-spec-validator
wasm_target=wasm32-unknown-unknown

export CARGO_TARGET_DIR=$target
export LEPTOS_SITE_ROOT=$target/site # what browsers load, beside the programs that serve it

# Puts this build's Rust and tools first on PATH; fails where bin/setup has not run yet.
use_tools() {
    select_rust || return 1
    PATH=$(crate_prefix cargo-leptos "$(cargo_leptos_version)")/bin:$PATH
    PATH=$(crate_prefix wasm-bindgen-cli "$(locked_version wasm-bindgen)")/bin:$PATH
    PATH=$tools/binaryen-$binaryen_version/node_modules/.bin:$PATH
    export PATH
}

# The user's Rust where it can build for browsers, else Debian's; VESTIBULE_TOOLCHAIN=debian forces the latter.
select_rust() {
    if wants_own_rust && own_rust_is_ready; then return 0; fi
    if debian_rust_is_ready; then use_debian_rust; return 0; fi
    return 1
}

wants_own_rust() {
    [[ ${VESTIBULE_TOOLCHAIN:-} != debian ]]
}

own_rust_is_ready() {
    rust_is_recent rustc && [[ -d $(rustc --print target-libdir --target "$wasm_target") ]]
}

debian_rust_is_ready() {
    rust_is_recent /usr/bin/rustc && [[ -d $(debian_sysroot) ]]
}

rust_is_recent() {
    command -v "$1" >/dev/null || return 1
    local wanted
    wanted=$(awk -F '[".]' '/^rust-version/ { print $3; exit }' "$root/Cargo.toml")
    (($(rust_minor "$1") >= wanted))
}

# 95 for `rustc 1.95.0`.
rust_minor() {
    "$1" --version | sed -E 's/^rustc 1\.([0-9]+)\..*$/\1/'
}

# Debian ships no std for browsers; setup builds one into a sysroot of ours, so that /usr stays Debian's.
debian_sysroot() {
    echo "$tools/debian-std-$(/usr/bin/rustc --version | cut -d' ' -f2)"
}

use_debian_rust() {
    local bin=$tools/debian-rust name
    mkdir -p "$bin"
    for name in cargo cargo-clippy cargo-fmt clippy-driver rustc rustdoc rustfmt; do
        ln -sfn "/usr/bin/$name" "$bin/$name"
    done
    # cargo looks for its subcommands in ~/.cargo/bin before PATH, unless PATH names that folder too.
    export PATH=$bin:$PATH:${CARGO_HOME:-$HOME/.cargo}/bin
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS=--sysroot=$(debian_sysroot)
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS
}

# The newest cargo-leptos that the chosen Rust can build.
cargo_leptos_version() {
    if (($(rust_minor rustc) >= 96)); then echo 0.3.11; else echo 0.3.10; fi
}

# wasm-bindgen's program must be of exactly the version that the crate was built with.
locked_version() {
    awk -v crate="\"$1\"" '$1 == "name" { found = $3 == crate } $1 == "version" && found { gsub("\"", "", $3); print $3; exit }' \
        "$root/Cargo.lock"
}

crate_prefix() {
    echo "$tools/$1-$2"
}

python_prefix() {
    echo "$tools/$1-$2"
}

have() {
    command -v "$1" >/dev/null
}

say() {
    echo "${0#"$root"/}: $*" >&2
}

fail() {
    say "$*"
    exit 1
}

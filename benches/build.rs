//! Compiles the candidates in C and C++ with -O3 and for the very machine that they run on.

use std::path::PathBuf;

use anyhow::{Context, Result};
use cargo_metadata::MetadataCommand;

fn main() -> Result<()> {
    let metadata = MetadataCommand::new().exec()?;
    let folder_of = |name: &str| -> Result<PathBuf> {
        let package = metadata.packages.iter().find(|package| package.name.as_str() == name);
        let manifest = &package.with_context(|| format!("no package {name}"))?.manifest_path;
        Ok(manifest.parent().context("a manifest lies in a folder")?.into())
    };
    let simdjson = folder_of("simdjson-sys")?.join("vendor/simdjson");
    let yyjson = folder_of("yyjson-sys")?.join("yyjson/src");

    optimised()
        .std("c11")
        .define("_GNU_SOURCE", None)
        .include("../include")
        .include(&yyjson)
        .file(yyjson.join("yyjson.c"))
        .files(["native/tc_callback.c", "native/usersig.c"])
        .compile("bench_c");
    optimised()
        .cpp(true)
        .std("c++17")
        .include("../include")
        .include(&simdjson)
        .include(&yyjson)
        .file(simdjson.join("simdjson.cpp"))
        .files(
            ["simdjson", "yyjson", "rapidjson", "nlohmann", "cjson", "receiver"]
                .map(|peer| format!("native/{peer}.cpp")),
        )
        .compile("bench_cpp");

    for library in ["crypto", "z", "cjson"] {
        println!("cargo:rustc-link-lib={library}");
    }
    println!("cargo:rerun-if-changed=native");
    println!("cargo:rerun-if-changed=../include");
    Ok(())
}

fn optimised() -> cc::Build {
    let mut build = cc::Build::new();
    build.opt_level(3).flag("-march=native").define("NDEBUG", None);
    build
}

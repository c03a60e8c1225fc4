//! Writes the C header to OUT_DIR and names the shared library for the loader.

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=src");
    println!("cargo:rerun-if-changed=cbindgen.toml");
    let header = header()?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("tc_callback.h"), header)?;
    if env::var("CARGO_CFG_TARGET_OS")? == "linux" {
        let abi = abi_version()?;
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libtc_callback.so.{abi}");
        // Rust's thread-local destructors would outlive an unloaded library.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
    Ok(())
}

fn header() -> Result<String, Box<dyn Error>> {
    let root = env::var("CARGO_MANIFEST_DIR")?;
    let mut config = cbindgen::Config::from_file("cbindgen.toml")?;
    config.header = Some(fs::read_to_string("src/ffi/header.txt")?);
    config.after_includes = Some(version_macros()?);
    let bindings = cbindgen::Builder::new().with_crate(root).with_config(config).generate()?;
    let mut bytes = Vec::new();
    bindings.write(&mut bytes);
    let mut header = String::from_utf8(bytes)?;
    // cbindgen puts an enum's whole name before its enumerators.
    for (long, short) in [
        ("TC_STATUS_CODE_OK", "TC_OK"),
        ("TC_STATUS_CODE_", "TC_ERROR_"),
        ("TC_SETTLEMENT_", "TC_"),
        ("TC_COMMAND_ROOM_", "TC_ROOM_"),
        ("TC_COMMAND_MIC_", "TC_MIC_"),
        ("TC_COMMAND_CALL_", "TC_CALL_"),
    ] {
        header = header.replace(long, short);
    }
    Ok(header)
}

fn version_macros() -> Result<String, Box<dyn Error>> {
    let part = |name: &str| env::var(format!("CARGO_PKG_VERSION_{name}"));
    let (major, minor, patch) = (part("MAJOR")?, part("MINOR")?, part("PATCH")?);
    let number =
        major.parse::<u32>()? * 10_000 + minor.parse::<u32>()? * 100 + patch.parse::<u32>()?;
    Ok(format!(
        "
/** Version of this header; tc_version() has that of the library. */
#define TC_VERSION_MAJOR {major}
#define TC_VERSION_MINOR {minor}
#define TC_VERSION_PATCH {patch}
#define TC_VERSION_STRING \"{major}.{minor}.{patch}\"
/** major * 10000 + minor * 100 + patch */
#define TC_VERSION_NUMBER {number}"
    ))
}

/// The soname's number is the constant that C compares.
fn abi_version() -> Result<u32, Box<dyn Error>> {
    let source = fs::read_to_string("src/ffi/version.rs")?;
    let line = source.lines().find(|line| line.starts_with("pub const TC_ABI_VERSION"));
    let number = line.and_then(|line| line.split('=').nth(1)).ok_or("no TC_ABI_VERSION")?;
    Ok(number.trim().trim_end_matches(';').parse()?)
}

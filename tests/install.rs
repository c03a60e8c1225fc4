//! `make install` and `make uninstall`, and programs built from what was installed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/native.rs"]
mod native;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock};

/// Tests run side by side; make does not.
static MAKE: Mutex<()> = Mutex::new(());

fn make(target: &str, variables: &[String]) {
    let _alone = MAKE.lock().unwrap();
    let mut arguments = vec![target];
    arguments.extend(variables.iter().map(String::as_str));
    native::make(&arguments);
}

/// An empty folder.
fn empty(name: &str) -> PathBuf {
    let folder = native::scratch("install").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A prefix with everything installed, once for this process.
fn prefix() -> &'static Path {
    static PREFIX: OnceLock<PathBuf> = OnceLock::new();
    PREFIX.get_or_init(|| {
        let prefix = empty("prefix");
        make("install", &[format!("PREFIX={}", prefix.display())]);
        prefix
    })
}

/// Every file and link below a folder, by its path from there.
fn files(folder: &Path) -> BTreeSet<String> {
    find(folder, &["!", "-type", "d"])
}

/// Every folder below a folder.
fn folders(folder: &Path) -> BTreeSet<String> {
    find(folder, &["-mindepth", "1", "-type", "d"])
}

fn find(folder: &Path, what: &[&str]) -> BTreeSet<String> {
    let output =
        native::succeed(Command::new("find").arg(folder).args(what).args(["-printf", "%P\n"]));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_string).collect()
}

fn can_build(more: &[&str]) -> bool {
    native::has(&["make", "cc", "c++", "pkg-config"]) && native::has(more)
}

#[test]
fn uninstall_takes_away_exactly_what_install_laid_down() {
    if !native::has(&["make"]) {
        return;
    }
    let stage = empty("stage");
    let others =
        ["lib/libother.so", "share/man/man1/other.1", "share/cmake/other/otherConfig.cmake"];
    for other in others {
        let path = stage.join("usr").join(other);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "other").unwrap();
    }
    let before = files(&stage);
    let variables =
        [format!("DESTDIR={}", stage.display()), "PREFIX=/usr".into(), "LIBDIR=/usr/lib64".into()];
    make("install", &variables);
    let installed: BTreeSet<_> = files(&stage).difference(&before).cloned().collect();
    let expected: BTreeSet<_> = files(prefix())
        .iter()
        .map(|file| format!("usr/{}", file.replace("lib/", "lib64/")))
        .collect();
    assert_eq!(installed, expected);
    make("uninstall", &variables);
    assert_eq!(files(&stage), before);
    assert!(!stage.join("usr/share/cmake/tc_callback").exists());
}

#[test]
fn uninstall_leaves_no_empty_folder_but_those_of_every_system() {
    if !native::has(&["make"]) {
        return;
    }
    for (prefix, left) in
        [("/opt/tc", &[][..]), ("/usr/local", &["bin", "include", "lib", "share", "share/man"][..])]
    {
        let stage = empty("emptied");
        let variables = [format!("DESTDIR={}", stage.display()), format!("PREFIX={prefix}")];
        make("install", &variables);
        make("uninstall", &variables);
        assert_eq!(files(&stage), BTreeSet::new());
        let mut expected: BTreeSet<_> =
            left.iter().map(|folder| format!("usr/local/{folder}")).collect();
        let above = if left.is_empty() { &["opt"][..] } else { &["usr", "usr/local"] };
        expected.extend(above.iter().map(|folder| folder.to_string()));
        assert_eq!(folders(&stage), expected);
    }
}

/// In a mount namespace, where /usr/local and the loader's list are others than this machine's.
#[test]
fn after_an_installation_to_usr_local_a_program_starts_at_once() {
    if !can_build(&["unshare", "mount"]) {
        return;
    }
    let namespace = ["--map-root-user", "--mount", "sh", "-ec"];
    let mut probe = Command::new("unshare");
    let probe = probe.args(namespace).arg("mount -t tmpfs tmpfs /usr/local").output().unwrap();
    if !probe.status.success() {
        println!("skipped: no mount namespaces can be made here");
        return;
    }
    prefix();
    let folder = empty("usr-local");
    let program =
        "#include <tc_callback.h>\nint main(void) { return tc_abi_version() != TC_ABI_VERSION; }\n";
    fs::write(folder.join("program.c"), program).unwrap();
    let script = "cp -a /etc \"$1/etc\" 2>/dev/null || true
        mount --bind \"$1/etc\" /etc && mount -t tmpfs tmpfs /usr/local
        make -s install PREFIX=/usr/local
        cc \"$1/program.c\" -ltc_callback -o \"$1/program\" && \"$1/program\"";
    let _alone = MAKE.lock().unwrap();
    let mut unshare = Command::new("unshare");
    unshare.args(namespace).arg(script).arg("-").arg(&folder).env_remove("LD_LIBRARY_PATH");
    native::succeed(unshare.current_dir(native::root()));
}

#[test]
fn the_shared_library_is_named_for_abi_and_release_behind_two_links() {
    if !native::has(&["make"]) {
        return;
    }
    let lib = prefix().join("lib");
    let [major, minor, patch] =
        ["MAJOR", "MINOR", "PATCH"].map(|part| number(&format!("TC_VERSION_{part}")));
    let abi = number("TC_ABI_VERSION");
    let file = format!("libtc_callback.so.{abi}.{}.{patch}", 100 * major + minor);
    assert!(lib.join(&file).symlink_metadata().unwrap().is_file(), "{file}");
    for link in ["libtc_callback.so".to_string(), format!("libtc_callback.so.{abi}")] {
        assert_eq!(fs::read_link(lib.join(link)).unwrap(), Path::new(&file));
    }
}

/// A number that the header defines.
fn number(name: &str) -> u32 {
    let header = fs::read_to_string(prefix().join("include/tc_callback.h")).unwrap();
    let found = header.lines().find_map(|line| line.strip_prefix(&format!("#define {name} ")));
    found.unwrap().parse().unwrap()
}

#[test]
fn every_command_has_a_manual_page_and_the_shells_complete_them() {
    if !native::has(&["make", "bash"]) {
        return;
    }
    let pages = files(&prefix().join("share/man/man1"));
    let written = fs::read_dir(native::root().join("build/share")).unwrap();
    let written = written.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let written: BTreeSet<_> = written.filter(|name| name.ends_with(".1")).collect();
    assert_eq!(pages, written);
    assert!(pages.contains("tc-callback.1") && pages.contains("tc-callback-config-ensure.1"));
    let completion = prefix().join("share/bash-completion/completions/tc-callback");
    let script = "source \"$1\"; COMP_WORDS=(tc-callback config en); COMP_CWORD=2; \
                  $(complete -p tc-callback | sed 's/.* -F \\([^ ]*\\).*/\\1/') tc-callback en config; echo \"${COMPREPLY[@]}\"";
    let mut bash = Command::new("bash");
    let output = native::succeed(bash.args(["-c", script, "-"]).arg(completion));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "ensure\n");
}

/// A command that finds the installed library before any other.
fn with_prefix(tool: &str) -> Command {
    let mut command = Command::new(tool);
    command.env("PKG_CONFIG_PATH", prefix().join("lib/pkgconfig"));
    command
}

fn pkg_config(arguments: &[&str]) -> Vec<String> {
    let output = native::succeed(with_prefix("pkg-config").args(arguments));
    String::from_utf8(output.stdout).unwrap().split_whitespace().map(str::to_string).collect()
}

#[test]
fn pkg_config_says_what_rustc_says_for_the_static_library() {
    if !can_build(&[]) {
        return;
    }
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["rustc", "--lib", "--crate-type", "staticlib", "--", "--print"]);
    let output = native::succeed(cargo.arg("native-static-libs").current_dir(native::root()));
    let stderr = String::from_utf8(output.stderr).unwrap();
    let said = stderr.lines().find_map(|line| line.split_once("native-static-libs: ")).unwrap().1;
    let pc = fs::read_to_string(prefix().join("lib/pkgconfig/tc_callback.pc")).unwrap();
    let private = pc.lines().find_map(|line| line.strip_prefix("Libs.private: ")).unwrap();
    assert_eq!(private, said);
    assert_eq!(pkg_config(&["--modversion", "tc_callback"]), [env!("CARGO_PKG_VERSION")]);
    assert!(!pkg_config(&["--libs", "tc_callback"]).contains(&"-lgcc_s".to_string()));
}

/// Builds a server of the examples with what pkg-config says and nothing else.
fn build_by_pkg_config(language: &str, peer: &str, form: &str) -> PathBuf {
    let program = native::scratch("install").join(format!("{language}_{form}"));
    let (compiler, standard) = if language == "c" { ("cc", "c11") } else { ("c++", "c++17") };
    let sources = native::root().join("examples").join(language);
    let mut command = Command::new(compiler);
    command.args([
        &format!("-std={standard}"),
        "-D_POSIX_C_SOURCE=200809L",
        "-Wall",
        "-Wextra",
        "-Werror",
    ]);
    command.args(["server", "print_event"].map(|name| sources.join(name).with_extension(language)));
    command.arg("-o").arg(&program);
    let libraries = ["tc_callback", peer];
    if form == "static" {
        // The archive by its name, since -ltc_callback takes the shared library that lies beside it.
        let flags = pkg_config(&["--cflags", "--libs", "--static", "tc_callback"]);
        command.args(flags.iter().map(|flag| flag.replace("-ltc_callback", "-l:libtc_callback.a")));
        command.args(pkg_config(&["--cflags", "--libs", peer]));
    } else {
        command.args(pkg_config(&[&["--cflags", "--libs"][..], &libraries].concat()));
        command.arg(format!("-Wl,-rpath,{}", pkg_config(&["--variable=libdir", "tc_callback"])[0]));
    }
    native::succeed(command.arg("-pthread"));
    program
}

/// Whether a program looks for the shared library when it starts.
fn needs_shared(program: &Path) -> bool {
    let output = native::succeed(Command::new("readelf").arg("--dynamic").arg(program));
    String::from_utf8(output.stdout).unwrap().contains("libtc_callback.so")
}

/// Runs the whole demo with this server.
fn demo(program: &Path) {
    native::succeed(Command::new("scripts/demo.sh").arg(program).current_dir(native::root()));
}

#[test]
fn pkg_config_builds_the_examples_shared_and_static_and_they_run() {
    if !can_build(&["readelf"]) {
        return;
    }
    for (language, peer) in [("c", "libmicrohttpd"), ("cpp", "cpp-httplib")] {
        if native::pkg_config(&[peer]).is_none() {
            continue;
        }
        for form in ["shared", "static"] {
            let program = build_by_pkg_config(language, peer, form);
            assert_eq!(needs_shared(&program), form == "shared");
            demo(&program);
        }
    }
}

/// The compilations of docs/installing.md.
fn documented_lines() -> Vec<String> {
    let page = fs::read_to_string(native::root().join("docs/installing.md")).unwrap();
    let (_, block) = page.split_once("```sh\n").unwrap();
    block.split_once("```").unwrap().0.lines().map(str::to_string).collect()
}

#[test]
fn the_documented_lines_build_a_program_which_the_loader_can_be_told_about() {
    if !can_build(&[]) {
        return;
    }
    let folder = empty("documented");
    let program =
        "#include <tc_callback.h>\nint main(void) { return tc_abi_version() != TC_ABI_VERSION; }\n";
    fs::write(folder.join("program.c"), program).unwrap();
    let lines = documented_lines();
    assert_eq!(lines.len(), 2, "shared and static");
    for (line, is_shared) in lines.iter().zip([true, false]) {
        native::succeed(with_prefix("sh").args(["-ec", line]).current_dir(&folder));
        let program = folder.join("program");
        native::succeed(Command::new(&program).env("LD_LIBRARY_PATH", prefix().join("lib")));
        let alone = Command::new(&program).env_remove("LD_LIBRARY_PATH").output().unwrap();
        assert_eq!(alone.status.success(), !is_shared, "{line}");
        let said = String::from_utf8_lossy(&alone.stderr);
        assert_eq!(said.contains("libtc_callback.so.1: cannot open shared object file"), is_shared);
    }
}

#[test]
fn cmake_builds_the_examples_from_a_tree_that_was_moved_and_they_run() {
    if !can_build(&["cmake", "readelf"])
        || native::pkg_config(&["libmicrohttpd", "cpp-httplib"]).is_none()
    {
        return;
    }
    let moved = empty("moved");
    native::succeed(Command::new("cp").args(["-a", "-T"]).arg(prefix()).arg(&moved));
    let folder = empty("cmake");
    let mut configure = Command::new("cmake");
    configure.arg("-S").arg(native::root().join("examples")).arg("-B").arg(&folder);
    native::succeed(configure.arg(define("CMAKE_PREFIX_PATH", &moved)));
    native::succeed(Command::new("cmake").arg("--build").arg(&folder));
    for form in ["shared", "static"] {
        for language in ["c", "cpp"] {
            let program = folder.join(format!("{language}_server_{form}"));
            assert_eq!(needs_shared(&program), form == "shared");
            demo(&program);
        }
    }
}

fn define(name: &str, value: &Path) -> OsString {
    let mut definition = OsString::from(format!("-D{name}="));
    definition.push(value);
    definition
}

#[test]
fn cmake_refuses_a_release_that_is_too_old_or_of_another_major_version() {
    if !can_build(&["cmake"]) {
        return;
    }
    let source = empty("versions");
    let lists = "cmake_minimum_required(VERSION 3.16)\nproject(versions C)\n\
                 find_package(tc_callback ${WANTED} REQUIRED)\n";
    fs::write(source.join("CMakeLists.txt"), lists).unwrap();
    for (wanted, is_fine) in [
        ("", true),
        ("0.0.1", true),
        (env!("CARGO_PKG_VERSION"), true),
        ("0.99", false),
        ("1", false),
    ] {
        let mut cmake = Command::new("cmake");
        cmake.arg("-S").arg(&source).arg("-B").arg(source.join(format!("build-{wanted}")));
        cmake.arg(format!("-DWANTED={wanted}")).arg(define("CMAKE_PREFIX_PATH", prefix()));
        let output = cmake.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.success(), is_fine, "{wanted}: {said}");
        assert!(is_fine || said.contains(env!("CARGO_PKG_VERSION")), "{said}");
    }
}

#[test]
fn a_program_links_this_archive_and_another_from_rust() {
    if !can_build(&["rustc"]) {
        return;
    }
    let folder = empty("two_archives");
    let sources = native::root().join("tests/c/other_archive");
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition=2024", "--crate-type=staticlib", "-Copt-level=2"]);
    native::succeed(rustc.arg("--out-dir").arg(&folder).arg(sources.join("other.rs")));
    let program = folder.join("program");
    let mut cc = Command::new("cc");
    cc.args(["-std=c99", "-Wall", "-Wextra", "-Werror"]).arg(sources.join("main.c"));
    cc.arg("-o").arg(&program).arg(folder.join("libother.a"));
    let flags = pkg_config(&["--cflags", "--libs", "--static", "tc_callback"]);
    cc.args(flags.iter().map(|flag| flag.replace("-ltc_callback", "-l:libtc_callback.a")));
    native::succeed(&mut cc);
    native::run(&program, &[]);
}

#[test]
fn cargo_c_installs_the_same_files_but_the_commands_own() {
    if !native::has(&["make", "cargo-cinstall"]) {
        return;
    }
    let cargo_prefix = empty("cargo-c");
    let mut cinstall = Command::new("cargo-cinstall");
    cinstall.args(["cinstall", "--debug", "--libdir", "lib", "--prefix"]).arg(&cargo_prefix);
    cinstall.arg("--target-dir").arg(native::scratch("cargo-c"));
    native::succeed(cinstall.current_dir(native::root()));
    let is_of_library = |file: &String| {
        ["lib/", "include/", "share/cmake/"].iter().any(|folder| file.starts_with(folder))
    };
    let expected: BTreeSet<_> = files(prefix()).into_iter().filter(is_of_library).collect();
    assert_eq!(files(&cargo_prefix), expected);
}

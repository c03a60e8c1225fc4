//! The library as it is shipped, and C and C++ programs that use it.
#![allow(dead_code)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// A language that the header is for, with every warning an error.
#[derive(Clone, Copy)]
pub enum Language {
    /// `-std=` of the C compiler.
    C(&'static str),
    /// `-std=` of the C++ compiler.
    Cpp(&'static str),
}

/// Which of the library's forms a program is linked with.
pub enum Linked {
    /// `libtc_callback.so` in this folder, found there at run time.
    Shared(PathBuf),
    /// `libtc_callback.a` as `make build` makes it.
    Static,
}

impl Linked {
    /// The shared library as `make build` makes it.
    pub fn shared() -> Linked {
        static BUILT: OnceLock<()> = OnceLock::new();
        BUILT.get_or_init(|| make(&["build/lib/libtc_callback.so"]));
        Linked::Shared(root().join("build/lib"))
    }
}

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether these tools are here. If not, says which is missing and that the test is skipped.
pub fn has(tools: &[&str]) -> bool {
    let missing = tools.iter().find(|tool| Command::new(tool).arg("--version").output().is_err());
    if let Some(tool) = missing {
        println!("skipped: no `{tool}` on this machine");
    }
    missing.is_none()
}

/// What pkg-config says of libraries that a program is built with beside this one. If one is missing, says so and that the test
/// is skipped.
pub fn pkg_config(packages: &[&str]) -> Option<Vec<String>> {
    if !has(&["pkg-config"]) {
        return None;
    }
    for package in packages {
        if !Command::new("pkg-config").args(["--exists", package]).status().unwrap().success() {
            println!("skipped: pkg-config knows no `{package}` on this machine");
            return None;
        }
    }
    let output = succeed(Command::new("pkg-config").args(["--cflags", "--libs"]).args(packages));
    let line = String::from_utf8(output.stdout).unwrap();
    Some(line.split_whitespace().map(str::to_string).collect())
}

/// The folder of the libraries, which are built first, once for this process.
pub fn lib_dir() -> PathBuf {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        make(&["build/lib/libtc_callback.so", "build/lib/libtc_callback.a"]);
    });
    root().join("build/lib")
}

/// Has make make these.
pub fn make(arguments: &[&str]) {
    succeed(Command::new("make").arg("-s").args(arguments).current_dir(root()));
}

/// Where programs are built. Nothing else writes there.
pub fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("c-tests").join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs a command that must succeed.
pub fn succeed(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", in_words(&output));
    output
}

/// The compiler with all its warnings.
pub fn compiler(language: Language) -> Command {
    let (tool, kind, standard, more) = match language {
        Language::C(standard) => ("cc", "c", standard, "-Wstrict-prototypes"),
        Language::Cpp(standard) => ("c++", "c++", standard, "-Wnon-virtual-dtor"),
    };
    let mut command = Command::new(tool);
    command.args(["-x", kind, &format!("-std={standard}"), more, "-g", "-I"]);
    command.arg(root().join("include"));
    command.args([
        "-Wall",
        "-Wextra",
        "-Wpedantic",
        "-Werror",
        "-Wshadow",
        "-Wconversion",
        "-Wundef",
    ]);
    command
}

/// Builds tests/c/`name`.c; returns the program.
pub fn build(name: &str, language: Language, linked: &Linked) -> PathBuf {
    build_from(name, &[&format!("tests/c/{name}.c")], language, linked, &[])
}

/// Builds a program from sources of this repository, with more arguments for the compiler.
pub fn build_from(
    name: &str,
    sources: &[&str],
    language: Language,
    linked: &Linked,
    more: &[&str],
) -> PathBuf {
    let (Language::C(standard) | Language::Cpp(standard)) = language;
    let form = if matches!(linked, Linked::Static) { "static" } else { "shared" };
    let program = scratch(&format!("{standard}-{form}")).join(name);
    let mut command = compiler(language);
    command.args(sources.iter().map(|source| root().join(source))).arg("-o").arg(&program);
    command.args(["-x", "none", "-pthread"]).args(more);
    match linked {
        Linked::Shared(folder) => {
            command.arg(format!("-Wl,-rpath,{}", folder.display()));
            command.arg("-L").arg(folder).arg("-ltc_callback").arg("-ldl");
        }
        Linked::Static => {
            command.arg(lib_dir().join("libtc_callback.a")).args(native_static_libs());
        }
    }
    succeed(&mut command);
    program
}

/// What a program that links the static library names behind it, as rustc said when it made it.
pub fn native_static_libs() -> Vec<String> {
    let line = fs::read_to_string(lib_dir().join("native-static-libs")).unwrap();
    line.split_whitespace().map(str::to_string).collect()
}

/// Runs a program, which must succeed and write nothing to stderr; returns what it printed.
pub fn run(program: &Path, arguments: &[PathBuf]) -> String {
    printed(Command::new(program).args(arguments))
}

/// What valgrind makes of memory that nobody points at when a program ends.
#[derive(Clone, Copy)]
pub enum Leaks {
    /// Each is an error.
    AreErrors,
    /// Nothing.
    AreMeant,
}

/// The same under valgrind, which must find no error.
pub fn run_under_valgrind(program: &Path, arguments: &[PathBuf], leaks: Leaks) -> String {
    let mut command = Command::new("valgrind");
    command.args(["--quiet", "--error-exitcode=99"]);
    if matches!(leaks, Leaks::AreErrors) {
        let kinds = "definite,indirect,possible";
        command.arg("--leak-check=full");
        command
            .args(["show-leak-kinds", "errors-for-leak-kinds"].map(|of| format!("--{of}={kinds}")));
    }
    // A program that defines malloc is left its own.
    command.arg("--soname-synonyms=somalloc=nouserintercepts");
    printed(command.arg(program).args(arguments))
}

fn printed(command: &mut Command) -> String {
    let output = succeed(command);
    assert!(output.stderr.is_empty(), "{command:?} wrote to stderr: {}", in_words(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn in_words(output: &Output) -> String {
    let mut words = output.status.to_string();
    for text in [&output.stdout, &output.stderr] {
        write!(words, "\n{}", String::from_utf8_lossy(text)).unwrap();
    }
    words
}

//! The C ABI as a promise: what compiled programs rely on is what abi/tc_callback.h says, and the first of them still runs.
//! docs/abi.md says what may change when; `make header` records what was added.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/native.rs"]
mod native;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use native::{Language, Leaks, Linked};

/// The header as it was recorded, without its comments. Not a dump of abidw's: one release of it finds differences to what
/// another wrote down.
const RECORD: &str = "abi/tc_callback.h";
const RECORD_BEGINS: &str = "// What compiled programs rely on: written by `make header`.\n";

fn header() -> String {
    fs::read_to_string(native::root().join("include/tc_callback.h")).unwrap()
}

/// A header without its comments and empty lines.
fn code(header: &str) -> String {
    let mut parts = header.split("/*");
    let mut code = parts.next().unwrap_or_default().to_string();
    code.extend(parts.map(|part| part.split_once("*/").unwrap().1));
    let lines = code.lines().filter(|line| {
        let line = line.trim_start();
        !line.is_empty() && !line.starts_with("//")
    });
    lines.map(|line| format!("{line}\n")).collect()
}

fn abi_version(header: &str) -> &str {
    header.lines().find_map(|line| line.strip_prefix("#define TC_ABI_VERSION ")).unwrap()
}

/// The ABI of a header, as this machine's abidw writes it down. Rust's own debug information would not do: it differs with each
/// compiler, knows no enum of the header, since parameters are int32_t, and holds 2 MB of types that C never sees. So each function
/// of the header is given a body in C, and each enum a variable.
fn dump(header: &str, name: &str) -> PathBuf {
    let folder = native::scratch("abi").join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("tc_callback.h"), header).unwrap();
    let mut source = "#include \"tc_callback.h\"\n".to_string();
    let code = code(header);
    for name in code.lines().filter_map(|line| line.strip_prefix("typedef enum ")) {
        let name = name.strip_suffix(" {").unwrap();
        source += &format!("enum {name} enumerators_of_{name};\n");
    }
    let (_, functions) = code.split_once("extern \"C\" {\n#endif // __cplusplus\n").unwrap();
    let (functions, _) = functions.split_once("#ifdef __cplusplus").unwrap();
    source += &functions.replace(';', " { __builtin_trap(); }");
    fs::write(folder.join("abi.c"), source).unwrap();

    let soname = format!("-Wl,-soname,libtc_callback.so.{}", abi_version(header));
    let mut compiler = Command::new("cc");
    compiler.args(["-std=c99", "-w", "-g", "-shared", "-fPIC", "-nostdlib", &soname]);
    native::succeed(compiler.args(["-o", "abi.so", "abi.c"]).current_dir(&folder));
    let mut abidw = Command::new("abidw");
    abidw.args(["--no-show-locs", "--no-corpus-path", "--no-comp-dir-path", "--out-file"]);
    native::succeed(abidw.args(["abi.abi", "abi.so"]).current_dir(&folder));
    folder.join("abi.abi")
}

/// What abidiff says about the change from one dump to another; nothing if it sees none, but for what was added.
fn difference(old: &Path, new: &Path) -> String {
    let mut abidiff = Command::new("abidiff");
    let output = abidiff.arg("--no-added-syms").arg(old).arg(new).output().unwrap();
    let is_same = output.status.success();
    let words =
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr);
    if is_same { String::new() } else { words }
}

/// What a program that was compiled with an old header would notice of a new one. (abidiff can be told to pass over structs
/// that grow at their end, but then passes over a field that only changes its type as well.)
fn breakage(old: &str, new: &str, name: &str) -> String {
    let known: HashMap<_, _> = records(old).into_iter().collect();
    let mut as_known = code(new);
    for (record, fields) in records(new) {
        let Some(known) = known.get(&record) else { continue };
        let Some(added) = fields.get(known.len()..) else { continue };
        let (before, rest) = as_known.split_once(&format!("typedef struct {record} {{")).unwrap();
        let (body, after) = rest.split_once('}').unwrap();
        let lines: Vec<_> = body.lines().collect();
        let kept = lines[..lines.len() - added.len()].join("\n");
        as_known = format!("{before}typedef struct {record} {{{kept}\n}}{after}");
    }
    let [old, new] = [(old, "old"), (&as_known, "new")]
        .map(|(header, which)| dump(header, &format!("{name}-{which}")));
    difference(&old, &new)
}

fn has_tools() -> bool {
    native::has(&["cc", "abidw", "abidiff"])
}

#[test]
fn what_compiled_programs_rely_on_has_not_changed() {
    if !has_tools() {
        return;
    }
    let (record, header) = (native::root().join(RECORD), header());
    let recorded = fs::read_to_string(&record).unwrap_or_default();
    let another_abi = recorded.is_empty() || abi_version(&recorded) != abi_version(&header);
    let breakage =
        if another_abi { String::new() } else { breakage(&recorded, &header, "recorded") };
    assert!(
        breakage.is_empty(),
        "programs that were compiled before this change would no longer run: undo it, or raise TC_ABI_VERSION (docs/abi.md)\n{breakage}"
    );
    if std::env::var_os("UPDATE_HEADER").is_some() {
        fs::write(record, RECORD_BEGINS.to_string() + &code(&header)).unwrap();
        return;
    }
    assert!(!another_abi, "{RECORD} is of another ABI: run `make header`");
    assert!(code(&recorded) == code(&header), "{RECORD} lacks what was added: run `make header`");
}

/// A header with one change, as a careless commit would make it.
fn changed(from: &str, to: &str) -> String {
    let header = header();
    assert_eq!(header.matches(from).count(), 1, "{from}");
    header.replace(from, to)
}

#[test]
fn each_change_that_would_break_a_program_is_noticed() {
    if !has_tools() {
        return;
    }
    let changes = [
        ("a function that went", "void tc_json_free(struct tc_json *value);\n", ""),
        ("another parameter", "tc_json_free(struct tc_json *value)", "tc_json_free(int32_t value)"),
        ("one parameter more", "uint32_t tc_abi_version(void)", "uint32_t tc_abi_version(int now)"),
        ("another result", "uint32_t tc_abi_version(void)", "uint64_t tc_abi_version(void)"),
        ("a field in between", "  int32_t kind;\n", "  int32_t kind;\n  int64_t added;\n"),
        ("a field that went", "  size_t length;\n", ""),
        ("a narrower field", "  int64_t integer;\n", "  int32_t integer;\n"),
        (
            "fields that changed places",
            "  struct tc_str identifier;\n",
            "  size_t identifier_len;\n",
        ),
        ("a number that was reused", "TC_ERROR_BAD_SIGN = 406,", "TC_ERROR_BAD_SIGN = 410,"),
        ("an enumerator that went", "  TC_JSON_KIND_OBJECT = 5,\n", ""),
    ];
    for (index, (what, from, to)) in changes.into_iter().enumerate() {
        let breakage = breakage(&header(), &changed(from, to), &format!("broken-{index}"));
        assert!(!breakage.is_empty(), "{what} was not noticed");
    }
}

#[test]
fn growth_breaks_no_program() {
    if !has_tools() {
        return;
    }
    let function = "uint32_t tc_abi_version(void);\n";
    let more = format!("{function}uint32_t tc_added(int32_t number);\n");
    let changes = [
        ("a field at the end", "} tc_json;", "  int64_t added;\n} tc_json;"),
        ("a payload at the end", "} tc_event;", "  const struct tc_room_info *added;\n} tc_event;"),
        (
            "an enumerator",
            "  TC_JSON_KIND_OBJECT = 5,\n",
            "  TC_JSON_KIND_OBJECT = 5,\n  TC_ADDED = 6,\n",
        ),
        ("a function", function, &more),
    ];
    for (index, (what, from, to)) in changes.into_iter().enumerate() {
        let grown = changed(from, to);
        assert_eq!(breakage(&header(), &grown, &format!("grown-{index}")), "", "{what}");
    }
}

#[test]
fn a_program_of_the_first_header_runs_with_the_library_of_today() {
    if !native::has(&["make", "cc", "valgrind"]) {
        return;
    }
    // It includes the header beside it, before the compiler looks in include/.
    let sources = ["tests/abi/first.c"];
    for linked in [Linked::shared(), Linked::Static] {
        let first = native::build_from("first", &sources, Language::C("c99"), &linked, &[]);
        let printed = native::run_under_valgrind(&first, &[], Leaks::AreErrors);
        assert!(printed.starts_with("built against 0.1.0, runs with "), "{printed}");
    }
}

#[test]
fn nothing_of_the_first_header_has_changed() {
    if !has_tools() {
        return;
    }
    let first = fs::read_to_string(native::root().join("tests/abi/tc_callback.h")).unwrap();
    if abi_version(&first) == abi_version(&header()) {
        assert_eq!(breakage(&first, &header(), "first"), "");
    }
}

#[test]
fn every_field_lies_where_compiled_programs_look_for_it() {
    if !native::has(&["make", "cc"]) {
        return;
    }
    let table = fs::read_to_string(native::root().join("tests/c/layout.c")).unwrap();
    for (record, fields) in records(&header()) {
        assert!(table.contains(&format!("SIZE({record}, ")), "tests/c/layout.c has no {record}");
        for field in fields {
            let row = format!("AT({record}, {field}, ");
            assert!(table.contains(&row), "tests/c/layout.c has no {field} of {record}");
        }
    }
    let program = native::build("layout", Language::C("c99"), &Linked::shared());
    println!("{}", native::run(&program, &[]));
}

/// The structs of a header, each with the names of its fields.
fn records(header: &str) -> Vec<(String, Vec<String>)> {
    let code = code(header);
    let records = code.split("typedef struct ").skip(1);
    let records = records.filter_map(|record| record.split_once("}")?.0.split_once(" {\n"));
    let field = |line: &str| {
        // A function's name stands before its parameters.
        let line = line.strip_suffix(';')?.split(")(").next()?;
        line.rsplit([' ', '*']).next().map(str::to_string)
    };
    let records = records
        .map(|(name, fields)| (name.to_string(), fields.lines().filter_map(field).collect()));
    let records: Vec<(String, Vec<String>)> = records.collect();
    assert!(records.len() > 15, "{} structs", records.len());
    records
}

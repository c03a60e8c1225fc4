//! The rows of the table and what each is to reach.

use crate::bodies::{FAMILIES, SHAPES};

pub const OURS: &str = "tc_callback";

pub struct Row {
    pub name: String,
    pub unit: &'static str,
    /// Whether every candidate reads the same, so that the checksums must be equal.
    pub is_checked: bool,
    /// How many times longer a round has to be than for the quickest operations.
    pub slowness: u32,
    /// Whether client and server are to share a processor.
    pub is_on_one_processor: bool,
    pub goals: Vec<Goal>,
}

/// What our figure may be at most.
pub enum Goal {
    /// So many times the figure of the fastest of these.
    Ratio(&'static [&'static str], f64),
    /// So much.
    Figure(f64),
}

use Goal::{Figure, Ratio};

impl Row {
    fn new(name: impl Into<String>, unit: &'static str, goals: Vec<Goal>) -> Row {
        Row {
            name: name.into(),
            unit,
            is_checked: false,
            slowness: 1,
            is_on_one_processor: false,
            goals,
        }
    }

    fn on_one_processor(self) -> Row {
        Row { is_on_one_processor: true, ..self }
    }

    fn checked(self) -> Row {
        Row { is_checked: true, ..self }
    }

    fn slow(self, slowness: u32) -> Row {
        Row { slowness, ..self }
    }
}

pub fn all() -> Vec<Row> {
    let mut rows = Vec::new();
    for shape in SHAPES {
        for family in FAMILIES {
            let name = format!("parse/{family}/{shape}");
            rows.push(Row::new(name, "ns", parse_goals(shape)).checked());
        }
    }
    for kind in ["members", "seats", "text"] {
        let goals = vec![Ratio(&["at 10 kB"], 1.5)];
        rows.push(Row::new(format!("growth/parse/{kind}"), "ns/byte", goals));
    }
    for family in FAMILIES {
        let goals = vec![Ratio(&["encoding/json/v2"], 0.25), Ratio(&["goccy"], 0.40)];
        rows.push(Row::new(format!("go/{family}"), "ns", goals).checked());
    }
    for family in FAMILIES {
        let goals =
            vec![Ratio(&["orjson"], 1.0), Ratio(&["json"], 0.35), Ratio(&["pydantic"], 0.35)];
        rows.push(Row::new(format!("python/{family}"), "ns", goals).checked());
    }
    rows.extend([
        Row::new("receiver/a", "ns", vec![Ratio(&["c-yyjson-openssl"], 1.0)]).checked(),
        Row::new(
            "usersig/fresh",
            "ns",
            vec![
                Ratio(&["c-openssl-zlib"], 0.05),
                Ratio(&["tencent-go"], 0.20),
                Ratio(&["tencent-python"], 0.04),
            ],
        ),
        Row::new("usersig/cached", "ns", vec![Ratio(&["fresh"], 0.10)]),
        Row::new(
            "rest/cpu-1",
            "ns",
            vec![Ratio(&["libcurl"], 0.85), Ratio(&["go"], 0.70), Ratio(&["requests"], 0.06)],
        )
        .slow(10)
        .on_one_processor(),
        // Time for a request among 16 threads: 1.2 times the requests a second.
        Row::new(
            "rest/rps-16",
            "ns",
            vec![Ratio(&["libcurl"], 1.0 / 1.2), Ratio(&["go"], 1.0 / 1.2)],
        )
        .slow(30),
        Row::new("size/file", "bytes", vec![Figure(2_500_000.0)]),
        Row::new("size/needed", "", vec![Figure(4.0)]),
        Row::new("load/dlopen", "us", vec![Ratio(&["libcurl"], 0.06)]),
        Row::new("load/rss", "KiB", vec![Ratio(&["libcurl"], 0.15)]),
        // Over an empty start of the interpreter.
        Row::new("import/python", "ns", vec![Figure(15e6)]),
    ]);
    rows
}

fn parse_goals(shape: &str) -> Vec<Goal> {
    match shape {
        "compact" => vec![
            Ratio(&["simdjson"], 0.90),
            Ratio(&["yyjson"], 0.85),
            Ratio(&["serde_json"], 0.33),
            Ratio(&["rapidjson"], 0.35),
            Ratio(&["nlohmann"], 0.08),
            Ratio(&["cjson"], 0.20),
        ],
        _ => vec![Ratio(&["simdjson", "yyjson"], 1.0), Ratio(&["serde_json"], 0.60)],
    }
}

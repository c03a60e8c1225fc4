//! The rows of the table and what each is to reach.

use crate::bodies::{FAMILIES, SHAPES};

pub const OURS: &str = "tc_callback";

pub struct Row {
    pub name: String,
    pub unit: &'static str,
    /// Whether every candidate reads the same, so that the checksums must be equal.
    pub is_checked: bool,
    pub goals: Vec<Goal>,
}

/// What our figure may be at most.
pub enum Goal {
    /// So many times the figure of the fastest of these.
    Ratio(&'static [&'static str], f64),
    /// So much.
    #[allow(dead_code)]
    Figure(f64),
}

impl Row {
    fn new(name: impl Into<String>, unit: &'static str, goals: Vec<Goal>) -> Row {
        Row { name: name.into(), unit, is_checked: false, goals }
    }

    fn checked(self) -> Row {
        Row { is_checked: true, ..self }
    }
}

pub fn all() -> Vec<Row> {
    let mut rows = Vec::new();
    for shape in SHAPES {
        for family in FAMILIES {
            rows.push(
                Row::new(format!("parse/{family}/{shape}"), "ns", parse_goals(shape)).checked(),
            );
        }
    }
    rows
}

fn parse_goals(shape: &str) -> Vec<Goal> {
    let mut goals = match shape {
        "compact" => vec![
            Goal::Ratio(&["simdjson"], 0.90),
            Goal::Ratio(&["yyjson"], 0.85),
            Goal::Ratio(&["serde_json"], 0.33),
        ],
        _ => vec![Goal::Ratio(&["simdjson", "yyjson"], 1.0), Goal::Ratio(&["serde_json"], 0.60)],
    };
    if shape == "compact" {
        goals.push(Goal::Ratio(&["rapidjson"], 0.35));
        goals.push(Goal::Ratio(&["nlohmann"], 0.08));
        goals.push(Goal::Ratio(&["cjson"], 0.20));
    }
    goals
}

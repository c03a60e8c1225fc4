//! What goes wrong on the way in `tc-callback scenario`: events that come twice, late, in another order, or never.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/dry_run.rs"]
mod dry_run;
mod support;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use dry_run::{Line, lines, number_of};
use support::{run, stderr, tc_callback};

const SEEDS: std::ops::Range<u32> = 0..10;

fn played(seed: u32, arguments: &[&str]) -> Vec<Line> {
    let seed = seed.to_string();
    let world =
        ["meeting", "--rooms", "20", "--start-time", "2026-01-05T09:00:00Z", "--seed", &seed];
    lines(&[&world, arguments].concat())
}

fn count(lines: &[Line], delivery: &str) -> usize {
    lines.iter().filter(|line| line.delivery == delivery).count()
}

fn event_time_ms(line: &Line) -> u64 {
    number_of(&line.event()["event_time_ms"]).try_into().unwrap()
}

/// Each room's lines, in the order in which they are sent.
fn by_room(lines: &[Line]) -> BTreeMap<&str, Vec<&Line>> {
    let mut rooms: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        rooms.entry(&line.room).or_default().push(line);
    }
    rooms
}

#[test]
fn without_disorder_each_event_is_sent_once_and_in_its_time() {
    for line in played(1, &[]) {
        assert_eq!(line.delivery, "sent");
        assert_eq!(line.time_ms, event_time_ms(&line));
    }
}

#[test]
fn shares_are_exact_and_the_events_stay_the_same() {
    for seed in SEEDS {
        let events = played(seed, &[]);
        let disorder = ["--duplicates", "7%", "--reorder", "5%", "--late", "4%", "--lost", "2.5%"];
        let lines = played(seed, &disorder);
        let share = |percent: f64| (events.len() as f64 * percent / 100.0).round() as usize;
        assert_eq!(count(&lines, "duplicate"), share(7.0));
        assert_eq!(count(&lines, "reordered"), share(5.0));
        assert_eq!(count(&lines, "late"), share(4.0));
        assert_eq!(count(&lines, "lost"), share(2.5));
        assert_eq!(lines.len(), events.len() + share(7.0));
        let bodies = |lines: &[Line]| -> BTreeSet<String> {
            lines.iter().map(|line| line.body.get().to_owned()).collect()
        };
        assert_eq!(bodies(&lines), bodies(&events));
    }
}

#[test]
fn a_duplicate_is_the_same_bytes_once_more_and_later() {
    for seed in SEEDS {
        let lines = played(seed, &["--duplicates", "50%"]);
        let mut sendings: HashMap<&str, Vec<&Line>> = HashMap::new();
        for line in &lines {
            sendings.entry(line.body.get()).or_default().push(line);
        }
        for same in sendings.values() {
            assert_eq!(same[0].delivery, "sent");
            if let [once, twice] = same[..] {
                assert_eq!(twice.delivery, "duplicate");
                assert_eq!(once.query, twice.query);
                assert!(once.time_ms < twice.time_ms);
            }
        }
        let twice = sendings.values().filter(|same| same.len() == 2).count();
        assert_eq!(twice, count(&lines, "duplicate"));
        assert_eq!(twice + sendings.len(), lines.len());
    }
}

#[test]
fn a_reordered_event_comes_right_after_the_next_one_of_its_room() {
    for seed in SEEDS {
        let lines = played(seed, &["--reorder", "20%"]);
        for events in by_room(&lines).values() {
            for (index, line) in events.iter().enumerate() {
                let before = index.checked_sub(1).map(|before| event_time_ms(events[before]));
                let is_overtaken = before.is_some_and(|before| before > event_time_ms(line));
                assert_eq!(is_overtaken, line.delivery == "reordered");
            }
        }
    }
}

#[test]
fn a_late_event_keeps_its_time_and_is_sent_5_to_60_s_later() {
    for line in played(1, &["--late", "20%"]) {
        let delay_ms = line.time_ms - event_time_ms(&line);
        match line.delivery.as_str() {
            "late" => assert!((5000..=60_000).contains(&delay_ms)),
            _ => assert_eq!(delay_ms, 0),
        }
    }
}

#[test]
fn a_signed_dry_run_is_signed_for_the_worlds_time() {
    let output = run(tc_callback(&["scenario", "--dry-run", "meeting", "--late", "20%"])
        .args(["--rooms", "1", "--seed", "1", "--start-time", "2026-01-05T09:00:00Z"])
        .env("TC_TOKEN", "a token"));
    let mut text = String::new();
    for line in support::stdout(&output).lines() {
        let line: Line = serde_json::from_str(line).unwrap();
        assert!(line.query.ends_with(&format!("&RequestTime={}", line.time_ms / 1000)));
        text += &line.query;
    }
    assert!(text.contains("&Sign=") && !text.contains("a+token"));
}

#[test]
fn shares_that_are_more_than_everything_are_refused() {
    let output = run(&mut tc_callback(&[
        "scenario",
        "meeting",
        "--dry-run",
        "--lost",
        "60%",
        "--late",
        "50%",
    ]));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("110 % together"), "{}", stderr(&output));
}

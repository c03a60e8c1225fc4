//! Scenarios of one's own: the examples, what a step can say, and what is said of a broken file.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/dry_run.rs"]
mod dry_run;
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use dry_run::{name, rooms, text};
use serde_json::Value;
use support::{run, run_with_input, stderr, stdout, tc_callback};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn example(name: &str) -> String {
    root().join("examples/scenarios").join(name).to_str().unwrap().to_owned()
}

/// The names of a room's events.
fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| name(event).trim_start_matches("CallbackAfter")).collect()
}

/// The events of the one room of this file.
fn played(file: &str) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.toml");
    fs::write(&path, file).unwrap();
    let rooms = rooms(&[path.to_str().unwrap(), "--rooms", "1"]);
    rooms.into_values().next().unwrap()
}

/// What is said of a file that is refused.
fn refused(file: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.toml");
    fs::write(&path, file).unwrap();
    let output = run(&mut tc_callback(&["scenario", "--dry-run", path.to_str().unwrap()]));
    assert_eq!(output.status.code(), Some(2), "{file}");
    assert_eq!(stdout(&output), "");
    let said = stderr(&output);
    let place = format!("error: {}:", path.display());
    said.trim_end().strip_prefix(&place).unwrap_or_else(|| panic!("{said}")).to_owned()
}

#[test]
fn the_example_of_a_meeting_plays_as_it_is_written() {
    let rooms = rooms(&[
        &example("stand-up.toml"),
        "--duplicates",
        "0",
        "--reorder",
        "0",
        "--late",
        "0",
        "--lost",
        "0",
    ]);
    assert_eq!(rooms.len(), 20);
    for events in rooms.values() {
        let (enter, seat, leave) = ("MemberEnter", "SeatInfoChanged", "MemberLeave");
        let expected = [
            &["CreateRoom"][..],
            &[enter; 5],
            &[seat; 3],
            &["UpdateRoomInfo"],
            &[leave; 5],
            &["DestroyRoom"],
        ];
        assert_eq!(names(events), expected.concat());
        assert_eq!(events[0]["room"]["room_name"], "Stand-up");
        assert_eq!(events[9]["room"]["room_name"], "Stand-up, day two");
        assert_eq!(events[10]["members"]["change_word"], "Kicked");
        let count = |event: &Value| event["members"]["member_count"].as_i64();
        let counts: Vec<_> = events.iter().filter_map(count).collect();
        assert_eq!(counts, [1, 2, 3, 4, 5, 4, 3, 2, 1, 0]);
        let time = |index: usize| events[index]["event_time_ms"].as_i64().unwrap();
        assert_eq!(time(9) - time(8), 60_000);
        assert_eq!(time(10) - time(9), 300_000);
    }
}

#[test]
fn the_example_of_a_call_plays_as_it_is_written() {
    let rooms = rooms(&[&example("missed-call.toml")]);
    assert_eq!(rooms.len(), 3);
    for events in rooms.values() {
        let action = |event: &Value| {
            event["call_members"]["changes"][0]["action_word"].as_str().map(str::to_owned)
        };
        let actions: Vec<_> = events.iter().filter_map(action).collect();
        assert_eq!(actions, ["Accept", "NotAnswer", "Invite", "Accept", "Hangup", "Hangup"]);
        let end = &events[events.len() - 1]["call_end"];
        assert_eq!(end["result_word"], "NormalEnd");
        assert_eq!(end["callee_accounts"].as_array().unwrap().len(), 4);
        assert_eq!(
            end["accept_time_s"].as_i64().unwrap() - end["start_time_s"].as_i64().unwrap(),
            4
        );
    }
    assert_eq!(text(&[&example("missed-call.toml")]), text(&[&example("missed-call.toml")]));
}

#[test]
fn every_example_plays_and_the_page_shows_one_as_it_is() {
    let mut count = 0;
    for entry in fs::read_dir(root().join("examples/scenarios")).unwrap() {
        let path = entry.unwrap().path();
        assert!(!text(&[path.to_str().unwrap()]).is_empty(), "{}", path.display());
        count += 1;
    }
    assert!(count >= 2);
    assert_eq!(blocks("toml"), [fs::read_to_string(example("stand-up.toml")).unwrap()]);
}

/// The blocks of this language in the page on scenarios.
fn blocks(language: &str) -> Vec<String> {
    let page = fs::read_to_string(root().join("docs/scenarios.md")).unwrap();
    let inside = page.split("```").skip(1).step_by(2);
    let blocks = inside.filter_map(|block| block.strip_prefix(&format!("{language}\n")));
    blocks.map(str::to_owned).collect()
}

#[test]
fn every_command_of_the_page_can_be_called() {
    let lines = blocks("sh").concat();
    assert!(lines.lines().count() >= 5);
    for line in lines.lines() {
        let arguments: Vec<_> = line.split_whitespace().skip(1).collect();
        let mut command = tc_callback(&arguments);
        if !line.contains("--dry-run") {
            command.arg("--dry-run");
        }
        let output = run(command.current_dir(root().join("examples/scenarios")));
        assert!(output.status.success(), "{line}: {}", stderr(&output));
        assert!(!stdout(&output).is_empty(), "{line}");
    }
}

#[test]
fn the_page_shows_what_is_said_of_a_broken_file() {
    let folder = tempfile::tempdir().unwrap();
    let broken = fs::read_to_string(example("stand-up.toml")).unwrap();
    let broken = broken.replace("AfterCreateRoom", "AfterCreateRom");
    fs::write(folder.path().join("stand-up.toml"), broken).unwrap();
    let mut command = tc_callback(&["scenario", "stand-up.toml", "--dry-run"]);
    let said = stderr(&run(command.current_dir(folder.path())));
    assert!(blocks("text").contains(&said), "{said}");
}

#[test]
fn a_file_without_steps_is_the_built_in_world_with_its_options_and_the_command_line_wins() {
    let file =
        "world = \"call\"\nrooms = 4\nmembers = 3\nseed = 7\nstart-time = 2026-01-05T09:00:00Z";
    let output = run_with_input(&mut tc_callback(&["scenario", "--dry-run", "-"]), file);
    let start = ["--start-time", "2026-01-05T09:00:00Z"];
    let world = ["call", "--rooms", "4", "--members", "3", "--seed", "7"];
    assert_eq!(stdout(&output), text(&[&world[..], &start].concat()));
    let mut command = tc_callback(&["scenario", "--dry-run", "-", "--seed", "8"]);
    let other = stdout(&run_with_input(&mut command, file));
    let world = ["call", "--rooms", "4", "--members", "3", "--seed", "8"];
    assert_eq!(other, text(&[&world[..], &start].concat()));
}

#[test]
fn values_are_set_as_they_are_written_and_fields_are_taken_out() {
    let events = played(
        r#"
        world = "meeting"
        [[step]]
        event = "Room.CallbackAfterCreateRoom"
        unset = ["RoomInfo.CustomInfo"]
        [step.set]
        ScheduleInviteeList_Account = ["a", "b"]
        EventTime = 7
        RoomInfo = { RoomName = "7", MaxMemberCount = 12, IsVideoDisabled = true }
        "#,
    );
    let room = &events[0]["room"];
    assert_eq!(events[0]["event_time_ms"], 7);
    assert_eq!(room["schedule_invitee_accounts"], Value::from(vec!["a", "b"]));
    assert_eq!(room["room_name"], "7");
    assert_eq!(room["max_member_count"], 12);
    assert_eq!(room["is_video_disabled"], true);
    assert_eq!(room["custom_info"], Value::Null);
}

#[test]
fn an_older_word_is_sent_as_it_is_written() {
    let events = played(
        r#"
        world = "meeting"
        step = [{ event = "AfterCreateRoom" }, { event = "Room.CallbackUpdateRoomInfo" }]
        "#,
    );
    assert_eq!(events[1]["command_word"], "Room.CallbackUpdateRoomInfo");
    assert_eq!(events[1]["query_command_word"], "Room.CallbackUpdateRoomInfo");
}

#[test]
fn a_result_follows_from_what_happened() {
    let end = |steps: &str| {
        let file = format!(
            "world = \"call\"\nmembers = 2\n[[step]]\nevent = \"AfterStartCall\"\n{steps}\n[[step]]\nevent = \"AfterEndCall\""
        );
        let events = played(&file);
        events[events.len() - 1]["call_end"]["result_word"].clone()
    };
    let change =
        |action: &str| format!("[[step]]\nevent = \"AfterMemberChanged\"\naction = \"{action}\"\n");
    assert_eq!(end(""), "Cancel");
    assert_eq!(end(&change("Reject")), "Reject");
    assert_eq!(end(&change("NotAnswer")), "NotAnswer");
    assert_eq!(end(&(change("accept") + &change("Hangup"))), "NormalEnd");
    assert_eq!(end(&(change("Accept") + &change("Offline"))), "Offline");
}

#[test]
fn a_broken_file_is_refused_with_the_place_and_what_was_expected() {
    for (file, place, expected) in [
        ("world = \"meeting", "1:17", "expected"),
        ("world = \"party\"", "1:9", "`meeting` or `call`"),
        ("rooms = 3", "1:1", "world = \"meeting\""),
        ("world = \"call\"\nrooms = 0", "2:9", "from 1 to 10000"),
        ("world = \"call\"\nromms = 1", "2:1", "`rooms`"),
        ("world = \"call\"\nmembers = \"8..2\"", "2:11", "2..8"),
        ("world = \"call\"\n# é\nrate = \"fast\"", "3:8", "200/s"),
        ("world = \"call\"\nlost = \"lots\"", "2:8", "5%"),
        ("world = \"call\"\nstart-time = \"soon\"", "2:14", "2026-01-05T09:00:00Z"),
        ("world = \"call\"\nstart-time = 2026-01-05", "2:14", "2026-01-05T09:00:00Z"),
        ("world = \"call\"\n[[step]]\nafter = \"1s\"", "2:1", "`event`"),
        ("world = \"call\"\n[[step]]\nevent = \"Start\"", "3:9", "AfterStartCall"),
        ("world = \"call\"\n[[step]]\nevent = \"StartCall\"\nafter = 200", "4:9", "200ms"),
    ] {
        let said = refused(file);
        assert!(said.starts_with(&format!("{place}: ")), "{file}: {said}");
        assert!(said.contains(expected), "{file}: {said}");
        assert!(!said.contains('\n'), "{said}");
    }
}

#[test]
fn a_step_that_cannot_be_is_refused_with_its_place_and_the_reason() {
    let meeting = |steps: &str| {
        let steps = steps.split_whitespace().map(|step| match step.split_once(':') {
            Some((event, rest)) => format!("{{ event = \"{event}\", {rest} }},\n"),
            None => format!("{{ event = \"{step}\" }},\n"),
        });
        let step: String = steps.collect();
        refused(&format!("world = \"meeting\"\nmembers = 2\nstep = [\n{step}]"))
    };
    for (steps, line, reason) in [
        ("MemberEnter", 4, "there is no room"),
        ("CreateRoom CreateRoom", 5, "created already"),
        ("CreateRoom MemberEnter:repeat=3", 5, "everyone who could enter"),
        ("CreateRoom MemberLeave", 5, "nobody is in the room"),
        (
            "CreateRoom MemberEnter MemberLeave:action=\"Kicked\",member=1",
            6,
            "nobody is in the room",
        ),
        ("CreateRoom SeatInfoChanged", 5, "without a seat"),
        ("CreateRoom SeatInfoChanged:action=\"Leave\"", 5, "nobody has a seat"),
        ("CreateRoom SeatInfoChanged:action=\"Unlock\"", 5, "no seat is locked"),
        ("CreateRoom SeatInfoChanged:action=\"Sit\"", 5, "Take, Leave, Lock, Unlock"),
        ("CreateRoom:action=\"Leave\"", 4, "has no actions"),
        ("CreateRoom DestroyRoom:member=1", 5, "one of the members"),
        ("CreateRoom SeatInfoChanged:action=\"Lock\",member=1", 5, "one of the members"),
        ("CreateRoom StartCall", 5, "no event of a meeting"),
        ("CreateRoom:set={RoomInfo.RoomName.x=1}", 4, "RoomInfo.RoomName.x"),
        ("CreateRoom:unset=[\"Reason\"]", 4, "Reason"),
    ] {
        let said = meeting(steps);
        assert!(said.starts_with(&format!("{line}:11: ")), "{steps}: {said}");
        assert!(said.contains(reason), "{steps}: {said}");
    }
}

#[test]
fn a_scenario_that_is_neither_a_world_nor_a_file_is_a_wrong_call() {
    let output = run(&mut tc_callback(&["scenario", "meetings", "--dry-run"]));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("a scenario is meeting, call or a file"));
}

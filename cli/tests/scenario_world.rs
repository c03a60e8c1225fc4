//! The worlds of `tc-callback scenario`: what its events say agrees, whatever the seed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/dry_run.rs"]
mod dry_run;
mod support;

use std::collections::{BTreeMap, BTreeSet};

use dry_run::{lines, name, number_of, rooms, text, text_of};
use serde_json::Value;
use support::{run, stderr, stdout, tc_callback};

const SEEDS: std::ops::Range<u32> = 0..40;

/// Hands each room's events to a check, for many seeds; returns which values an event had at this place.
fn for_many_seeds(kind: &str, check: impl Fn(&[Value])) -> BTreeMap<String, usize> {
    let mut seen = BTreeMap::new();
    for seed in SEEDS {
        let rooms = rooms(&[kind, "--rooms", "5", "--seed", &seed.to_string()]);
        assert_eq!(rooms.len(), 5);
        for (room, events) in rooms {
            for event in &events {
                assert_eq!(event["subject"], *room);
                *seen.entry(name(event).to_owned()).or_default() += 1;
            }
            check(&events);
        }
    }
    seen
}

/// A meeting as a host keeps it.
#[derive(Default)]
struct Room {
    owner: String,
    mode: Value,
    inside: BTreeSet<String>,
    seats: BTreeMap<i64, String>,
    locked: BTreeSet<i64>,
}

impl Room {
    fn enter(&mut self, event: &Value) {
        let (members, account) = (&event["members"], the_member(event));
        assert!(self.inside.insert(account), "{event}: is inside already");
        assert_eq!(members["change_word"], "Enter");
        assert_eq!(number_of(&members["member_count"]), self.inside.len() as i64, "{event}");
    }

    fn leave(&mut self, event: &Value) {
        let (members, account) = (&event["members"], the_member(event));
        assert!(self.inside.remove(&account), "{event}: has not entered");
        assert!(!self.seats.values().any(|seated| *seated == account), "{event}: sits");
        assert_eq!(number_of(&members["member_count"]), self.inside.len() as i64, "{event}");
        let by = if members["change_word"] == "Kicked" { &self.owner } else { &account };
        assert_eq!(event["operator_account"], **by);
    }

    fn seat(&mut self, event: &Value) {
        for seat in event["seats"]["seats"].as_array().unwrap() {
            let index = number_of(&seat["index"]);
            let is_locked = seat["is_taken_disabled"].as_bool().unwrap();
            if is_locked {
                self.locked.insert(index)
            } else {
                self.locked.remove(&index)
            };
            let Some(occupant) = seat["member_account"].as_str() else {
                self.seats.remove(&index);
                continue;
            };
            assert!(!is_locked, "{event}: sits on a locked seat");
            assert!(self.inside.contains(occupant), "{event}: sits without being inside");
            assert!(!self.seats.values().any(|seated| seated == occupant), "{event}: sits twice");
            assert_eq!(self.seats.insert(index, occupant.to_owned()), None, "{event}: is taken");
        }
    }

    fn describe(&mut self, event: &Value) {
        let room = &event["room"];
        assert_eq!(room["owner_account"], *self.owner);
        assert_eq!(room["take_seat_mode_word"], self.mode);
        assert_eq!(room["max_member_count"], 300);
    }
}

fn the_member(event: &Value) -> String {
    let accounts = event["members"]["member_accounts"].as_array().unwrap();
    assert_eq!(accounts.len(), 1);
    text_of(&accounts[0])
}

#[test]
fn a_meeting_is_created_once_and_destroyed_last_and_its_members_and_seats_add_up() {
    let seen = for_many_seeds("meeting", |events| {
        let create = &events[0];
        assert_eq!(name(create), "CallbackAfterCreateRoom");
        let time_s = number_of(&create["event_time_ms"]) / 1000;
        assert_eq!(create["room"]["create_time_s"], time_s);
        let (owner, mode) =
            (text_of(&create["operator_account"]), create["room"]["take_seat_mode_word"].clone());
        let mut room = Room { owner, mode, ..Room::default() };
        room.describe(create);
        for event in &events[1..events.len() - 1] {
            match name(event) {
                "CallbackAfterMemberEnter" => room.enter(event),
                "CallbackAfterMemberLeave" => room.leave(event),
                "CallbackAfterSeatInfoChanged" => room.seat(event),
                "CallbackAfterUpdateRoomInfo" => room.describe(event),
                other => panic!("{other} within a meeting"),
            }
        }
        assert_eq!(name(&events[events.len() - 1]), "CallbackAfterDestroyRoom");
    });
    assert_eq!(seen.len(), 6, "every event of a meeting occurs: {seen:?}");
}

#[test]
fn everyone_enters_and_all_ways_to_leave_and_to_change_a_seat_occur() {
    let mut changes = BTreeSet::new();
    let mut seats = BTreeSet::new();
    for seed in SEEDS {
        for (_, events) in rooms(&["meeting", "--members", "6", "--seed", &seed.to_string()]) {
            let entered: BTreeSet<_> = events
                .iter()
                .filter(|event| name(event) == "CallbackAfterMemberEnter")
                .map(the_member)
                .collect();
            assert_eq!(entered.len(), 6);
            for event in &events {
                if let Some(change) = event["members"]["change_word"].as_str() {
                    changes.insert(change.to_owned());
                }
                for seat in event["seats"]["seats"].as_array().into_iter().flatten() {
                    seats.insert((
                        seat["member_account"].is_string(),
                        seat["is_taken_disabled"] == true,
                    ));
                }
            }
        }
    }
    assert_eq!(changes, ["Enter", "Expired", "Kicked", "Leave"].map(str::to_owned).into());
    assert_eq!(seats, [(false, false), (false, true), (true, false)].into());
}

/// A call as a host keeps it.
#[derive(Default)]
struct Call {
    status: BTreeMap<String, String>,
    everyone: Vec<String>,
    accept_s: i64,
    actions: Vec<String>,
}

impl Call {
    fn change(&mut self, event: &Value) {
        for change in event["call_members"]["changes"].as_array().unwrap() {
            let (account, action) = (text_of(&change["account"]), text_of(&change["action_word"]));
            let before = self.status.get(&account).map(String::as_str);
            let (needed, after) = match action.as_str() {
                "Accept" => (Some("Waiting"), Some("Calling")),
                "Reject" | "NotAnswer" | "Cancel_Invite" => (Some("Waiting"), None),
                "Hangup" | "Offline" => (Some("Calling"), None),
                "Join" => (None, Some("Calling")),
                "Invite" => (None, Some("Waiting")),
                other => panic!("{other}"),
            };
            assert_eq!(before, needed, "{event}");
            if before.is_none() {
                self.everyone.push(account.clone());
            }
            if after == Some("Calling") && self.accept_s == 0 {
                self.accept_s = number_of(&event["event_time_ms"]) / 1000;
            }
            self.status.remove(&account);
            self.status.extend(after.map(|status| (account, status.to_owned())));
            self.actions.push(action);
        }
        assert_eq!(users(&event["call_members"]), self.status, "{event}");
    }

    fn end(&self, event: &Value, start_s: i64) {
        let end = &event["call_end"];
        let end_s = number_of(&event["event_time_ms"]) / 1000;
        assert_eq!(end["start_time_s"], start_s);
        assert_eq!(end["accept_time_s"], self.accept_s);
        assert_eq!(end["end_time_s"], end_s);
        assert!(self.accept_s == 0 || (start_s..=end_s).contains(&self.accept_s));
        assert_eq!(end["callee_accounts"], Value::from(self.everyone.clone()));
        assert_eq!(end["caller_account"], *self.everyone[0]);
        let kind = if self.everyone.len() == 2 { "SingleCall" } else { "MultiCall" };
        assert_eq!(end["call_type_word"], kind);
        let calling = self.status.values().filter(|status| *status == "Calling").count();
        let last = self.actions.last().map(String::as_str);
        match end["result_word"].as_str().unwrap() {
            "NormalEnd" => assert!(self.accept_s > 0 && calling <= 1 && last != Some("Offline")),
            "Offline" => assert!(self.accept_s > 0 && calling <= 1 && last == Some("Offline")),
            "Interrupt" => assert!(self.accept_s > 0 && calling > 1),
            "Cancel" | "CallBusy" => assert!(self.accept_s == 0 && last.is_none()),
            answer @ ("Reject" | "NotAnswer") => {
                assert!(self.accept_s == 0 && last == Some(answer))
            }
            other => panic!("{other}"),
        }
    }
}

fn users(payload: &Value) -> BTreeMap<String, String> {
    let users = payload["users"].as_array().unwrap().iter();
    users.map(|user| (text_of(&user["account"]), text_of(&user["status_word"]))).collect()
}

#[test]
fn a_call_starts_and_ends_once_and_its_people_times_and_result_follow_from_what_happened() {
    let seen = for_many_seeds("call", |events| {
        let start = &events[0];
        assert_eq!(name(start), "CallbackAfterStartCall");
        let start_s = number_of(&start["event_time_ms"]) / 1000;
        let listed = start["call_start"]["users"].as_array().unwrap().iter();
        let everyone: Vec<_> = listed.map(|user| text_of(&user["account"])).collect();
        let status = users(&start["call_start"]);
        assert_eq!(status.values().filter(|status| *status == "Calling").count(), 1);
        assert_eq!(status[&everyone[0]], "Calling");
        let mut call = Call { status, everyone, ..Call::default() };
        for event in &events[1..events.len() - 1] {
            match name(event) {
                "CallbackAfterMemberChanged" => call.change(event),
                "CallbackAfterRecordChanged" => {
                    let record = &event["call_record"];
                    assert_eq!(record["room_id"], start["call_start"]["room_id"]);
                    let seen_ms = number_of(&record["engine_event_time_ms"]);
                    assert!(seen_ms <= number_of(&event["event_time_ms"]));
                    assert!(call.accept_s > 0 && seen_ms / 1000 >= call.accept_s);
                    assert_eq!(record["engine_event_time_s"], seen_ms / 1000);
                }
                other => panic!("{other} within a call"),
            }
        }
        let end = &events[events.len() - 1];
        assert_eq!(name(end), "CallbackAfterEndCall");
        assert_eq!(end["call_end"]["room_id"], start["call_start"]["room_id"]);
        assert_eq!(end["call_end"]["media_type_word"], start["call_start"]["media_type_word"]);
        call.end(end, start_s);
    });
    assert_eq!(seen.len(), 4, "every event of a call occurs: {seen:?}");
}

#[test]
fn all_results_and_actions_of_a_call_occur() {
    let mut results = BTreeSet::new();
    let mut actions = BTreeSet::new();
    for seed in SEEDS {
        for (_, events) in rooms(&["call", "--rooms", "30", "--seed", &seed.to_string()]) {
            for event in &events {
                results.extend(event["call_end"]["result_word"].as_str().map(str::to_owned));
                for change in event["call_members"]["changes"].as_array().into_iter().flatten() {
                    actions.insert(text_of(&change["action_word"]));
                }
            }
        }
    }
    assert_eq!(results.len(), 7, "{results:?}");
    assert_eq!(actions.len(), 8, "{actions:?}");
}

#[test]
fn times_of_a_room_only_go_forward_from_the_start_that_is_given() {
    for kind in ["meeting", "call"] {
        let start = ["--start-time", "2026-01-05T09:00:00Z"];
        let rooms = rooms(&[&[kind, "--seed", "1"][..], &start].concat());
        let start_ms = 1_767_603_600_000;
        let first = rooms.values().map(|events| number_of(&events[0]["event_time_ms"])).min();
        assert_eq!(first, Some(start_ms));
        for events in rooms.values() {
            let times: Vec<_> =
                events.iter().map(|event| number_of(&event["event_time_ms"])).collect();
            assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{times:?}");
        }
    }
}

#[test]
fn without_a_start_the_last_event_is_of_now() {
    let before_s = support::now_s() as i64;
    let rooms = rooms(&["meeting", "--seed", "1"]);
    let times = rooms.values().flatten().map(|event| number_of(&event["event_time_ms"]) / 1000);
    let last_s = times.max().unwrap();
    assert!((before_s..=support::now_s() as i64).contains(&last_s), "{last_s}");
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    for kind in ["meeting", "call"] {
        let of = |seed: &str| {
            let disorder =
                ["--duplicates", "5%", "--reorder", "5%", "--late", "5%", "--lost", "5%"];
            let start = [kind, "--seed", seed, "--start-time", "2026-01-05T09:00:00Z"];
            text(&[&start[..], &disorder].concat())
        };
        assert_eq!(of("7"), of("7"));
        assert_ne!(of("7"), of("8"));
    }
}

#[test]
fn a_seed_that_was_not_given_is_told_so_that_it_can_be() {
    let start = ["--start-time", "2026-01-05T09:00:00Z"];
    let output = run(tc_callback(&["scenario", "call", "--dry-run"]).args(start));
    let said = stderr(&output);
    let seed = said.trim_end().strip_prefix("seed ").unwrap();
    assert_eq!(text(&[&["call", "--seed", seed][..], &start].concat()), stdout(&output));
}

#[test]
fn rooms_and_members_are_as_many_as_asked_for() {
    for seed in SEEDS {
        let seed = seed.to_string();
        let rooms = rooms(&["call", "--rooms", "3", "--members", "3..4", "--seed", &seed]);
        assert_eq!(rooms.len(), 3);
        for events in rooms.values() {
            let started = events[0]["call_start"]["users"].as_array().unwrap().len();
            assert!((2..=4).contains(&started));
            let end = &events[events.len() - 1]["call_end"];
            assert!((2..=4).contains(&end["callee_accounts"].as_array().unwrap().len()));
        }
    }
}

#[test]
fn an_account_has_digits_that_a_double_would_lose_and_is_text_or_a_number_as_in_the_samples() {
    let lines = lines(&["meeting", "--seed", "1"]);
    let with = |part: &str| lines.iter().any(|line| line.body.get().contains(part));
    assert!(with("\"Member_Account\":144115"));
    assert!(with("\"MemberList_Account\":[\"144115"));
    assert!(with("\"IsCloudRecordingDisabled\":\"false\""), "an update has the vendor's text");
    assert!(with("\"IsCloudRecordingDisabled\":false"), "a new room has a boolean");
}

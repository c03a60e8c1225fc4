//! The decoder against serde_json, which is the judge: what is JSON, and every value that an event has.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/differential/mod.rs"]
mod differential;

use differential::mutation::{Tree, VALUES, mutate, nested};
use differential::{QUERIES, check, node};
use fastrand::Rng;
use tc_callback::event::Limits;

/// The vendor's sample of every callback.
fn samples() -> Vec<Vec<u8>> {
    let folder = format!("{}/tests/fixtures", env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<_> = ["conference", "call"]
        .iter()
        .flat_map(|product| std::fs::read_dir(format!("{folder}/{product}")).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_str().unwrap().contains(".Callback"))
        .collect();
    paths.sort();
    assert_eq!(paths.len(), 10);
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

fn trees() -> Vec<Tree> {
    samples().iter().map(|body| Tree::new(&node(body).unwrap())).collect()
}

fn is_event(body: &[u8]) -> bool {
    check(&QUERIES[0], body, &Limits::default())
}

#[test]
fn every_sample_is_read_alike_however_it_is_spaced() {
    for (sample, tree) in samples().iter().zip(trees()) {
        for query in &QUERIES {
            for body in [sample, &tree.compact()] {
                assert!(check(query, body, &Limits::default()));
            }
        }
        for length in [1, 2, 7, 8, 15, 16, 17, 31, 32, 33, 64, 65] {
            for space in [" ", "\t", "\r", "\n", " \n", "\r\n\t "] {
                let run: Vec<u8> = space.bytes().cycle().take(length).collect();
                assert!(is_event(&tree.write(&mut || run.clone())));
            }
        }
        // What other languages count as white space.
        for other in ["\u{b}", "\u{c}", "\u{a0}", "\u{85}", "\u{2028}", "\0"] {
            for place in 0..8 {
                let mut left: i32 = place;
                let body = tree.write(&mut || {
                    let is_here = left == 0;
                    left -= 1;
                    if is_here { other.into() } else { Vec::new() }
                });
                assert!(!is_event(&body));
            }
        }
    }
}

#[test]
fn a_body_cut_off_at_any_byte_is_refused_alike() {
    for (sample, tree) in samples().iter().zip(trees()) {
        for body in [sample.trim_ascii_end(), &tree.compact()] {
            for end in 0..body.len() {
                assert!(!is_event(&body[..end]));
            }
        }
    }
}

#[test]
fn any_value_in_the_place_of_any_other_is_read_or_refused_alike() {
    let mut events = 0;
    for tree in trees() {
        for index in 0..tree.count() {
            for value in VALUES {
                let mut changed = tree.clone();
                *changed.value(index).unwrap() = Tree::Leaf(value.to_vec());
                events += usize::from(is_event(&changed.compact()));
            }
        }
    }
    assert!(events > 5_000, "{events}");
}

#[test]
fn of_a_key_that_stands_twice_the_last_counts_whatever_it_says() {
    let values = [
        "null",
        "7",
        "\"7\"",
        "true",
        "\"w\"",
        "[]",
        "[\"x\",3]",
        "[{}]",
        "{}",
        "{\"RoomId\":null}",
    ];
    for tree in trees() {
        for index in 0..tree.count() {
            let mut object = tree.clone();
            let Some(Tree::Object(members)) = object.value(index) else { continue };
            for member in 0..members.len() {
                for value in values {
                    for place in [member, member + 1, members.len()] {
                        let mut changed = tree.clone();
                        let Some(Tree::Object(twice)) = changed.value(index) else { continue };
                        twice.insert(place, (members[member].0.clone(), Tree::Leaf(value.into())));
                        is_event(&changed.compact());
                    }
                }
            }
        }
    }
}

/// Shows every order of these.
fn each_order(members: &mut [String], fixed: usize, show: &mut dyn FnMut(&[String])) {
    if fixed == members.len() {
        return show(members);
    }
    for index in fixed..members.len() {
        members.swap(fixed, index);
        each_order(members, fixed + 1, show);
        members.swap(fixed, index);
    }
}

/// Checks the callback of these members in every order, and returns how many different events there were, but for where a mismatch is.
fn events_of_each_order(command: &str, members: &[String]) -> usize {
    let mut members = members.to_vec();
    members.push(format!(r#""CallbackCommand":"{command}""#));
    let mut events = std::collections::BTreeSet::new();
    each_order(&mut members, 0, &mut |members| {
        let body = format!("{{{}}}", members.join(","));
        assert!(is_event(body.as_bytes()));
        let event = tc_callback::event::parse(b"", body.as_bytes(), &Limits::default()).unwrap();
        let mut event = serde_json::to_value(&*event).unwrap();
        let fields = event.as_object_mut().unwrap();
        fields.remove("duplicate_key");
        fields.remove("mismatch");
        events.insert(event.to_string());
    });
    events.len()
}

/// A member, or none, for each of: not sent, null, of another type, a value.
fn each_value(key: &str, value: &str) -> [Vec<String>; 4] {
    let member = |value: &str| vec![format!("\"{key}\":{value}")];
    [vec![], member("null"), member("[true]"), member(value)]
}

#[test]
fn the_order_of_members_does_not_matter_wherever_a_field_is_sent() {
    let update = "Room.CallbackAfterUpdateRoomInfo";
    for id in each_value("RoomId", "\"in\"") {
        for time in each_value("EventTime", "6") {
            let inner = [id.clone(), vec![r#""RoomName":"n""#.into()], time.clone()].concat();
            let reversed: Vec<String> = inner.iter().rev().cloned().collect();
            let infos = [inner, reversed].map(|inner| format!("{{{}}}", inner.join(",")));
            for outer_id in each_value("RoomId", "\"out\"") {
                for outer_time in each_value("EventTime", "\"5\"") {
                    for info in &infos {
                        let info = vec![format!(r#""RoomInfo":{info}"#)];
                        let members = [outer_id.clone(), outer_time.clone(), info].concat();
                        assert_eq!(events_of_each_order(update, &members), 1, "{members:?}");
                    }
                }
            }
        }
    }
    for info in ["true", "null", "[]", "\"x\"", "{}"] {
        for id in each_value("RoomId", "\"out\"") {
            for time in each_value("EventTime", "5") {
                let members = [id.clone(), time, vec![format!(r#""RoomInfo":{info}"#)]].concat();
                assert_eq!(events_of_each_order(update, &members), 1, "{members:?}");
            }
        }
    }
    for one in each_value("CallMediaType", "\"Video\"") {
        for other in each_value("MediaType", "\"audio\"") {
            let mut inner = [one.clone(), other, vec![r#""CallId":"c""#.into()]].concat();
            let mut events = std::collections::BTreeSet::new();
            each_order(&mut inner, 0, &mut |inner| {
                let info = format!(r#""CallInfo":{{{}}}"#, inner.join(","));
                let members = [info, r#""UserList":[{"Status":"Calling"}]"#.to_owned()];
                events.insert(events_of_each_order("Call.CallbackAfterStartCall", &members));
            });
            assert_eq!(Vec::from_iter(events), [1], "{inner:?}");
        }
    }
    for one in each_value("RoomId", "\"r\"") {
        for other in each_value("CallId", "7") {
            assert_eq!(events_of_each_order("Live.CallbackNew", &[one.clone(), other].concat()), 1);
        }
    }
}

#[test]
fn objects_lists_and_fields_that_are_sent_twice_are_read_alike_in_every_order() {
    let members = |members: &[&str]| members.iter().map(|member| (*member).to_owned()).collect();
    let cases: [(&str, Vec<String>); 6] = [
        (
            "Room.CallbackAfterUpdateRoomInfo",
            members(&[
                r#""RoomInfo":{"RoomId":"first","EventTime":1,"RoomName":"n"}"#,
                r#""RoomInfo":{"RoomId":null,"RoomId":"second","CustomInfo":[]}"#,
                r#""RoomInfo":true"#,
                r#""RoomId":"outer""#,
                r#""EventTime":null"#,
            ]),
        ),
        (
            "Room.CallbackAfterCreateRoom",
            members(&[
                r#""RoomInfo":{"R\u006fomId":"first"}"#,
                r#""R\u006fomInfo":{"RoomName":"last","RoomName":7}"#,
                r#""ScheduleInviteeList_Account":["a",1]"#,
                r#""ScheduleInviteeList_Account":[null]"#,
                r#""RoomInfo":null"#,
            ]),
        ),
        (
            "Mic.CallbackAfterSeatInfoChanged",
            members(&[
                r#""SeatList":[{"Index":1,"Index":2},{"IsTakenDisabled":"tru\u0065"}]"#,
                r#""SeatList":[{"Index":"x","Member_Account":"m","Index":null},7]"#,
                r#""SeatList":{}"#,
                r#""RoomId":"r""#,
            ]),
        ),
        (
            "Call.CallbackAfterMemberChanged",
            members(&[
                r#""UserList":[{"User_Account":"a"},{"Status":"Calling","Status":"Waiting"}]"#,
                r#""UserList":[]"#,
                r#""ChangedUserList":[{"ActionType":"Accept"},{"ActionType":"Reject","User_Account":"b"}]"#,
                r#""ChangedUserList":null"#,
            ]),
        ),
        (
            "Call.CallbackAfterEndCall",
            members(&[
                r#""CallRecord":{"CallId":"a","CalleeList_Account":["x"],"CalleeList_Account":["y","z"]}"#,
                r#""CallRecord":{"CallId":"b","StartTime":"\u0031"}"#,
                r#""EventTime":"soon""#,
                r#""EventTime":3"#,
            ]),
        ),
        (
            "Call.CallbackAfterRecordChanged",
            members(&[
                r#""Callback":{"EventInfo":{"Payload":{"a":1},"RoomId":"a"},"EventInfo":{"EventTs":1}}"#,
                r#""Callback":{"EventType":311,"EventInfo":{"Payload":null,"Payload":[2]}}"#,
                r#""CallId":"c""#,
                r#""CallId":{}"#,
            ]),
        ),
    ];
    for (command, members) in cases {
        assert!(events_of_each_order(command, &members) > 1, "{command}");
    }
}

#[test]
fn what_stands_around_a_body_is_refused_alike() {
    for tree in trees() {
        let body = tree.compact();
        for value in VALUES {
            is_event(&[value, &*body].concat());
            is_event(&[&body, *value].concat());
            is_event(&[&*body, b" ", value].concat());
        }
    }
    for value in VALUES {
        assert!(!is_event(value));
    }
}

#[test]
fn nesting_is_taken_and_refused_at_the_same_depth() {
    let mut rng = Rng::with_seed(1);
    for tree in trees() {
        for depth in 124..=128 {
            for index in 0..tree.count().min(5) {
                let mut changed = tree.clone();
                *changed.value(index).unwrap() = Tree::Leaf(nested(depth, &mut rng));
                is_event(&changed.compact());
            }
        }
        let body = tree.compact();
        for max_depth in 0..6 {
            check(&QUERIES[0], &body, &Limits { max_depth, ..Limits::default() });
        }
    }
}

#[test]
fn bodies_changed_at_random_are_read_or_refused_alike() {
    const ROUNDS: usize = 1_000;
    let mut rng = Rng::with_seed(20_240_607);
    let (mut events, mut refusals) = (0, 0);
    for tree in trees() {
        for round in 0..ROUNDS {
            let body = mutate(&tree, &mut rng);
            let limits = match round % 8 {
                0 => Limits { max_elements: rng.usize(..6), ..Limits::default() },
                1 => Limits { max_depth: rng.usize(..8), ..Limits::default() },
                2 => Limits { max_body_bytes: rng.usize(..600), ..Limits::default() },
                _ => Limits::default(),
            };
            match check(&QUERIES[round % 2], &body, &limits) {
                true => events += 1,
                false => refusals += 1,
            }
        }
    }
    assert!(events > ROUNDS && refusals > ROUNDS, "{events} events, {refusals} refusals");
}

//! What the decoder makes of bodies: the vendor's samples, their quirks, and what is not JSON.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use tc_callback::catalog::{Command, Product};
use tc_callback::error::{Error, Status};
use tc_callback::event::{
    ABSENT, CallAction, CallResult, CallType, CallUserStatus, JsonKind, Limits, MediaType,
    MemberChange, NOT_SENT, ParsedEvent, Platform, RoomStatus, RoomType, TakeSeatMode, parse,
};

fn fixture(path: &str) -> String {
    let path = format!("{}/tests/fixtures/{path}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn event(body: &str) -> ParsedEvent {
    parse(b"", body.as_bytes(), &Limits::default()).unwrap()
}

fn refusal(body: &[u8]) -> Error {
    parse(b"", body, &Limits::default()).expect_err("should be refused")
}

fn texts(list: &[tc_callback::event::Str]) -> Vec<&str> {
    list.iter().map(|text| text.or_empty()).collect()
}

#[test]
fn a_created_room_has_every_documented_field() {
    let event = event(&fixture("conference/Room.CallbackAfterCreateRoom"));
    assert_eq!(event.command, Command::RoomAfterCreateRoom as i32);
    assert_eq!(event.product, Product::Conference as i32);
    assert_eq!(event.command_word.get(), Some("Room.CallbackAfterCreateRoom"));
    assert_eq!(event.operator_account.get(), Some("admin"));
    assert_eq!(event.subject.get(), Some("tandy-test-rest"));
    assert_eq!(event.event_time_ms, 1_703_589_922_780);
    assert_eq!(event.mismatch_count, 0);
    let room = event.room().unwrap();
    assert_eq!(room.room_id.get(), Some("tandy-test-rest"));
    assert_eq!(room.room_name.get(), Some("tandy-test-rest"));
    assert_eq!(room.room_type_word.get(), Some("Meeting"));
    assert_eq!(room.room_type, RoomType::Conference as i32);
    assert_eq!(room.owner_account.get(), Some("user3"));
    assert_eq!(room.take_seat_mode, TakeSeatMode::ApplyToTake as i32);
    assert_eq!(room.room_status, RoomStatus::Running as i32);
    assert_eq!(room.custom_info.get(), Some("custom123"));
    assert_eq!((room.max_member_count, room.max_seat_count), (300, 16));
    for flag in [
        room.is_seat_enabled,
        room.is_video_disabled,
        room.is_audio_disabled,
        room.is_message_disabled,
        room.is_screen_sharing_disabled,
        room.is_cloud_recording_disabled,
    ] {
        assert_eq!(flag, 1);
    }
    assert_eq!(room.schedule_start_time_s, 1_703_589_922);
    assert_eq!(room.schedule_end_time_s, 1_703_593_522);
    assert_eq!(room.create_time_s, 1_703_589_922);
    assert_eq!(texts(room.schedule_invitee_accounts()), ["user2", "user3", "user3"]);
}

#[test]
fn a_changed_room_sends_a_boolean_as_text() {
    let event = event(&fixture("conference/Room.CallbackAfterUpdateRoomInfo"));
    assert_eq!(event.command, Command::RoomAfterUpdateRoomInfo as i32);
    let room = event.room().unwrap();
    assert_eq!(room.is_cloud_recording_disabled, 0);
    assert_eq!(room.is_video_disabled, 0);
    assert_eq!(room.is_seat_enabled, NOT_SENT);
    assert_eq!(room.create_time_s, ABSENT);
    assert!(room.room_type_word.is_absent());
    assert_eq!(room.room_type, NOT_SENT);
    assert_eq!(room.take_seat_mode_word.get(), Some("FreeToTake"));
    assert!(room.schedule_invitee_accounts().is_empty());
}

#[test]
fn a_destroyed_room_sends_its_id_at_the_top() {
    let event = event(&fixture("conference/Room.CallbackAfterDestroyRoom"));
    assert_eq!(event.command, Command::RoomAfterDestroyRoom as i32);
    assert_eq!(event.room().unwrap().room_id.get(), Some("tandy-test-rest"));
    assert_eq!(event.subject.get(), Some("tandy-test-rest"));
}

#[test]
fn members_enter_and_leave() {
    let entered = event(&fixture("conference/Room.CallbackAfterMemberEnter"));
    let members = entered.members().unwrap();
    assert_eq!(members.room_id.get(), Some("rid-123"));
    assert_eq!(members.member_count, 20);
    assert_eq!(members.change, MemberChange::Enter as i32);
    assert_eq!(texts(members.member_accounts()), ["user1"]);
    assert!(members.reason.is_absent());

    let left = event(&fixture("conference/Room.CallbackAfterMemberLeave"));
    let members = left.members().unwrap();
    assert_eq!(members.change, MemberChange::Leave as i32);
    assert_eq!(members.change_word.get(), Some("Leave"));
    assert_eq!(members.reason.get(), Some("xxxx"));
}

#[test]
fn a_seat_keeps_every_digit_of_a_numeric_account() {
    let event = event(&fixture("conference/Mic.CallbackAfterSeatInfoChanged"));
    let seats: Vec<_> = event.seats().unwrap().seats().collect();
    assert_eq!(seats.len(), 1);
    assert_eq!(seats[0].index, 1);
    assert_eq!(seats[0].member_account.get(), Some("144115233775727695"));
    assert_eq!(seats[0].is_taken_disabled, 0);
    assert_eq!(event.operator_account.get(), Some("user1"));
}

#[test]
fn an_empty_seat_has_no_account_or_an_empty_one() {
    let body = r#"{"CallbackCommand":"Mic.CallbackAfterSeatInfoChanged","RoomId":"r","SeatList":[{"Index":0},
        {"Index":1,"Member_Account":""},{"Index":2,"Member_Account":null}],"EventTime":1}"#;
    let event = event(body);
    let accounts: Vec<_> =
        event.seats().unwrap().seats().map(|seat| seat.member_account.get()).collect();
    assert_eq!(accounts, [None, Some(""), None]);
}

#[test]
fn a_call_starts_changes_and_ends() {
    let started = event(&fixture("call/Call.CallbackAfterStartCall"));
    let start = started.call_start().unwrap();
    assert_eq!(started.product, Product::Call as i32);
    assert_eq!(started.subject.get(), Some("055662e1-bc8a-469c-a334-1126c8c17d58"));
    assert_eq!(start.media_type, MediaType::Audio as i32);
    assert_eq!(start.chat_group_id.get(), Some(""));
    assert_eq!(start.room_id_type, 1);
    let users: Vec<_> = start.users().collect();
    assert_eq!(users[0].account.get(), Some("user1"));
    assert_eq!(users[0].status, CallUserStatus::Calling as i32);
    assert_eq!(users[1].status, CallUserStatus::Waiting as i32);

    let changed = event(&fixture("call/Call.CallbackAfterMemberChanged"));
    let members = changed.call_members().unwrap();
    assert_eq!(members.users().count(), 2);
    let changes: Vec<_> = members.changes().collect();
    assert_eq!(changes[0].account.get(), Some("user2"));
    assert_eq!(changes[0].action, CallAction::Accept as i32);

    let ended = event(&fixture("call/Call.CallbackAfterEndCall"));
    let end = ended.call_end().unwrap();
    assert_eq!(end.caller_account.get(), Some("10001"));
    assert_eq!(end.call_type, CallType::SingleCall as i32);
    assert_eq!(end.result, CallResult::NotAnswer as i32);
    assert_eq!((end.start_time_s, end.end_time_s), (1_741_231_146, 1_741_231_296));
    assert_eq!(end.accept_time_s, 0);
    assert_eq!(texts(end.callee_accounts()), ["10001", "user2"]);
    assert_eq!(end.room_id.get(), Some("roomid-1434"));
    assert_eq!(end.room_id_type, 2);
}

#[test]
fn a_recording_is_read_although_its_command_comes_last() {
    let event = event(&fixture("call/Call.CallbackAfterRecordChanged"));
    assert_eq!(event.command, Command::CallAfterRecordChanged as i32);
    let record = event.call_record().unwrap();
    assert_eq!(record.call_id.get(), Some("f6273604-3806-4abb-bc7e-090cd9208ee6"));
    assert_eq!((record.event_group_id, record.event_type, record.kit_type), (3, 301, 2));
    assert_eq!(record.callback_time_ms, 1_774_425_607_091);
    assert_eq!(record.engine_event_time_s, 1_774_425_607);
    assert_eq!(record.engine_event_time_ms, 1_774_425_607_077);
    assert_eq!(record.room_id.get(), Some("1280586498"));
    assert_eq!(record.user_id.get(), Some("callkit_1500099430_record_1280586498"));
    assert!(record.task_id.or_empty().starts_with("-nHuqHlU7"));
    let payload: serde_json::Value = serde_json::from_str(record.payload_json.or_empty()).unwrap();
    assert_eq!(payload["Status"], 0);
    assert_eq!(event.event_time_ms, 1_774_425_607_149);
}

#[test]
fn the_old_word_of_the_update_command_means_the_same() {
    let body = fixture("conference/Room.CallbackAfterUpdateRoomInfo")
        .replace("Room.CallbackAfterUpdateRoomInfo", "Room.CallbackUpdateRoomInfo");
    let event = event(&body);
    assert_eq!(event.command, Command::RoomAfterUpdateRoomInfo as i32);
    assert_eq!(event.command_word.get(), Some("Room.CallbackUpdateRoomInfo"));
    assert!(event.room().is_some());
}

#[test]
fn every_spelling_of_an_action_on_any_vendor_page_is_known() {
    for (word, action) in [
        ("Accept", CallAction::Accept),
        ("Answer", CallAction::Accept),
        ("Hangup", CallAction::Hangup),
        ("HangUp", CallAction::Hangup),
        ("Hang Up", CallAction::Hangup),
        ("Invite", CallAction::Invite),
        ("Invited", CallAction::Invite),
        ("Cancel_Invite", CallAction::CancelInvite),
        ("Canncel_Invite", CallAction::CancelInvite),
        ("NotAnswer", CallAction::NotAnswer),
        ("Transfer", CallAction::Unknown),
    ] {
        let body = fixture("call/Call.CallbackAfterMemberChanged").replace("Accept", word);
        let event = event(&body);
        let change = event.call_members().unwrap().changes().next().unwrap();
        assert_eq!(change.action, action as i32, "{word}");
        assert_eq!(change.action_word.get(), Some(word));
    }
}

#[test]
fn booleans_come_as_booleans_texts_and_digits() {
    for (json, expected) in [
        ("true", 1),
        ("false", 0),
        ("\"true\"", 1),
        ("\"False\"", 0),
        ("1", 1),
        ("0", 0),
        ("null", NOT_SENT),
        ("2", NOT_SENT),
        ("\"yes\"", NOT_SENT),
    ] {
        let body = format!(
            r#"{{"CallbackCommand":"Room.CallbackAfterUpdateRoomInfo","RoomInfo":{{"IsVideoDisabled":{json}}}}}"#
        );
        let event = event(&body);
        assert_eq!(event.room().unwrap().is_video_disabled, expected, "{json}");
        let is_mismatch = matches!(json, "2" | "\"yes\"");
        assert_eq!(event.mismatch_count, usize::from(is_mismatch), "{json}");
    }
}

#[test]
fn times_come_as_numbers_and_texts_at_the_top_and_inside_room_info() {
    let update = |rest: &str| {
        event(&format!(r#"{{"CallbackCommand":"Room.CallbackAfterUpdateRoomInfo",{rest}}}"#))
            .event_time_ms
    };
    assert_eq!(update(r#""EventTime":1670574414123"#), 1_670_574_414_123);
    assert_eq!(update(r#""EventTime":"1670574414123""#), 1_670_574_414_123);
    assert_eq!(update(r#""RoomInfo":{"EventTime":1670574414123}"#), 1_670_574_414_123);
    assert_eq!(update(r#""RoomInfo":{}"#), ABSENT);
    assert_eq!(update(r#""EventTime":"soon""#), ABSENT);
    assert_eq!(update(r#""EventTime":7,"RoomInfo":null"#), 7);
    assert_eq!(update(r#""EventTime":7,"RoomInfo":[]"#), 7);
    assert_eq!(update(r#""EventTime":7,"RoomInfo":{"EventTime":null}"#), 7);
    assert_eq!(update(r#""EventTime":7,"RoomInfo":{"EventTime":8}"#), 7);
    assert_eq!(update(r#""RoomInfo":{"EventTime":8},"EventTime":7"#), 7);
    assert_eq!(update(r#""RoomInfo":{"EventTime":8},"EventTime":null"#), 8);
    assert_eq!(update(r#""EventTime":"soon","RoomInfo":{"EventTime":8}"#), 8);
    assert_eq!(update(r#""EventTime":1.5"#), ABSENT);
    assert_eq!(update(r#""EventTime":9223372036854775808"#), ABSENT);
}

#[test]
fn a_field_of_another_type_is_noted_and_loses_nothing() {
    let body = r#"{"CallbackCommand":"Room.CallbackAfterUpdateRoomInfo","RoomInfo":{"RoomName":"n",
        "MaxMemberCount":"many","CustomInfo":{"a":1},"RoomId":["x"]},"EventTime":5}"#;
    let event = event(body);
    let room = event.room().unwrap();
    assert_eq!(room.room_name.get(), Some("n"));
    assert_eq!(room.max_member_count, ABSENT);
    assert_eq!(event.event_time_ms, 5);
    assert_eq!(event.mismatch_count, 3);
    let offset = body.find("\"many\"").unwrap();
    assert_eq!(
        event.mismatch.get(),
        Some(&*format!(
            "RoomInfo.MaxMemberCount: expected an integer, found a text, at byte {offset}"
        ))
    );
    assert_eq!(event.json("/RoomInfo/MaxMemberCount").unwrap().text.as_deref(), Some("many"));
    assert_eq!(event.json("/RoomInfo/CustomInfo/a").unwrap().integer, 1);
}

#[test]
fn unknown_commands_fields_and_words_are_kept() {
    let body = r#"{"CallbackCommand":"Room.CallbackAfterSomethingNew","Operator_Account":7,"RoomId":"r9","New":{"Deep":[1,"\u4e2d"]}}"#;
    let event = event(body);
    assert_eq!(event.command, Command::Unknown as i32);
    assert_eq!(event.product, Product::Unknown as i32);
    assert_eq!(event.command_word.get(), Some("Room.CallbackAfterSomethingNew"));
    assert_eq!(event.operator_account.get(), Some("7"));
    assert_eq!(event.subject.get(), Some("r9"));
    assert!(event.room().is_none());
    assert_eq!(event.body.get(), Some(body));
    let value = event.json("/New/Deep/1").unwrap();
    assert_eq!((value.kind, value.text.as_deref()), (JsonKind::Text, Some("中")));
    assert_eq!(value.raw, r#""\u4e2d""#);
    assert_eq!(event.json("/New/Deep").unwrap().length, 2);
    assert_eq!(event.json("").unwrap().kind, JsonKind::Object);
    assert_eq!(event.json("/New/Other").unwrap_err().status(), Status::NoSuchValue);
    assert_eq!(event.json("New").unwrap_err().status(), Status::InvalidArgument);
}

#[test]
fn json_pointers_escape_slashes_and_tildes_and_take_no_leading_zero() {
    let event = event(r#"{"CallbackCommand":"X","a/b":{"m~n":[10,20]},"d":1,"d":2}"#);
    assert_eq!(event.json("/a~1b/m~0n/1").unwrap().integer, 20);
    assert!(event.json("/a~1b/m~0n/01").is_err());
    assert!(event.json("/a~1b/m~0n/-").is_err());
    assert_eq!(event.json("/d").unwrap().integer, 2);
}

#[test]
fn escapes_are_decoded_in_texts_and_in_keys() {
    let body = r#"{"CallbackCommand":"Room.CallbackAfterUpdateRoomInfo","RoomInfo":{"R\u006fomName":"tab\t \"q\" \\ \/ \u00e9 \ud83c\udfae \u0000.","CustomInfo":"中文🎮"}}"#;
    let event = event(body);
    let room = event.room().unwrap();
    assert_eq!(room.room_name.get(), Some("tab\t \"q\" \\ / é 🎮 \0."));
    assert_eq!(room.custom_info.get(), Some("中文🎮"));
}

#[test]
fn of_a_key_that_stands_twice_the_last_counts() {
    let body = r#"{"CallbackCommand":"Room.CallbackAfterMemberEnter","RoomId":"a","RoomId":"b",
        "MemberList_Account":["x","y"],"MemberList_Account":["z"],"CallbackCommand":"Room.CallbackAfterMemberLeave"}"#;
    let event = event(body);
    assert_eq!(event.command, Command::RoomAfterMemberLeave as i32);
    let members = event.members().unwrap();
    assert_eq!(members.room_id.get(), Some("b"));
    assert_eq!(texts(members.member_accounts()), ["z"]);
}

#[test]
fn of_an_object_that_is_sent_twice_the_last_counts_for_fields_and_json_pointers_alike() {
    let body = r#"{"CallbackCommand":"Room.CallbackAfterUpdateRoomInfo",
        "RoomInfo":{"RoomId":"first"},"RoomInfo":{"RoomName":"last"},"EventTime":1}"#;
    let event = event(body);
    let room = event.room().unwrap();
    assert!(room.room_id.is_absent() && event.subject.is_absent());
    assert_eq!(room.room_name.get(), Some("last"));
    assert_eq!(event.event_time_ms, 1);
    assert_eq!(event.json("/RoomInfo/RoomId").unwrap_err().status(), Status::NoSuchValue);
    assert_eq!(event.json("/RoomInfo/RoomName").unwrap().text.as_deref(), Some("last"));
    // CallbackCommand, RoomInfo, EventTime.
    assert_eq!(event.json("").unwrap().length, 3);
}

#[test]
fn a_value_that_another_with_its_key_replaces_is_no_mismatch() {
    let members = |count: &str| {
        let body = format!(r#"{{"CallbackCommand":"Room.CallbackAfterMemberEnter",{count}}}"#);
        let event = event(&body);
        (event.members().unwrap().member_count, event.mismatch_count)
    };
    assert_eq!(members(r#""MemberCount":"many","MemberCount":3"#), (3, 0));
    assert_eq!(members(r#""MemberCount":3,"MemberCount":"many""#), (ABSENT, 1));
    assert_eq!(members(r#""MemberCount":3,"MemberCount":null"#), (ABSENT, 0));
    assert_eq!(members(r#""M\u0065mberCount":3,"MemberCount":4,"MemberCoun\u0074":5"#), (5, 0));
}

#[test]
fn the_first_documented_location_that_holds_a_value_counts_and_says_so_without_a_mismatch() {
    let room = |members: &str| {
        let word = "Room.CallbackAfterUpdateRoomInfo";
        let event = event(&format!(r#"{{"CallbackCommand":"{word}",{members}}}"#));
        (event.subject.get().map(str::to_owned), event.mismatch_count)
    };
    let both_ways = |inner: &str, outer: &str| {
        let info = format!(r#""RoomInfo":{inner}"#);
        let id = format!(r#""RoomId":{outer}"#);
        let found = room(&format!("{info},{id}"));
        assert_eq!(found, room(&format!("{id},{info}")), "{inner} {outer}");
        (found.0.unwrap_or_default(), found.1)
    };
    assert_eq!(both_ways(r#"{"RoomId":"in"}"#, r#""out""#), ("in".into(), 0));
    assert_eq!(both_ways(r#"{"RoomId":null}"#, r#""out""#), ("out".into(), 0));
    assert_eq!(both_ways(r#"{"RoomId":[]}"#, r#""out""#), ("out".into(), 0));
    assert_eq!(both_ways(r#"{"RoomId":"in"}"#, "{}"), ("in".into(), 0));
    assert_eq!(both_ways(r#"{"RoomId":true}"#, "{}"), (String::new(), 2));
    assert_eq!(both_ways("null", r#""out""#), ("out".into(), 0));
    // The fields that only RoomInfo has are missing.
    assert_eq!(both_ways("true", r#""out""#), ("out".into(), 1));

    for (info, expected) in [
        (r#""MediaType":"Audio","CallMediaType":"Video""#, MediaType::Video as i32),
        (r#""CallMediaType":"Video","MediaType":"Audio""#, MediaType::Video as i32),
        (r#""CallMediaType":null,"MediaType":"Audio""#, MediaType::Audio as i32),
        (r#""MediaType":"Audio","CallMediaType":{}"#, MediaType::Audio as i32),
        (r#""MediaType":null,"CallMediaType":null"#, NOT_SENT),
    ] {
        let word = "Call.CallbackAfterStartCall";
        let event = event(&format!(r#"{{"CallbackCommand":"{word}","CallInfo":{{{info}}}}}"#));
        assert_eq!(event.call_start().unwrap().media_type, expected, "{info}");
        assert_eq!(event.mismatch_count, 0, "{info}");
    }
}

#[test]
fn numbers_and_booleans_in_strings_are_read_with_escapes_as_without() {
    for (json, number, flag) in [
        (r#""\u0031703""#, 1703, NOT_SENT),
        (r#""\u002d5""#, -5, NOT_SENT),
        (r#""\u002b5""#, ABSENT, NOT_SENT),
        (r#""00000000000000000000000000000000000000000000000\u0037""#, 7, NOT_SENT),
        (r#""\u0031\n""#, ABSENT, NOT_SENT),
        (r#""\u0066alse""#, ABSENT, 0),
        (r#""TRU\u0045""#, ABSENT, 1),
    ] {
        let body = format!(
            r#"{{"CallbackCommand":"Room.CallbackAfterUpdateRoomInfo","RoomInfo":{{"MaxSeatCount":{json},"IsSeatEnabled":{json}}}}}"#
        );
        let event = event(&body);
        let room = event.room().unwrap();
        assert_eq!((room.max_seat_count, room.is_seat_enabled), (number, flag), "{json}");
        let mismatches = usize::from(number == ABSENT) + usize::from(flag == NOT_SENT);
        assert_eq!(event.mismatch_count, mismatches, "{json}");
    }
}

#[test]
fn an_event_of_a_command_that_several_products_send_names_none() {
    let word = "Mic.CallbackAfterSeatInfoChanged";
    let live = format!(r#"{{"CallbackCommand":"{word}","RoomId":"live-1","SeatList":[]}}"#);
    for body in [live, fixture(&format!("conference/{word}"))] {
        let event = event(&body);
        assert_eq!(event.command, Command::MicAfterSeatInfoChanged as i32);
        assert_eq!(event.product, Product::Unknown as i32);
        assert!(event.seats().is_some());
    }
    // Conference is configured with it all the same.
    assert_eq!(Command::MicAfterSeatInfoChanged.listed_under(), Product::Conference);
    assert!(Product::Conference.commands().any(|command| command.word() == word));
    for command in Command::all().filter(|command| command.word() != word) {
        assert_eq!(command.product(), command.listed_under());
        assert_ne!(command.product(), Product::Unknown);
    }
}

#[test]
fn in_a_json_pointer_a_tilde_is_followed_by_0_or_1() {
    let event = event(r#"{"CallbackCommand":"X","~":1,"~2":2,"a":{"~":3},"~1":4}"#);
    for pointer in ["/~", "/~2", "/a/~", "/~0~", "/a~b", "/missing/~", "/~/a"] {
        let error = event.json(pointer).unwrap_err();
        assert_eq!(error.status(), Status::InvalidArgument, "{pointer}");
        assert!(error.message().contains("~0"), "{error}");
    }
    for (pointer, expected) in [("/~0", 1), ("/~02", 2), ("/a/~0", 3), ("/~01", 4)] {
        assert_eq!(event.json(pointer).unwrap().integer, expected, "{pointer}");
    }
}

#[test]
fn the_query_is_read_whatever_the_case_of_its_names() {
    let body = fixture("conference/Room.CallbackAfterDestroyRoom");
    for query in [
        "SdkAppid=1400000000&CallbackCommand=Room.CallbackAfterDestroyRoom&contenttype=json&ClientIP=10.1.2.3&OptPlatform=iOS",
        "?sdkappid=1400000000&callbackcommand=Room.CallbackAfterDestroyRoom&contenttype=JSON&CLIENTIP=10.1.2.3&optplatform=IOS&other=1&other=2",
        "/cb?SdkAppId=14%30%30000000&CallbackCommand=Room.CallbackAfterDestroyRoom&ClientIP=10%2E1.2.3&OptPlatform=ios",
    ] {
        let event = parse(query.as_bytes(), body.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(event.sdk_app_id, 1_400_000_000, "{query}");
        assert_eq!(event.query_command_word.get(), Some("Room.CallbackAfterDestroyRoom"));
        assert_eq!(event.client_ip.get(), Some("10.1.2.3"));
        assert_eq!(event.platform, Platform::Ios as i32);
        assert!(event.platform_word.or_empty().eq_ignore_ascii_case("ios"));
    }
}

#[test]
fn a_query_that_cannot_be_trusted_is_refused() {
    for (query, message) in [
        ("SdkAppid=1&SDKAPPID=2", "SDKAPPID stands twice in the URL query, at byte 11"),
        ("SdkAppid=-1", "SdkAppid in the URL query is no SDKAppID"),
        ("SdkAppid=99999999999", "SdkAppid in the URL query is no SDKAppID"),
        ("Sign=%FF", "Sign in the URL query is not UTF-8"),
    ] {
        let error = parse(query.as_bytes(), b"{}", &Limits::default()).unwrap_err();
        assert_eq!(error.status(), Status::MalformedQuery, "{query}");
        assert!(error.message().starts_with(message), "{error}");
    }
}

#[test]
fn the_body_decides_the_command_when_the_query_disagrees() {
    let body = fixture("conference/Room.CallbackAfterDestroyRoom");
    let query = b"CallbackCommand=Room.CallbackAfterCreateRoom";
    let event = parse(query, body.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(event.command, Command::RoomAfterDestroyRoom as i32);
    assert_eq!(event.query_command_word.get(), Some("Room.CallbackAfterCreateRoom"));
}

#[test]
fn what_is_not_json_is_refused_at_its_byte() {
    for (body, offset, found) in [
        ("", 0, "expected a value, found the end"),
        ("{", 1, "expected a key in quotes, found the end"),
        (r#"{"a":1,}"#, 7, "expected a key in quotes, found '}'"),
        (r#"{"a" 1}"#, 5, "expected ':', found '1'"),
        (r#"{"a":01}"#, 6, "expected ',' or '}', found '1'"),
        (r#"{"a":tru}"#, 8, "expected true, found '}'"),
        (r#"{"a":1 // c"#, 7, "expected ',' or '}', found '/'"),
        ("{\"a\":\"\n\"}", 6, "expected no control character in a text, found byte 0x0A"),
        (r#"{"a":"\x"}"#, 7, "expected an escape that JSON knows, found 'x'"),
        (r#"{"a":"\ud800"}"#, 12, "expected the second half of a surrogate pair"),
        ("{} {}", 3, "expected nothing more, found '{'"),
        ("\u{feff}{}", 0, "expected a value, found byte 0xEF"),
    ] {
        let error = refusal(body.as_bytes());
        assert_eq!(error.status(), Status::MalformedJson, "{body}");
        assert_eq!(error.offset(), Some(offset), "{body}: {error}");
        assert!(error.message().contains(found), "{body}: {error}");
        assert!(error.message().ends_with(&format!("at byte {offset}")), "{error}");
    }
    assert_eq!(refusal(b"{\"a\":\"\xff\"}").offset(), Some(6));
}

#[test]
fn json_that_is_no_callback_is_refused() {
    for body in
        ["[]", "1", "\"x\"", "{}", r#"{"CallbackCommand":7.5e3}"#, r#"{"CallbackCommand":null}"#]
    {
        let parsed = parse(b"", body.as_bytes(), &Limits::default());
        if body.contains("7.5e3") {
            assert_eq!(parsed.unwrap().command_word.get(), Some("7.5e3"));
        } else {
            assert_eq!(parsed.unwrap_err().status(), Status::NotACallback, "{body}");
        }
    }
}

#[test]
fn limits_refuse_one_more_and_accept_what_is_just_within() {
    let nested = |depth: usize| {
        format!(
            r#"{{"CallbackCommand":"X","a":{}{}}}"#,
            "[".repeat(depth - 1),
            "]".repeat(depth - 1)
        )
    };
    let limits = Limits { max_depth: 127, ..Limits::default() };
    assert!(parse(b"", nested(127).as_bytes(), &limits).is_ok());
    assert!(serde_json::from_str::<serde_json::Value>(&nested(127)).is_ok());
    assert_eq!(parse(b"", nested(128).as_bytes(), &limits).unwrap_err().status(), Status::TooDeep);
    assert!(serde_json::from_str::<serde_json::Value>(&nested(128)).is_err());

    let body =
        r#"{"CallbackCommand":"Room.CallbackAfterMemberEnter","MemberList_Account":["a","b"]}"#;
    let limits = Limits { max_elements: 2, ..Limits::default() };
    assert!(parse(b"", body.as_bytes(), &limits).is_ok());
    let limits = Limits { max_elements: 1, ..Limits::default() };
    assert_eq!(parse(b"", body.as_bytes(), &limits).unwrap_err().status(), Status::TooManyElements);

    let limits = Limits { max_body_bytes: body.len(), ..Limits::default() };
    assert!(parse(b"", body.as_bytes(), &limits).is_ok());
    let limits = Limits { max_body_bytes: body.len() - 1, ..Limits::default() };
    assert_eq!(parse(b"", body.as_bytes(), &limits).unwrap_err().status(), Status::TooLarge);
}

#[test]
fn a_number_of_the_query_may_have_zeros_in_front_and_no_more_digits_than_fit() {
    let app = |digits: &str| {
        let query = format!("SdkAppid={digits}");
        let body = fixture("conference/Room.CallbackAfterMemberEnter");
        parse(query.as_bytes(), body.as_bytes(), &Limits::default()).map(|event| event.sdk_app_id)
    };
    for zeros in 0..40 {
        let zeros = "0".repeat(zeros);
        assert_eq!(app(&format!("{zeros}1400000000")).unwrap(), 1_400_000_000);
        assert_eq!(app(&format!("{zeros}0")).unwrap(), 0);
        for refused in
            ["4294967296", "10000000000000000000", "18446744073709551617", "1x", "-1", "+1"]
        {
            let refused = app(&format!("{zeros}{refused}"));
            assert_eq!(refused.unwrap_err().status(), Status::MalformedQuery);
        }
    }
    assert_eq!(app("").unwrap_err().status(), Status::MalformedQuery);
}

#[test]
fn the_duplicate_key_tells_events_apart_and_repeats_alike() {
    let body = fixture("conference/Room.CallbackAfterMemberEnter");
    let key = |query: &str, body: &str| {
        let event = parse(query.as_bytes(), body.as_bytes(), &Limits::default()).unwrap();
        event.duplicate_key().map(|key| key.to_string())
    };
    let first = key("SdkAppid=1&Sign=a&RequestTime=1", &body).unwrap();
    assert_eq!(first.len(), 32);
    assert_eq!(key("SdkAppid=1&Sign=b&RequestTime=2", &body).as_ref(), Some(&first));
    assert_ne!(key("SdkAppid=2", &body).as_ref(), Some(&first));
    assert_ne!(key("SdkAppid=1", &body.replace("user1", "user2")).as_ref(), Some(&first));
    assert_eq!(key("SdkAppid=1", r#"{"CallbackCommand":"X"}"#), None);
}

#[test]
fn whatever_serde_json_refuses_is_refused_and_the_rest_is_read() {
    let folder = format!("{}/tests/fixtures", env!("CARGO_MANIFEST_DIR"));
    let mut compared = 0;
    for product in ["conference", "call"] {
        for entry in std::fs::read_dir(format!("{folder}/{product}")).unwrap() {
            let body = std::fs::read(entry.unwrap().path()).unwrap();
            // Every single-byte deletion, and every byte replaced by each of a few that JSON cares about.
            for at in 0..body.len() {
                let mut mutants =
                    vec![[&body[..at], &body[at + 1..]].concat(), body[..at].to_vec()];
                for byte in b"\"\\{}[],:0-.eu\x00\x1f \xff\xc3t" {
                    let mut mutant = body.clone();
                    mutant[at] = *byte;
                    mutants.push(mutant);
                }
                for mutant in mutants {
                    let ours = parse(b"", &mutant, &Limits::default());
                    let judge = serde_json::from_slice::<serde_json::Value>(&mutant);
                    // A number beyond a double is JSON all the same, and its digits are kept.
                    let is_refused = judge
                        .as_ref()
                        .is_err_and(|error| !error.to_string().starts_with("number out of range"));
                    let is_malformed =
                        ours.as_ref().is_err_and(|error| error.status() == Status::MalformedJson);
                    assert_eq!(
                        is_malformed,
                        is_refused,
                        "{}\n{ours:?}\n{judge:?}",
                        String::from_utf8_lossy(&mutant)
                    );
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 10_000);
}

#[test]
fn texts_of_every_length_are_read_whole_wherever_they_stand() {
    for length in 0..100 {
        for (letter, tail) in
            [("x", ""), ("中", ""), ("x", "\\n"), ("🎮", "\\u00e9"), ("\\\\", "y")]
        {
            let json = format!("\"{}{tail}\"", letter.repeat(length));
            let expected: String = serde_json::from_str(&json).unwrap();
            let body = format!(
                r#"{{"CallbackCommand":"Room.CallbackAfterUpdateRoomInfo","RoomInfo":{{"RoomId":{json},"RoomName":{json},"New":{json},"CustomInfo":{json}}}}}"#
            );
            let event = event(&body);
            let room = event.room().unwrap();
            for text in [&room.room_id, &room.room_name, &room.custom_info] {
                assert_eq!(text.get(), Some(&*expected));
            }
            assert_eq!(event.json("/RoomInfo/New").unwrap().text.as_ref(), Some(&expected));
        }
    }
}

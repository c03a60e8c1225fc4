//! `tc-callback inspect` names the likely cause of each failure.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::process::Output;

use data_encoding::{BASE64, HEXLOWER};
use ring::{digest, hmac};
use serde_json::Value;
use support::{APP, KEY, now_s, run, run_with_input, signed_with, stderr, stdout, tc_callback};
use tc_callback::catalog::Command;
use tc_callback::usersig::SignOptions;

const TOKEN: &str = "a secret token";

fn inspect(arguments: &[&str]) -> Output {
    let app = APP.to_string();
    run(tc_callback(&["inspect"])
        .args(arguments)
        .env("TC_SDK_APP_ID", app)
        .env("TC_SECRET_KEY", KEY)
        .env("TC_TOKEN", TOKEN))
}

fn inspect_body(body: &str) -> Output {
    run_with_input(&mut tc_callback(&["inspect", "body", "-"]), body)
}

/// That this is the one thing wrong, and what it says of it.
fn assert_wrong(output: &Output, about: &str, told: &str) {
    let text = stdout(output);
    assert_eq!(output.status.code(), Some(1), "{text}{}", stderr(output));
    let wrong: Vec<&str> = text.lines().filter(|line| line.starts_with("wrong  ")).collect();
    assert_eq!(wrong, [format!("wrong  {about}")], "{text}");
    assert!(text.contains(told), "{told:?} in {text}");
}

fn assert_right(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(output), stderr(output));
    assert!(!stdout(output).contains("wrong"), "{}", stdout(output));
}

fn usersig(time_s: u64, expire_s: u64) -> String {
    signed_with(KEY, &SignOptions::new(APP, "alice", time_s, expire_s))
}

fn fresh() -> String {
    usersig(now_s(), 86_400)
}

#[test]
fn a_right_usersig_is_right() {
    let output = inspect(&[&fresh(), "--identifier", "alice"]);
    assert_right(&output);
    assert!(stdout(&output).contains("made with this key"));
    assert!(!stdout(&output).contains(KEY));
}

#[test]
fn each_fault_of_a_usersig_is_named() {
    let now = now_s();
    let other = signed_with("another key", &SignOptions::new(APP, "alice", now, 86_400));
    for (usersig, about, told) in [
        (usersig(now - 200_000, 86_400), "TLS.expire", "expired"),
        (usersig(now + 7200, 86_400), "TLS.time", "the machine that signed is ahead"),
        (usersig(now * 1000, 86_400), "TLS.time", "milliseconds instead of seconds"),
        (other, "TLS.sig", "the key of another application"),
        (fresh()[..60].to_owned(), "zlib", "truncated"),
        (fresh()[..61].to_owned(), "base64", "truncated"),
        (format!("\"{}\"", fresh()), "text", "JSON or source code"),
    ] {
        assert_wrong(&inspect(&["usersig", &usersig]), about, told);
    }
    let app = signed_with(KEY, &SignOptions::new(7, "alice", now, 86_400));
    assert_wrong(&inspect(&[&app]), "TLS.sdkappid", "of another application");
    assert_wrong(&inspect(&[&fresh(), "--identifier", "bob"]), "TLS.identifier", "another account");
    assert_wrong(&inspect(&[&fresh(), "--identifier", "Alice"]), "TLS.identifier", "another case");
}

#[test]
fn what_came_along_with_a_usersig_is_named_and_the_rest_is_looked_at() {
    let own = fresh();
    let (first, second) = own.split_at(70);
    for (given, told) in [
        (format!("{own}\r\n"), "the line ends of Windows"),
        (format!("{own}\r"), "the line ends of Windows"),
        (format!("\u{feff}{own}\n"), "byte order mark"),
        (format!("'{own}'"), "quotes around it"),
        (format!("\u{201c}{own}\u{201d}\n"), "quotes around it"),
        (format!("TC_USERSIG={own}\n"), "file of variables"),
        (format!("{first}\n{second}\n"), "wrapped by a terminal"),
        (format!("{first}\r\n{second}"), "wrapped by a terminal"),
        (format!("{first} {second}"), "wrapped by a terminal"),
        (format!("{first}\u{200b}{second}"), "invisible"),
    ] {
        let output = inspect(&["usersig", &given]);
        assert_wrong(&output, "text", told);
        assert!(stdout(&output).contains("made with this key"), "{}", stdout(&output));
    }
    for right in [format!("{own}\n"), format!(" {own} \n"), format!("usersig={own}")] {
        assert_right(&inspect(&["usersig", &right]));
    }
    let pem = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let output = run_with_input(&mut tc_callback(&["inspect", "-"]), pem);
    assert_wrong(&output, "text", "a PEM block");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("usersig");
    let utf16: Vec<u8> =
        format!("\u{feff}{own}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(&file, utf16).unwrap();
    let output = inspect(&["usersig", file.to_str().unwrap()]);
    assert!(stderr(&output).contains("UTF-16"), "{}", stderr(&output));
}

#[test]
fn a_usersig_in_another_base64_is_read_all_the_same() {
    // Compressed, since a stored one need not have any of the letters that differ.
    let options = SignOptions { compress: true, ..SignOptions::new(APP, "alice", now_s(), 86_400) };
    let own = signed_with(KEY, &options);
    let standard = own.replace('*', "+").replace('-', "/").replace('_', "=");
    let differs = standard != own;
    let output = inspect(&["usersig", &standard]);
    match differs {
        true => assert_wrong(&output, "base64", "the alphabets are mixed up"),
        false => assert_right(&output),
    }
    assert!(stdout(&output).contains("made with this key"), "{}", stdout(&output));
}

#[test]
fn a_decoded_key_and_one_with_a_line_end_are_recognised() {
    let content = |key: &[u8], now: u64| {
        let text =
            format!("TLS.identifier:alice\nTLS.sdkappid:{APP}\nTLS.time:{now}\nTLS.expire:86400\n");
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes());
        let json = format!(
            r#"{{"TLS.ver":"2.0","TLS.identifier":"alice","TLS.sdkappid":{APP},"TLS.time":{now},"TLS.expire":86400,"TLS.sig":"{}"}}"#,
            BASE64.encode(tag.as_ref())
        );
        let mut encoder = libflate::zlib::Encoder::new(Vec::new()).unwrap();
        std::io::Write::write_all(&mut encoder, json.as_bytes()).unwrap();
        let packed = encoder.finish().into_result().unwrap();
        BASE64.encode(&packed).replace('+', "*").replace('/', "-").replace('=', "_")
    };
    let decoded = HEXLOWER.decode(KEY.as_bytes()).unwrap();
    assert_wrong(
        &inspect(&["usersig", &content(&decoded, now_s())]),
        "TLS.sig",
        "decoded from hexadecimal",
    );
    let with_line_end = format!("{KEY}\n");
    let usersig = content(with_line_end.as_bytes(), now_s());
    assert_wrong(&inspect(&["usersig", &usersig]), "TLS.sig", "with a line end behind it");
}

fn sha256(text: &str) -> String {
    HEXLOWER.encode(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

fn url(sign: &str, time: &str) -> String {
    format!(
        "http://h/cb?SdkAppid={APP}&CallbackCommand=Room.CallbackAfterMemberEnter&Sign={sign}&RequestTime={time}"
    )
}

#[test]
fn a_right_url_is_right() {
    let time = now_s().to_string();
    assert_right(&inspect(&[&url(&sha256(&format!("{TOKEN}{time}")), &time)]));
}

#[test]
fn the_mistake_that_a_sign_was_made_with_is_named() {
    let time = now_s().to_string();
    let key = hmac::Key::new(hmac::HMAC_SHA256, TOKEN.as_bytes());
    let keyed = HEXLOWER.encode(hmac::sign(&key, time.as_bytes()).as_ref());
    let right = sha256(&format!("{TOKEN}{time}"));
    let base64 = BASE64.encode(&HEXLOWER.decode(right.as_bytes()).unwrap());
    for (sign, told) in [
        (keyed, "HMAC-SHA256 keyed with the token"),
        (right.to_uppercase(), "upper case"),
        (sha256(&format!("{time}{TOKEN}")), "the token comes first"),
        (sha256(&format!("{TOKEN}\n{time}")), "a line end behind the token"),
        (sha256(&format!("{TOKEN}{time}000")), "in milliseconds, sent in seconds"),
        (sha256(&format!("another{time}")), "another token"),
        (base64.replace('+', "%2B"), "base64 instead of hexadecimal"),
        (right[..32].to_owned(), "half of it was cut off"),
    ] {
        assert_wrong(&inspect(&[&url(&sign, &time)]), "Sign", told);
    }
    let folder = tempfile::tempdir().unwrap();
    let body = folder.path().join("body.json");
    std::fs::write(&body, "{}").unwrap();
    let signed_body = sha256(&format!("{TOKEN}{time}{{}}"));
    let output = inspect(&[&url(&signed_body, &time), "--body", body.to_str().unwrap()]);
    assert_wrong(&output, "Sign", "the body signed, too");
    assert!(!stdout(&output).contains(TOKEN));
}

#[test]
fn the_other_faults_of_a_url_are_named() {
    let now = now_s();
    let signed = |time: u64| url(&sha256(&format!("{TOKEN}{time}")), &time.to_string());
    assert_wrong(&inspect(&[&signed(now - 3600)]), "RequestTime", "60 min ago");
    assert_wrong(&inspect(&[&signed(now + 3600)]), "RequestTime", "this machine's clock is behind");
    assert_wrong(
        &inspect(&[&signed(now * 1000)]),
        "RequestTime",
        "milliseconds instead of seconds",
    );
    let right = signed(now);
    for (from, to, about, told) in [
        ("SdkAppid=1400000000", "SdkAppid=7", "SdkAppid", "another application"),
        ("SdkAppid=1400000000&", "", "SdkAppid", "cut"),
        ("SdkAppid=", "SdkAppid=x", "SdkAppid", "not an SDKAppID"),
        (
            "MemberEnter",
            "MembersEnter",
            "CallbackCommand",
            "expected Room.CallbackAfterMemberEnter",
        ),
        ("Room.Call", "room.Call", "CallbackCommand", "another case"),
        ("&RequestTime", "&Sign=0&RequestTime", "Sign", "once"),
    ] {
        assert_wrong(&inspect(&[&right.replace(from, to)]), about, told);
    }
    let spelled = inspect(&[&right.replace("SdkAppid", "SdkAppId")]);
    assert_right(&spelled);
    assert!(stdout(&spelled).contains("spelled differently"));
    let unsigned = right.split("&Sign").next().unwrap();
    assert_wrong(&inspect(&[unsigned]), "Sign", "no token is set on the vendor's side");
}

#[test]
fn every_sample_of_the_vendor_is_a_right_body() {
    for command in Command::all() {
        let folder = if command.listed_under().name() == "call" { "call" } else { "conference" };
        let path = format!(
            "{}/../tests/fixtures/{folder}/{}.json",
            env!("CARGO_MANIFEST_DIR"),
            command.word()
        );
        assert_right(&run(&mut tc_callback(&["inspect", &path])));
    }
}

#[test]
fn json_mistakes_are_told_with_line_column_and_a_caret() {
    for (body, told, cause) in [
        (
            "{\n  \"a\": 1,\n}",
            "line 3 column 1\n                }\n                ^",
            "comma behind the last field",
        ),
        ("{\"a\":1 // x\n}", "line 1 column 8", "a comment"),
        ("{\"a\":1", "{\"a\":1\n                     ^", "truncated"),
        ("{\"a\":1}}", "trailing characters", "follows the body"),
        ("{\"a\":1 \"b\":2}", "{\"a\":1 \"b\":2}\n                       ^", "a comma is missing"),
        ("{'a':1}", "line 1 column 2", "single quotes"),
        ("{\"a\":True}", "line 1", "Python"),
        ("a=1&b=2", "line 1", "a form"),
        ("{\"a\":\"b\nc\"}", "control character", "escaped"),
    ] {
        let output = inspect_body(body);
        assert_wrong(&output, "JSON", told);
        assert!(stdout(&output).contains(cause), "{cause:?} in {}", stdout(&output));
    }
}

#[test]
fn faults_of_a_bodys_fields_are_named() {
    let enter = |change: &dyn Fn(String) -> String| {
        let host = support::Host::right();
        run(&mut tc_callback(&["trigger", "AfterMemberEnter", "--to", &host.url]));
        inspect_body(&change(host.received().body))
    };
    assert_right(&enter(&|body| body));
    for (from, to, about, told) in [
        ("\"RoomId\"", "\"roomId\"", "roomId", "spelled in another case"),
        ("\"MemberCount\"", "\"MembersCount\"", "MembersCount", "misspelled"),
        ("\"CallbackCommand\"", "\"callbackCommand\"", "CallbackCommand", "misspelled"),
        ("Room.Callback", "Room.CallBack", "CallbackCommand", "another case"),
        (
            "\"MemberCount\":20",
            "\"MemberCount\":{}",
            "fields",
            "expected an integer, found an object",
        ),
    ] {
        assert_wrong(&enter(&|body| body.replace(from, to)), about, told);
    }
    let seconds = enter(&|body| {
        let (before, _) = body.split_once("\"EventTime\":").unwrap();
        format!("{before}\"EventTime\":1670574414}}")
    });
    assert_wrong(&seconds, "EventTime", "seconds instead of milliseconds");
    let noted =
        enter(&|body| body.replace("\"MemberCount\":20", "\"MemberCount\":\"20\",\"New\":1"));
    assert_right(&noted);
    assert!(stdout(&noted).contains("a text instead of a number"), "{}", stdout(&noted));
    assert!(stdout(&noted).contains("New  not in the vendor's sample"), "{}", stdout(&noted));
    assert_wrong(&inspect_body("[]"), "body", "a JSON object");
    assert_wrong(&inspect_body(""), "body", "has read the body before");
    assert_wrong(&inspect_body("{\"EventGroupId\":1}"), "CallbackCommand", "TRTC engine");
}

#[test]
fn what_it_is_is_recognised_and_a_machine_gets_one_document() {
    for (input, form) in [("{}", "body"), ("SdkAppid=1", "url"), ("eJwx", "usersig")] {
        let output = inspect(&[input, "--json"]);
        let document: Value = serde_json::from_str(&stdout(&output)).unwrap();
        assert_eq!((&document["form"], &document["right"]), (&form.into(), &false.into()));
        assert_eq!(output.status.code(), Some(1));
    }
    let output = inspect(&["nonsense", "{}"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("usersig, url and body"), "{}", stderr(&output));
}

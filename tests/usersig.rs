//! UserSig against published vectors, and against what an attacker or an accident would make of one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{Read, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde_json::{Value, json};
use tc_callback::error::Status;
use tc_callback::usersig::{
    Key, Privilege, Room, SignOptions, private_map_key_userbuf, sign, verify,
};

const APP: u32 = 1400000000;
const NOW_S: u64 = 1_700_000_000;

struct Vector {
    key: Key,
    sdk_app_id: u32,
    identifier: String,
    time_s: u64,
    expire_s: u64,
    userbuf: Option<Vec<u8>>,
    tls_sig: String,
    official: Option<String>,
    document: Value,
}

fn vectors() -> Vec<Vector> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/usersig/vectors.json");
    let list: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    list.iter()
        .map(|row| Vector {
            key: Key::new(text(row, "key")).unwrap(),
            sdk_app_id: row["sdkappid"].as_u64().unwrap() as u32,
            identifier: text(row, "identifier"),
            time_s: row["time"].as_u64().unwrap(),
            expire_s: row["expire"].as_u64().unwrap(),
            userbuf: row["userbuf_b64"].as_str().map(decode_base64),
            tls_sig: text(row, "tls_sig"),
            official: row["usersig_official_node_zlib6"].as_str().map(str::to_owned),
            document: row["json"].clone(),
        })
        .collect()
}

fn decode_base64(text: &str) -> Vec<u8> {
    STANDARD.decode(text).unwrap()
}

/// The JSON in a UserSig, taken out by other means than the library's.
fn open(usersig: &str) -> Value {
    serde_json::from_str(&json_in(usersig)).unwrap()
}

fn json_in(usersig: &str) -> String {
    let text = usersig.replace('*', "+").replace('-', "/").replace('_', "=");
    let mut json = String::new();
    ZlibDecoder::new(&*decode_base64(&text)).read_to_string(&mut json).unwrap();
    json
}

/// Packs any bytes as a UserSig is packed.
fn pack(content: &[u8]) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    let text = STANDARD.encode(encoder.finish().unwrap());
    text.replace('+', "*").replace('/', "-").replace('=', "_")
}

fn key() -> Key {
    Key::new("a key for tests").unwrap()
}

fn signed<'a>(change: impl FnOnce(&mut SignOptions<'a>)) -> String {
    let mut options = SignOptions::new(APP, "alice", NOW_S, 100);
    change(&mut options);
    sign(&key(), &options).unwrap().to_string()
}

fn refusal(usersig: &str) -> Status {
    verify(&key(), APP, Some("alice"), usersig, NOW_S).unwrap_err().status()
}

#[test]
fn a_key_that_is_certainly_a_mistake_is_refused_with_what_it_looks_like() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/secrets.json");
    let secrets: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for case in secrets["refused"].as_array().unwrap() {
        let given = case["given"].as_str().unwrap();
        let error = Key::new(given).unwrap_err();
        assert_eq!(error.status(), Status::InvalidArgument);
        assert!(error.message().contains(case["told"].as_str().unwrap()), "{given:?}: {error}");
        assert!(!error.message().contains("5bd2850f"), "{error}");
    }
    for key in secrets["accepted"].as_array().unwrap() {
        assert!(Key::new(key.as_str().unwrap()).is_ok(), "{key}");
    }
    let utf16: Vec<u8> = "\u{feff}key".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let error = Key::new(utf16).unwrap_err();
    assert!(error.message().contains("UTF-16"), "{error}");
}

#[test]
fn a_usersig_that_came_with_more_than_itself_is_malformed_and_said_why() {
    let usersig = signed(|_| ());
    for (given, told) in [
        (format!("{usersig}\r\n"), "carriage return"),
        (format!("\u{feff}{usersig}"), "byte order mark"),
        (format!("'{usersig}'"), "quotes"),
        (format!("usersig={usersig}"), "name of a variable"),
        (String::new(), ""),
    ] {
        let error = verify(&key(), APP, None, &given, NOW_S).unwrap_err();
        assert_eq!(error.status(), Status::MalformedUserSig);
        assert!(error.message().contains(told) && !error.message().contains(&usersig), "{error}");
    }
}

#[test]
fn the_published_vectors_are_signed_alike() {
    for vector in vectors() {
        for compress in [false, true] {
            let options = SignOptions {
                userbuf: vector.userbuf.as_deref(),
                compress,
                ..SignOptions::new(
                    vector.sdk_app_id,
                    &vector.identifier,
                    vector.time_s,
                    vector.expire_s,
                )
            };
            let document = open(&sign(&vector.key, &options).unwrap());
            assert_eq!(document["TLS.sig"], vector.tls_sig);
            if vector.document.is_object() {
                assert_eq!(document, vector.document);
            }
        }
    }
}

#[test]
fn the_official_librarys_usersigs_are_accepted() {
    let official: Vec<_> = vectors().into_iter().filter(|row| row.official.is_some()).collect();
    assert_eq!(official.len(), 3);
    for row in official {
        let usersig = row.official.unwrap();
        let app = row.sdk_app_id;
        let claims = verify(&row.key, app, Some(&row.identifier), &usersig, row.time_s).unwrap();
        assert_eq!(claims.identifier, row.identifier);
        assert_eq!(claims.sdk_app_id, app);
        assert_eq!((claims.time_s, claims.expire_s), (row.time_s, row.expire_s));
        assert_eq!(claims.userbuf, None);
    }
}

#[test]
fn both_forms_say_the_same_and_the_compressed_one_is_shorter() {
    let stored = signed(|_| ());
    let compressed = signed(|options| options.compress = true);
    assert_eq!(open(&stored), open(&compressed));
    assert!(compressed.len() < stored.len());
    for usersig in [stored, compressed] {
        assert!(usersig.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"*-_".contains(&byte)));
        verify(&key(), APP, Some("alice"), &usersig, NOW_S).unwrap();
    }
}

#[test]
fn the_last_valid_second_is_time_plus_expire() {
    let usersig = signed(|_| ());
    verify(&key(), APP, None, &usersig, NOW_S + 100).unwrap();
    let error = verify(&key(), APP, None, &usersig, NOW_S + 101).unwrap_err();
    assert_eq!(error.status(), Status::ExpiredUserSig);
    assert!(error.message().contains("expired 1 s ago"), "{error}");
    let forever = signed(|options| options.expire_s = u64::MAX);
    verify(&key(), APP, None, &forever, u64::MAX).unwrap();
}

#[test]
fn a_userbuf_comes_back_as_it_was_signed() {
    let userbuf = [0, 255, 1, 254];
    for compress in [false, true] {
        let usersig = signed(|options| {
            options.userbuf = Some(&userbuf);
            options.compress = compress;
        });
        let claims = verify(&key(), APP, Some("alice"), &usersig, NOW_S).unwrap();
        assert_eq!(claims.userbuf.as_deref(), Some(&userbuf[..]));
    }
}

#[test]
fn the_json_inside_is_what_serde_json_writes() {
    let quotes = "\"\\".repeat(1000);
    for identifier in ["a\"b\\c/d", "用户 🎮", "\u{2028}</script>", &quotes] {
        for (sdk_app_id, time_s, expire_s) in [(1, 0, 1), (u32::MAX, u64::MAX, u64::MAX)] {
            for (userbuf, userbuf_text) in [(None, None), (Some(&b"\xff\0"[..]), Some("/wA="))] {
                let options = SignOptions {
                    userbuf,
                    ..SignOptions::new(sdk_app_id, identifier, time_s, expire_s)
                };
                let json = json_in(&sign(&key(), &options).unwrap());
                let signature = serde_json::from_str::<Value>(&json).unwrap()["TLS.sig"].clone();
                let quoted = Value::from(identifier);
                let userbuf = userbuf_text
                    .map_or(String::new(), |text| format!(r#","TLS.userbuf":"{text}""#));
                let expected = format!(
                    r#"{{"TLS.ver":"2.0","TLS.identifier":{quoted},"TLS.sdkappid":{sdk_app_id},"TLS.expire":{expire_s},"TLS.time":{time_s}{userbuf},"TLS.sig":{signature}}}"#
                );
                assert_eq!(json, expected);
            }
        }
    }
}

#[test]
fn a_usersig_of_another_app_account_or_key_is_told_apart() {
    let usersig = signed(|_| ());
    let status = |key: &Key, app, identifier| {
        verify(key, app, identifier, &usersig, NOW_S).unwrap_err().status()
    };
    assert_eq!(status(&key(), APP + 1, None), Status::UserSigMismatch);
    assert_eq!(status(&key(), APP, Some("bob")), Status::UserSigMismatch);
    assert_eq!(status(&Key::new("other").unwrap(), APP, None), Status::ForgedUserSig);
}

#[test]
fn a_changed_claim_is_a_forgery() {
    let original = open(&signed(|options| options.userbuf = Some(b"x")));
    let changes = [
        ("TLS.expire", json!(1_000_000)),
        ("TLS.time", json!(NOW_S + 1)),
        ("TLS.userbuf", json!("eXk=")),
        ("TLS.userbuf", Value::Null),
        ("TLS.identifier", json!("root")),
        ("TLS.sig", json!("")),
        ("TLS.sig", json!("AAAA")),
    ];
    for (name, value) in changes {
        let mut document = original.clone();
        document[name] = value;
        let error =
            verify(&key(), APP, None, &pack(document.to_string().as_bytes()), NOW_S).unwrap_err();
        assert_eq!(error.status(), Status::ForgedUserSig, "{name}");
    }
}

#[test]
fn every_cut_and_every_changed_character_is_refused() {
    for usersig in [signed(|_| ()), signed(|options| options.compress = true)] {
        for length in 0..usersig.len() {
            refusal(&usersig[..length]);
        }
        for at in 0..usersig.len() {
            let other = if usersig.as_bytes()[at] == b'A' { "B" } else { "A" };
            let mut changed = usersig.clone();
            changed.replace_range(at..=at, other);
            refusal(&changed);
        }
    }
}

#[test]
fn text_that_is_no_usersig_is_called_malformed() {
    let document = open(&signed(|_| ()));
    let without = |name: &str| {
        let mut document = document.clone();
        document.as_object_mut().unwrap().remove(name);
        pack(document.to_string().as_bytes())
    };
    let with = |name: &str, value: Value| {
        let mut document = document.clone();
        document[name] = value;
        pack(document.to_string().as_bytes())
    };
    let texts = [
        String::new(),
        "_".to_owned(),
        "____".to_owned(),
        "eJw".to_owned(),
        "not a usersig".to_owned(),
        "eJ+/".to_owned(),
        "\u{1f3ae}".to_owned(),
        "A".repeat(1 << 20),
        pack(b""),
        pack(b"null"),
        pack(b"[]"),
        pack(b"{\"TLS.ver\""),
        pack(&[0xff, 0xfe]),
        without("TLS.sig"),
        without("TLS.identifier"),
        without("TLS.expire"),
        with("TLS.ver", json!("1.0")),
        with("TLS.sdkappid", json!(-1)),
        with("TLS.sig", json!("not base64!")),
        with("TLS.identifier", json!("alice\nTLS.sdkappid:1")),
    ];
    for text in texts {
        let shown: String = text.chars().take(60).collect();
        assert_eq!(refusal(&text), Status::MalformedUserSig, "{shown}");
    }
}

#[test]
fn bytes_after_the_zlib_stream_are_refused() {
    let text = signed(|_| ()).replace('*', "+").replace('-', "/").replace('_', "=");
    let mut stream = decode_base64(&text);
    stream.push(0);
    let longer = STANDARD.encode(stream).replace('+', "*").replace('/', "-").replace('=', "_");
    assert_eq!(refusal(&longer), Status::MalformedUserSig);
}

#[test]
fn a_bomb_is_not_inflated() {
    // 64 MiB of spaces pack into less than 90 KiB of text.
    let bomb = pack(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < 90 << 10);
    let error = verify(&key(), APP, None, &bomb, NOW_S).unwrap_err();
    assert_eq!(error.status(), Status::MalformedUserSig);
    assert!(error.message().contains("inflates to 64 KiB or more"), "{error}");
}

#[test]
fn what_cannot_be_signed_is_refused_by_its_name() {
    let long = "x".repeat(70_000);
    let cases = [
        (SignOptions::new(0, "alice", NOW_S, 1), "sdk_app_id"),
        (SignOptions::new(APP, "", NOW_S, 1), "identifier"),
        (SignOptions::new(APP, "a\nTLS.sdkappid:1", NOW_S, 1), "identifier"),
        (SignOptions::new(APP, "alice", NOW_S, 0), "expire_s"),
        (SignOptions::new(APP, &long, NOW_S, 1), "identifier"),
    ];
    for (options, name) in cases {
        for compress in [false, true] {
            let error = sign(&key(), &SignOptions { compress, ..options }).unwrap_err();
            assert_eq!(error.status(), Status::InvalidArgument);
            assert!(error.message().contains(name), "{error}");
        }
    }
}

#[test]
fn the_longest_usersig_that_can_be_signed_can_be_verified() {
    let userbuf = vec![7; 48_000];
    for compress in [false, true] {
        let usersig = signed(|options| {
            options.userbuf = Some(&userbuf);
            options.compress = compress;
        });
        assert!(verify(&key(), APP, None, &usersig, NOW_S).unwrap().userbuf.is_some());
    }
}

#[test]
fn neither_the_key_nor_a_usersig_is_shown() {
    let key = Key::new("top secret").unwrap();
    assert_eq!(format!("{key:?}"), "Key(..)");
    let usersig = signed(|_| ());
    let error = verify(&key, APP, None, &usersig, NOW_S).unwrap_err();
    assert!(!format!("{error:?}").contains(&usersig));
}

#[test]
fn the_buffer_of_a_private_map_key_has_the_vendors_layout() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/usersig/vectors.json");
    let list: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let rows: Vec<_> = list.iter().filter(|row| row["userbuf_hex"].is_string()).collect();
    assert_eq!(rows.len(), 2, "a numbered room and a text room");
    for row in rows {
        let room = match row["roomstr"].as_str().unwrap() {
            "" => Room::Number(row["roomid"].as_u64().unwrap() as u32),
            id => Room::Text(id),
        };
        let expires_at_s = row["time"].as_u64().unwrap() + row["expire"].as_u64().unwrap();
        let buffer = private_map_key_userbuf(
            row["sdkappid"].as_u64().unwrap() as u32,
            row["identifier"].as_str().unwrap(),
            room,
            expires_at_s as u32,
            Privilege::All as u32,
        );
        let hex: String = buffer.unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, row["userbuf_hex"].as_str().unwrap());
    }
}

#[test]
fn a_private_map_key_that_would_mean_nothing_is_refused() {
    let long = "x".repeat(65_536);
    for (account, room, privileges, name) in [
        ("", Room::Number(1), Privilege::All as u32, "account"),
        (long.as_str(), Room::Number(1), Privilege::All as u32, "account"),
        ("alice", Room::Text(""), Privilege::All as u32, "text room id"),
        ("alice", Room::Number(1), 256, "privileges"),
    ] {
        let error = private_map_key_userbuf(APP, account, room, 1, privileges).unwrap_err();
        assert_eq!(error.status(), Status::InvalidArgument);
        assert!(error.message().contains(name), "{error}");
    }
    let bits = [Privilege::EnterRoom, Privilege::ReceiveAudio, Privilege::ReceiveVideo]
        .into_iter()
        .fold(0, |bits, bit| bits | bit as u32);
    assert_eq!(bits, 42, "the vendor's example of a mere listener");
}

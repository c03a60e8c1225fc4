//! The emulator against programs that are not of this project: requests by curl, with UserSigs by Tencent's own libraries.
//! It answers each as Tencent documents.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use support::{APP, KEY, now_s, run, stderr, stdout};
use tc_callback_cli::emulator::{Emulator, Fault, Injection, Options, Running};

const PYTHON: &str = r#"
import json, sys
import TLSSigAPIv2 as peer
request = json.loads(sys.argv[1])
peer.time.time = lambda: request["time"]
print(peer.TLSSigAPIv2(request["sdkappid"], request["key"]).gen_sig(request["identifier"], request["expire"]))
"#;

const NODE: &str = r#"
const peer = require('tls-sig-api-v2');
const request = JSON.parse(process.argv[1]);
Date.now = () => request.time * 1000;
console.log(new peer.Api(request.sdkappid, request.key).genSig(request.identifier, request.expire));
"#;

/// Tencent's UserSig library for one language.
struct Peer {
    language: &'static str,
    interpreter: PathBuf,
    arguments: [&'static str; 2],
}

impl Peer {
    /// Those that are installed; none if there is no curl either. Says what is missing.
    fn all() -> Vec<Peer> {
        if !has_curl() {
            return Vec::new();
        }
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/peers"));
        let python = folder.join("venv/bin/python");
        let peers = [
            Peer { language: "Python", interpreter: python, arguments: ["-c", PYTHON] },
            Peer { language: "Node", interpreter: "node".into(), arguments: ["-e", NODE] },
        ];
        let (there, missing): (Vec<Peer>, Vec<Peer>) =
            peers.into_iter().partition(|peer| peer.ask(&peer.request(APP, "a")).is_some());
        let word = if there.is_empty() { "skipped" } else { "note" };
        let languages: Vec<&str> = missing.iter().map(|peer| peer.language).collect();
        if !missing.is_empty() {
            let languages = languages.join(" and ");
            eprintln!(
                "{word}: Tencent's UserSig library for {languages} is not there: run scripts/peers.sh"
            );
        }
        there
    }

    fn request(&self, app: u32, identifier: &str) -> Value {
        json!({ "sdkappid": app, "key": KEY, "identifier": identifier, "time": now_s(), "expire": 600 })
    }

    fn ask(&self, request: &Value) -> Option<String> {
        let modules = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/peers/node/node_modules");
        let mut command = Command::new(&self.interpreter);
        command.args(self.arguments).arg(request.to_string()).env("NODE_PATH", modules);
        let output = command.output().ok().filter(|output| output.status.success())?;
        Some(stdout(&output).trim().to_owned())
    }

    fn sign(&self, request: &Value) -> String {
        self.ask(request).unwrap()
    }

    fn usersig(&self) -> String {
        self.sign(&self.request(APP, "administrator"))
    }
}

fn has_curl() -> bool {
    let is_there = Command::new("curl").arg("--version").output().is_ok();
    if !is_there {
        eprintln!("skipped: curl is not installed");
    }
    is_there
}

fn curl(arguments: &[&str]) -> Output {
    run(Command::new("curl").args(["--silent", "--show-error", "--noproxy", "*"]).args(arguments))
}

fn url(emulator: &Running, api: &str, identifier: &str, usersig: &str) -> String {
    let query = support::query(APP, identifier, usersig);
    format!("{}/v4/{api}?{query}", emulator.url())
}

fn post(url: &str, body: &str) -> Value {
    let output = curl(&["--data", body, "--write-out", "\n%{http_code}", url]);
    let answer = stdout(&output);
    let (json, status) = answer.rsplit_once('\n').unwrap_or_else(|| panic!("{}", stderr(&output)));
    assert_eq!(status, "200");
    serde_json::from_str(json).unwrap()
}

#[test]
fn curl_with_tencents_usersigs_gets_the_documented_answers_of_each_api() {
    let room = json!({ "Url": "https://a.example/", "CallbackCommandList": ["Room.CallbackAfterCreateRoom"] });
    let call = json!({ "Url": "https://b.example/", "CallbackCommandList": ["Call.CallbackAfterEndCall"] });
    for peer in Peer::all() {
        let emulator = Emulator::start(Options::new(KEY)).unwrap();
        let usersig = peer.usersig();
        for (api, body, code) in [
            ("room_config/get_callback", "{}", 100301),
            ("room_config/update_callback", &room.to_string(), 100301),
            ("room_config/delete_callback", "{}", 0),
            ("room_config/set_callback", &room.to_string(), 0),
            ("room_config/set_callback", &room.to_string(), 100300),
            ("room_config/update_callback", &room.to_string(), 0),
            ("call_config/get_callback", "{}", 100301),
            ("call_config/set_callback", &call.to_string(), 0),
            ("call_config/set_callback", &call.to_string(), 0),
            ("call_config/set_callback", &room.to_string(), 100002),
            ("call_config/update_callback", &call.to_string(), 60009),
            ("call_config/delete_callback", "{}", 0),
            ("room_config/get_callback", "[]", 60003),
        ] {
            let answer = post(&url(&emulator, api, "administrator", &usersig), body);
            assert_eq!(answer["ErrorCode"], code, "{} {api}: {answer}", peer.language);
        }
        let answer =
            post(&url(&emulator, "room_config/get_callback", "administrator", &usersig), "{}");
        assert_eq!(answer["Response"], room);
    }
}

#[test]
fn what_is_wrong_with_one_of_tencents_usersigs_has_its_documented_code() {
    for peer in Peer::all() {
        let emulator = Emulator::start(Options::new(KEY)).unwrap();
        let right = peer.request(APP, "administrator");
        let with = |name: &str, value: Value| {
            let mut request = right.clone();
            request[name] = value;
            peer.sign(&request)
        };
        let whole = peer.usersig();
        for (usersig, code) in [
            (with("time", json!(now_s() - 700)), 70001),
            (whole[..whole.len() / 2].to_owned(), 70003),
            (with("key", json!("another key")), 70009),
            (with("identifier", json!("alice")), 70013),
            (with("sdkappid", json!(APP + 1)), 70014),
            (whole, 100301),
        ] {
            let url = url(&emulator, "room_config/get_callback", "administrator", &usersig);
            assert_eq!(post(&url, "{}")["ErrorCode"], code, "{}", peer.language);
        }
        let alice = peer.sign(&peer.request(APP, "alice"));
        let url = url(&emulator, "room_config/get_callback", "alice", &alice);
        assert_eq!(post(&url, "{}")["ErrorCode"], 60010, "{}", peer.language);
    }
}

#[test]
fn a_key_that_is_not_ascii_is_the_same_key_to_tencents_libraries() {
    for peer in Peer::all() {
        let emulator = Emulator::start(Options::new("密钥 🎮")).unwrap();
        let mut request = peer.request(APP, "administrator");
        request["key"] = json!("密钥 🎮");
        let url = url(&emulator, "room_config/get_callback", "administrator", &peer.sign(&request));
        assert_eq!(post(&url, "{}")["ErrorCode"], 100301, "{}", peer.language);
    }
}

#[test]
fn curl_sees_faults_as_those_of_a_real_network() {
    if !has_curl() {
        return;
    }
    for (fault, exit_code, said) in [
        (Fault::Drop, 52, "Empty reply"),
        (Fault::DropBefore, 52, "Empty reply"),
        (Fault::Http(502), 22, "502"),
    ] {
        let options = Options::new(KEY).inject(Injection::new(fault.clone()));
        let emulator = Emulator::start(options).unwrap();
        let output = curl(&["--fail", "--data", "{}", emulator.url()]);
        assert_eq!(output.status.code(), Some(exit_code), "{fault:?}");
        assert!(stderr(&output).contains(said), "{fault:?}: {}", stderr(&output));
    }
}

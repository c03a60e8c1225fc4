//! The emulator as a Rust library, in a test's own process.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::io::Write;
use std::net::TcpStream;
use std::sync::mpsc::channel;
use std::time::Duration;

use support::{APP, KEY, agent, code, query, read, usersig};
use tc_callback::catalog::{Operation, Product};
use tc_callback_cli::emulator::{Emulator, Fault, Injection, Options, Running, StartError};

const ROOM: &str =
    r#"{"Url":"http://www.example.com/","CallbackCommandList":["Room.CallbackAfterCreateRoom"]}"#;

fn url(emulator: &Running, api: &str) -> String {
    let query = query(APP, "administrator", &usersig(APP, "administrator"));
    format!("{}/v4/{api}?{query}", emulator.url())
}

fn call(emulator: &Running, api: &str, body: &str) -> i64 {
    code(&read(agent().post(url(emulator, api)).send(body).unwrap()))
}

#[test]
fn many_answer_at_the_same_time_and_each_knows_what_is_configured_in_it() {
    let emulators: Vec<Running> =
        (0..8).map(|_| Emulator::start(Options::new(KEY)).unwrap()).collect();
    assert_eq!(call(&emulators[3], "room_config/set_callback", ROOM), 0);
    for (index, emulator) in emulators.iter().enumerate() {
        let expected = if index == 3 { 0 } else { 100301 };
        assert_eq!(call(emulator, "room_config/get_callback", "{}"), expected);
    }
    let [configured] = &emulators[3].configurations()[..] else { panic!("not one") };
    assert_eq!((configured.sdk_app_id, configured.product), (APP, Product::Conference));
    assert_eq!(configured.configuration.url, "http://www.example.com/");
    assert_eq!(configured.configuration.commands, ["Room.CallbackAfterCreateRoom"]);
    assert!(emulators[0].configurations().is_empty());
}

#[test]
fn it_can_be_started_and_dropped_in_an_async_test() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let emulator = Emulator::start(Options::new(KEY)).unwrap();
        assert_eq!(call(&emulator, "room_config/get_callback", "{}"), 100301);
        let shown = format!("{emulator:?}");
        assert!(shown.contains(emulator.url()) && !shown.contains(KEY), "{shown}");
    });
}

#[test]
fn what_is_dropped_listens_no_longer() {
    let emulator = Emulator::start(Options::new(KEY)).unwrap();
    let address = emulator.url().strip_prefix("http://").unwrap().to_owned();
    assert_eq!(call(&emulator, "room_config/get_callback", "{}"), 100301);
    drop(emulator);
    let again = Options::new(KEY).listen(address.parse().unwrap());
    Emulator::start(again).expect("the address is free again");
}

#[test]
fn a_request_that_is_still_to_be_answered_does_not_keep_it_from_ending() {
    let (sender, requests) = channel();
    let hour = Duration::from_secs(3600);
    let options = Options::new(KEY)
        .inject(Injection::new(Fault::Latency(hour..=hour)))
        .on_request(move |line| sender.send(line.faults.to_vec()).unwrap());
    let emulator = Emulator::start(options).unwrap();
    let url = url(&emulator, "room_config/get_callback");
    let path = url.strip_prefix(emulator.url()).unwrap();
    let mut stream = TcpStream::connect(emulator.url().strip_prefix("http://").unwrap()).unwrap();
    write!(stream, "POST {path} HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{{}}").unwrap();
    assert_eq!(requests.recv().unwrap(), [Fault::Latency(hour..=hour)]);
    drop(emulator);
}

#[test]
fn each_change_and_each_request_is_told_to_every_observer_the_change_first() {
    let (sender, told) = channel();
    let of = |name: &'static str| (name, sender.clone());
    let ((first, a), (second, b), (changed, c)) = (of("first"), of("second"), of("changed"));
    let options = Options::new(KEY)
        .on_request(move |line| a.send(format!("{first} {:?} {}", line.code, line.path)).unwrap())
        .on_request(move |line| b.send(format!("{second} {:?}", line.code)).unwrap())
        .on_change(move |change| {
            let url = change.configuration.as_ref().map(|configuration| &configuration.url);
            c.send(format!("{changed} {} {} {url:?}", change.sdk_app_id, change.product.name()))
                .unwrap();
        });
    let emulator = Emulator::start(options).unwrap();
    call(&emulator, "room_config/set_callback", ROOM);
    call(&emulator, "room_config/set_callback", ROOM);
    call(&emulator, "room_config/delete_callback", "{}");
    call(&emulator, "room_config/delete_callback", "{}");
    drop(emulator);
    drop(sender);
    assert_eq!(
        told.iter().collect::<Vec<_>>(),
        [
            "changed 1400000000 conference Some(\"http://www.example.com/\")",
            "first Some(0) /v4/room_config/set_callback",
            "second Some(0)",
            "first Some(100300) /v4/room_config/set_callback",
            "second Some(100300)",
            "changed 1400000000 conference None",
            "first Some(0) /v4/room_config/delete_callback",
            "second Some(0)",
            "first Some(0) /v4/room_config/delete_callback",
            "second Some(0)",
        ]
    );
}

#[test]
fn a_fault_can_be_limited_to_a_share_and_to_an_api() {
    let fail = |code| Injection::new(Fault::Fail(code));
    let options = Options::new(KEY)
        .seed(7)
        .inject(fail(60008).only(Product::Call, Operation::Get))
        .inject(fail(100001).percent(30.0));
    let emulator = Emulator::start(options).unwrap();
    assert_eq!(emulator.seed(), 7);
    assert_eq!(call(&emulator, "call_config/get_callback", "{}"), 60008);
    let codes: Vec<i64> =
        (0..4).map(|_| call(&emulator, "room_config/get_callback", "{}")).collect();
    assert_eq!(codes, [100001, 100001, 100301, 100301]);
}

#[test]
fn applications_administrators_and_the_limit_are_options() {
    let options = Options::new("another key")
        .apps([(APP, KEY), (APP + 1, "second key")])
        .administrators(["root"])
        .requests_per_second(0);
    let emulator = Emulator::start(options).unwrap();
    assert_eq!(call(&emulator, "room_config/get_callback", "{}"), 60010);
    let query = query(APP, "root", &usersig(APP, "root"));
    let url = format!("{}/v4/room_config/get_callback?{query}", emulator.url());
    assert_eq!(code(&read(agent().post(url).send("{}").unwrap())), 60007);
}

#[test]
fn why_it_does_not_start_is_told() {
    let emulator = Emulator::start(Options::new(KEY)).unwrap();
    let address = emulator.url().strip_prefix("http://").unwrap();
    let taken = Emulator::start(Options::new(KEY).listen(address.parse().unwrap())).unwrap_err();
    assert!(matches!(taken, StartError::Address(..)) && taken.to_string().contains(address));
    let file = Options::new(KEY).state("/no/such/folder/state.json");
    let unwritable = Emulator::start(file).unwrap_err();
    assert!(matches!(&unwritable, StartError::State(why) if why.contains("/no/such/folder")));
}

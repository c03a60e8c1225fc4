//! The outbound client against a real HTTP server on loopback.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

#[path = "../support/rest_server.rs"]
mod rest_server;

mod cancel;
mod certificates;
mod deadline;
mod ensure;
mod exhausted;
mod faults;
mod hostile_network;
mod lost_answers;
mod memory;
mod options;
mod outcomes;
mod proxy;
mod requests;
mod retries;
mod secrets;
mod tls;
mod urls;

use rest_server::RestServer;
use tc_callback::config::{Client, Options};
use tc_callback::usersig::Key;

const SDK_APP_ID: u32 = 1400000000;
const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
const URL: &str = "https://example.com/callback";
const OTHER_URL: &str = "https://example.com/other";
const CREATED: &str = "Room.CallbackAfterCreateRoom";
const UPDATED: &str = "Room.CallbackAfterUpdateRoomInfo";
const UPDATED_ALIAS: &str = "Room.CallbackUpdateRoomInfo";
const STARTED: &str = "Call.CallbackAfterStartCall";

fn key() -> Key {
    Key::new(KEY).unwrap()
}

fn options(server: &RestServer) -> Options {
    let mut options = Options::new(SDK_APP_ID);
    options.set_key(key()).set_endpoint(server.endpoint());
    options
}

fn client(server: &RestServer) -> Client {
    Client::new(options(server)).unwrap()
}

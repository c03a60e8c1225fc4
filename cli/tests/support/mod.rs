//! What the tests of the command share: the emulator as a process, REST requests to it, and a server that receives events.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

pub mod inspector;

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;
use tc_callback::receiver::{self, Delivery, Options, Outcome, Request, Settlement};
use tc_callback::usersig::{Key, SignOptions, sign};

pub const APP: u32 = 1400000000;
pub const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";

/// The command, with none of the variables that it reads.
pub fn tc_callback(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tc-callback"));
    command.args(arguments);
    for variable in ["TC_ENDPOINT", "TC_SDK_APP_ID", "TC_SECRET_KEY", "TC_TOKEN", "NO_COLOR"] {
        command.env_remove(variable);
    }
    command
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub fn run(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().unwrap()
}

pub fn run_with_input(command: &mut Command, input: &str) -> Output {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

pub fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// `tc-callback emulate` on a free port.
pub struct Emulator {
    pub url: String,
    child: Child,
    lines: Receiver<String>,
}

impl Emulator {
    pub fn start(arguments: &[&str]) -> Emulator {
        Emulator::spawn(
            tc_callback(&["emulate", "--listen", "127.0.0.1:0"])
                .args(arguments)
                .env("TC_SECRET_KEY", KEY),
        )
    }

    pub fn spawn(command: &mut Command) -> Emulator {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let greeting: String = lines.recv().expect("the emulator ended at once");
        let url = greeting.split_whitespace().last().unwrap().to_owned();
        Emulator { url, child, lines }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn next_line(&self) -> String {
        self.lines.recv().unwrap()
    }

    /// Sends a signal and waits for the end; also returns what was printed.
    pub fn end(mut self, signal: &str) -> (ExitStatus, Vec<String>) {
        let pid = self.pid().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let status = self.child.wait().unwrap();
        (status, self.lines.iter().collect())
    }

    /// A `tc-callback` command for this emulator.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = tc_callback(arguments);
        command
            .env("TC_ENDPOINT", &self.url)
            .env("TC_SDK_APP_ID", APP.to_string())
            .env("TC_SECRET_KEY", KEY);
        command
    }

    /// Answers a REST call, as `service/operation`, of the administrator.
    pub fn call(&self, api: &str, body: &str) -> Value {
        self.post(
            &format!("/v4/{api}?{}", query(APP, "administrator", &usersig(APP, "administrator"))),
            body,
        )
    }

    /// Posts to a path with a query. The HTTP status is 200 whatever happens.
    pub fn post(&self, path: &str, body: &str) -> Value {
        read(agent().post(format!("{}{path}", self.url)).send(body).unwrap())
    }

    pub fn get(&self, path: &str) -> Value {
        read(agent().get(format!("{}{path}", self.url)).call().unwrap())
    }

    pub fn code(&self, path: &str, body: &str) -> i64 {
        code(&self.post(path, body))
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build().into()
}

pub fn read(mut response: ureq::http::Response<ureq::Body>) -> Value {
    assert_eq!(response.status(), 200);
    let text = response.body_mut().read_to_string().unwrap();
    serde_json::from_str(&text).unwrap()
}

pub fn code(answer: &Value) -> i64 {
    assert_eq!(answer["ActionStatus"], if answer["ErrorCode"] == 0 { "OK" } else { "FAIL" });
    answer["ErrorCode"].as_i64().unwrap()
}

pub fn usersig(app: u32, identifier: &str) -> String {
    signed_with(KEY, &SignOptions::new(app, identifier, now_s(), 3600))
}

pub fn signed_with(key: &str, options: &SignOptions<'_>) -> String {
    sign(&Key::new(key).unwrap(), options).unwrap().to_string()
}

pub fn query(app: u32, identifier: &str, usersig: &str) -> String {
    format!(
        "sdkappid={app}&identifier={identifier}&usersig={usersig}&random=4294967295&contenttype=json"
    )
}

/// One HTTP request that a [`Host`] received.
pub struct Received {
    pub request_line: String,
    pub headers: String,
    /// The text; what is no UTF-8 in it is replaced.
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Received {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn query(&self) -> Vec<(String, String)> {
        let target = self.request_line.split(' ').nth(1).unwrap();
        let query = target.split_once('?').unwrap().1;
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    pub fn parameter(&self, name: &str) -> String {
        let found = self.query().into_iter().find(|(found, _)| found == name);
        found.unwrap_or_else(|| panic!("no {name} in {}", self.request_line)).1
    }
}

/// A server that receives events, and answers each with the same reply.
pub struct Host {
    pub url: String,
    received: Receiver<Received>,
}

pub const RIGHT: &str = r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#;

impl Host {
    pub fn right() -> Host {
        Host::replying("200 OK", RIGHT)
    }

    pub fn replying(status: &str, body: &str) -> Host {
        let (status, body) = (status.to_owned(), body.to_owned());
        Host::answering(move |_| (status.clone(), body.clone()))
    }

    /// Replies with a status and a body that depend on the request.
    pub fn answering(
        mut answer: impl FnMut(&Received) -> (String, String) + Send + 'static,
    ) -> Host {
        Host::serving(move |received, mut stream| {
            let (status, body) = answer(received);
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            );
            // The command may have gone already: not every test lets it read the whole reply.
            let _ = stream.write_all((head + &body).as_bytes());
        })
    }

    /// Takes what the library's receiver accepts and answers what it says, or what `change` makes of it.
    pub fn receiving(
        token: Option<&str>,
        change: impl Fn(&Received, &Outcome) -> Option<(String, String)> + Send + 'static,
    ) -> Host {
        let mut options = Options::new(APP);
        if let Some(token) = token {
            options.add_token(token);
        }
        let receiver = receiver::Receiver::new(options).unwrap();
        Host::answering(move |received| {
            let query = received.request_line.split(['?', ' ']).nth(2).unwrap().as_bytes();
            let mut outcome =
                receiver.handle(&Request { query, body: &received.bytes, now_s: None });
            if outcome.delivery() == Delivery::New {
                outcome.settle(Settlement::Taken).unwrap();
            }
            change(received, &outcome).unwrap_or_else(|| {
                (format!("{} Answered", outcome.http_status), outcome.reply.to_string())
            })
        })
    }

    /// Reads requests and never answers.
    pub fn silent() -> Host {
        let mut open = Vec::new();
        Host::serving(move |_, stream| open.push(stream))
    }

    fn serving(mut serve: impl FnMut(&Received, TcpStream) + Send + 'static) -> Host {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/callback", listener.local_addr().unwrap());
        let (sender, received) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let request = receive(&mut BufReader::new(&mut stream));
                serve(&request, stream);
                let _ = sender.send(request);
            }
        });
        Host { url, received }
    }

    pub fn received(&self) -> Received {
        self.received.recv().unwrap()
    }
}

pub fn receive(reader: &mut impl BufRead) -> Received {
    let mut request_line = String::new();
    reader.read_line(&mut request_line).unwrap();
    let mut headers = String::new();
    while !headers.ends_with("\r\n\r\n") && headers != "\r\n" {
        assert_ne!(reader.read_line(&mut headers).unwrap(), 0);
    }
    let length = headers.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().unwrap())
    });
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    Received {
        request_line: request_line.trim_end().to_owned(),
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
        bytes: body,
    }
}

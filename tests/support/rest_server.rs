//! A real HTTP server on loopback that plays Tencent's REST API from a script and remembers what it was asked.
#![allow(dead_code)]

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

/// What the server does with one request.
#[derive(Clone, Debug)]
pub enum Step {
    /// Answers with this HTTP status and body, and keeps the connection.
    Answer(u16, String),
    /// Closes the connection without a byte of answer.
    Drop,
    /// Closes the connection in the middle of the answer.
    CloseMidway,
    /// Says nothing until the client goes away.
    Silence,
    /// Sends these bytes as they are and closes.
    Raw(String),
}

/// An answer with HTTP status 200 and this `ErrorCode`.
pub fn code(code: i64) -> Step {
    let action = if code == 0 { "OK" } else { "FAIL" };
    let body = json!({
        "ActionStatus": action, "ErrorCode": code, "ErrorInfo": format!("info {code}"), "RequestId": format!("Id-{code}"),
    });
    Step::Answer(200, body.to_string())
}

/// The answer of get when there is a configuration.
pub fn config(url: &str, commands: &[&str]) -> Step {
    let body = json!({
        "ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": "", "RequestId": "Id-get",
        "Response": { "Url": url, "CallbackCommandList": commands },
    });
    Step::Answer(200, body.to_string())
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Counts connections from 0.
    pub connection: usize,
    pub method: String,
    pub path: String,
    pub raw_query: String,
    pub headers: BTreeMap<String, String>,
    pub body: Value,
}

impl Seen {
    /// A parameter of the query as it stands there, still percent-encoded.
    pub fn query(&self, name: &str) -> &str {
        let mut pairs = self.raw_query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map_or("", |(_, value)| value)
    }

    /// The last part of the path: `set_callback`.
    pub fn operation(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

type Responder = dyn FnMut(&Seen) -> Step + Send;

pub struct RestServer {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl RestServer {
    /// Follows the script, a step for each request; after its end it answers with a code that nobody retries.
    pub fn scripted(script: impl IntoIterator<Item = Step>) -> RestServer {
        let mut script: VecDeque<Step> = script.into_iter().collect();
        RestServer::answering(move |_| script.pop_front().unwrap_or_else(|| code(999_999)))
    }

    /// Asks the function for each step.
    pub fn answering(respond: impl FnMut(&Seen) -> Step + Send + 'static) -> RestServer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let respond: Arc<Mutex<Box<Responder>>> = Arc::new(Mutex::new(Box::new(respond)));
        let all_seen = Arc::clone(&seen);
        thread::spawn(move || {
            for (connection, stream) in listener.incoming().enumerate() {
                let (seen, respond) = (Arc::clone(&all_seen), Arc::clone(&respond));
                thread::spawn(move || serve(connection, stream.unwrap(), &seen, &respond));
            }
        });
        RestServer { address, seen }
    }

    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The operations that were asked for, in their order.
    pub fn operations(&self) -> Vec<String> {
        self.seen().iter().map(|seen| seen.operation().to_owned()).collect()
    }
}

fn serve(
    connection: usize,
    stream: TcpStream,
    all_seen: &Mutex<Vec<Seen>>,
    respond: &Mutex<Box<Responder>>,
) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream;
    while let Some(seen) = read_request(connection, &mut reader) {
        all_seen.lock().unwrap().push(seen.clone());
        let step = (respond.lock().unwrap())(&seen);
        let written = match step {
            Step::Answer(status, body) => {
                let head = format!("HTTP/1.1 {status} Scripted\r\nContent-Length: {}", body.len());
                writer.write_all(format!("{head}\r\n\r\n{body}").as_bytes())
            }
            Step::CloseMidway => {
                let answer = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"ErrorCode\":0,";
                writer.write_all(answer.as_bytes()).ok();
                return;
            }
            Step::Raw(text) => {
                writer.write_all(text.as_bytes()).ok();
                return;
            }
            Step::Silence => {
                reader.read_to_end(&mut Vec::new()).ok();
                return;
            }
            Step::Drop => return,
        };
        if written.is_err() {
            return;
        }
    }
}

fn read_request(connection: usize, reader: &mut BufReader<TcpStream>) -> Option<Seen> {
    let mut line = String::new();
    let mut next_line = |reader: &mut BufReader<TcpStream>| {
        line.clear();
        reader.read_line(&mut line).ok()?;
        Some(line.trim_end().to_owned()).filter(|line| !line.is_empty())
    };
    let request_line = next_line(reader)?;
    let mut parts = request_line.split(' ');
    let (method, target) = (parts.next()?.to_owned(), parts.next()?);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut headers = BTreeMap::new();
    while let Some(line) = next_line(reader) {
        let (name, value) = line.split_once(':')?;
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Seen {
        connection,
        method,
        path: path.to_owned(),
        raw_query: query.to_owned(),
        headers,
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    })
}

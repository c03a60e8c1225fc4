//! The routes of the inspector's page.

use std::io::{BufRead, BufReader, Lines, Read};

use serde_json::Value;

use super::{Emulator, agent};

impl Emulator {
    /// Posts JSON to one of the page's routes; a refusal is its sentence.
    pub fn inspect(&self, path: &str, content: &Value) -> Result<Value, String> {
        let request = agent().post(format!("{}/inspector/{path}", self.url));
        let request = request.header("Content-Type", "application/json");
        let mut response = request.send(content.to_string()).unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        let answer: Value = serde_json::from_str(&text).unwrap_or_default();
        match response.status().is_success() {
            true => Ok(answer),
            false => Err(answer["problem"].as_str().unwrap().to_owned()),
        }
    }
}

/// One server-sent event.
pub struct Event {
    pub name: String,
    pub id: String,
    pub data: Value,
}

/// A stream of server-sent events.
pub struct Stream(Lines<BufReader<Box<dyn Read>>>);

impl Stream {
    pub fn open(emulator: &Emulator, headers: &[(&str, &str)]) -> Stream {
        let mut request = agent().get(format!("{}/inspector/stream", emulator.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.call().unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let reader: Box<dyn Read> = Box::new(response.into_body().into_reader());
        Stream(BufReader::new(reader).lines())
    }

    /// The content and the id of the next event of this name.
    pub fn wait_for(&mut self, name: &str) -> (Value, String) {
        loop {
            let event = self.next().expect("the stream has ended");
            if event.name == name {
                return (event.data, event.id);
            }
        }
    }
}

impl Iterator for Stream {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        let mut event = Event { name: String::new(), id: String::new(), data: Value::Null };
        loop {
            let line = self.0.next()?.unwrap();
            match line.split_once(": ") {
                Some(("event", name)) => event.name = name.to_owned(),
                Some(("id", id)) => event.id = id.to_owned(),
                Some(("data", data)) => event.data = serde_json::from_str(data).unwrap(),
                _ if line.is_empty() && !event.name.is_empty() => return Some(event),
                _ => {}
            }
        }
    }
}

//! Writes whose answers get lost, against a service that keeps what was written: no retry makes of one write a wrong configuration.

use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};
use tc_callback::catalog::Product;
use tc_callback::config::{Change, Client};
use tc_callback::error::{Result, Status};

use crate::rest_server::{RestServer, Seen, Step, code};
use crate::{CREATED, OTHER_URL, STARTED, URL, options};

const ATTEMPTS: u32 = 3;

/// What Tencent keeps of a product, and each write that reached it.
#[derive(Default)]
struct Service {
    stored: Option<Value>,
    writes: Vec<Value>,
}

impl Service {
    /// Does what the vendor documents.
    fn answer(&mut self, product: Product, seen: &Seen) -> Step {
        match (seen.operation(), self.stored.is_some()) {
            ("get_callback", true) => {
                let body = json!({"ErrorCode": 0, "ActionStatus": "OK", "Response": self.stored});
                Step::Answer(200, body.to_string())
            }
            ("set_callback", true) if !product.set_overwrites() => code(100_300),
            ("set_callback", _) | ("update_callback", true) => {
                self.stored = Some(seen.body.clone());
                code(0)
            }
            ("delete_callback", true) => {
                self.stored = None;
                code(0)
            }
            _ => code(100_301),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Write {
    Set,
    Update,
    Ensure,
    Delete,
}

impl Write {
    fn run(self, client: &Client, product: Product, word: &str) -> Result<Change> {
        let done = match self {
            Write::Set => client.set_callback(product, URL, &[word]),
            Write::Update => client.update_callback(product, URL, &[word]),
            Write::Ensure => client.ensure_callback(product, URL, &[word]),
            Write::Delete => client.delete_callback(product),
        };
        done.map(|done| done.change)
    }
}

/// One write, begun with `before` stored, whose first `lost` answers get lost, after it was carried out or before.
#[derive(Clone, Debug)]
struct Story {
    product: Product,
    write: Write,
    before: Option<&'static str>,
    fault: Step,
    is_carried_out: bool,
    lost: u32,
}

fn config(product: Product, url: &str) -> Value {
    let word = if product == Product::Call { STARTED } else { CREATED };
    json!({"Url": url, "CallbackCommandList": [word]})
}

impl Story {
    fn check(self) {
        let product = self.product;
        let before = self.before.map(|url| config(product, url));
        let asked = config(product, URL);
        let service = Service { stored: before.clone(), writes: Vec::new() };
        let service = Arc::new(Mutex::new(service));
        let (behind, fault, mut left) = (Arc::clone(&service), self.fault.clone(), self.lost);
        let is_carried_out = self.is_carried_out;
        let server = RestServer::answering(move |seen| {
            let mut service = behind.lock().unwrap();
            if seen.operation() == "get_callback" {
                return service.answer(product, seen);
            }
            service.writes.push(seen.body.clone());
            if left == 0 {
                return service.answer(product, seen);
            }
            left -= 1;
            if is_carried_out {
                service.answer(product, seen);
            }
            fault.clone()
        });
        let mut options = options(&server);
        options.set_attempts(ATTEMPTS).set_timeout_ms(60_000);
        let client = Client::new(options).unwrap();
        let word = asked["CallbackCommandList"][0].as_str().unwrap();
        let result = self.write.run(&client, product, word);

        let service = service.lock().unwrap();
        let goal = (self.write != Write::Delete).then(|| asked.clone());
        let sent = if self.write == Write::Delete { json!({}) } else { asked };
        assert!(
            service.writes.iter().all(|write| *write == sent),
            "{self:?}: {:?}",
            service.writes
        );
        assert!(service.writes.len() <= ATTEMPTS as usize, "{self:?}: {:?}", service.writes);
        match result {
            Ok(_) => assert_eq!(service.stored, goal, "{self:?}: success is what was asked for"),
            Err(error) => {
                let is_old_or_new = service.stored == before || service.stored == goal;
                assert!(is_old_or_new, "{self:?}: {error}: {:?}", service.stored);
                let is_refused = match self.write {
                    Write::Set => error.status() == Status::AlreadyExists && before.is_some(),
                    Write::Update => error.status() == Status::NotFound && before.is_none(),
                    Write::Ensure | Write::Delete => false,
                };
                let is_open = self.lost == ATTEMPTS && error.message().contains("all the same");
                assert!(is_refused || is_open, "{self:?}: {error}");
            }
        }
    }
}

#[test]
fn no_retry_makes_of_one_write_a_wrong_configuration() {
    let faults = [Step::Drop, Step::CloseMidway, Step::Answer(502, String::new()), code(100_001)];
    let mut stories = Vec::new();
    for product in [Product::Conference, Product::Call] {
        for write in [Write::Set, Write::Update, Write::Ensure, Write::Delete] {
            if product == Product::Call && write == Write::Update {
                continue;
            }
            for before in [None, Some(URL), Some(OTHER_URL)] {
                for fault in &faults {
                    for is_carried_out in [false, true] {
                        for lost in [1, ATTEMPTS] {
                            let fault = fault.clone();
                            stories.push(Story {
                                product,
                                write,
                                before,
                                fault,
                                is_carried_out,
                                lost,
                            });
                        }
                    }
                }
            }
        }
    }
    assert_eq!(stories.len(), 336);
    // Most of the time goes by between attempts.
    for some in stories.chunks(112) {
        thread::scope(|scope| {
            for story in some.iter().cloned() {
                scope.spawn(|| story.check());
            }
        });
    }
}

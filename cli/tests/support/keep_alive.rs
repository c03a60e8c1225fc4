//! A host that keeps connections alive and takes many at a time.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::support::{Received, receive};

/// What to answer to a request: a status and a body; nothing at all if `None`.
pub type Answer = Option<(u16, String)>;

pub struct KeepAlive {
    pub url: String,
    connections: Arc<AtomicUsize>,
    received: Arc<Mutex<Vec<Received>>>,
}

impl KeepAlive {
    pub fn answering(answer: impl Fn(&Received) -> Answer + Send + Sync + 'static) -> KeepAlive {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/callback", listener.local_addr().unwrap());
        let (connections, received) = <(Arc<AtomicUsize>, Arc<Mutex<Vec<_>>>)>::default();
        let (count, log) = (connections.clone(), received.clone());
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for stream in listener.incoming() {
                count.fetch_add(1, Ordering::SeqCst);
                let (answer, log) = (answer.clone(), log.clone());
                thread::spawn(move || serve(stream.unwrap(), &*answer, &log));
            }
        });
        KeepAlive { url, connections, received }
    }

    /// How many connections there have been.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// What has been received, in the order of its arrival.
    pub fn received(&self) -> Vec<Received> {
        std::mem::take(&mut self.received.lock().unwrap())
    }
}

fn serve(
    stream: TcpStream,
    answer: &(impl Fn(&Received) -> Answer + ?Sized),
    log: &Mutex<Vec<Received>>,
) {
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream);
    while reader.fill_buf().is_ok_and(|read| !read.is_empty()) {
        let request = receive(&mut reader);
        let answer = answer(&request);
        log.lock().unwrap().push(request);
        let Some((status, body)) = answer else { continue };
        let head = format!("HTTP/1.1 {status} Answered\r\nContent-Length: {}\r\n\r\n", body.len());
        // The command may have gone already.
        let _ = reader.get_mut().write_all((head + &body).as_bytes());
    }
}

//! Tencent's side of the rows `rest/*`: answers every request with the vendor's sample of get_callback, on connections that it
//! keeps open.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use anyhow::{Context, Result, bail};

const ANSWER: &str = include_str!("../../tests/fixtures/conference/api.get_callback.response.json");

/// Starts it on a free port of loopback; it runs as long as this process.
pub fn start() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            // A client that closes its connection ends the loop with an error.
            thread::spawn(move || serve(connection));
        }
    });
    Ok(address)
}

fn serve(mut connection: TcpStream) -> Result<()> {
    connection.set_nodelay(true)?;
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json";
    let answer = format!("{head}\r\nContent-Length: {}\r\n\r\n{ANSWER}", ANSWER.len());
    let mut buffer = [0; 16 * 1024];
    let mut filled = 0;
    loop {
        match request_length(&buffer[..filled])? {
            Some(length) if length <= filled => {
                connection.write_all(answer.as_bytes())?;
                buffer.copy_within(length..filled, 0);
                filled -= length;
            }
            _ => {
                let count = connection.read(&mut buffer[filled..])?;
                if count == 0 {
                    return Ok(());
                }
                filled += count;
            }
        }
    }
}

/// Bytes of the request that begins here, body included, if its head is whole.
fn request_length(bytes: &[u8]) -> Result<Option<usize>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(head) = request.parse(bytes)? else {
        return Ok(None);
    };
    let named = |header: &&httparse::Header<'_>| header.name.eq_ignore_ascii_case("Content-Length");
    let Some(length) = request.headers.iter().find(named) else {
        bail!("the request has no Content-Length");
    };
    let length: usize = str::from_utf8(length.value)?.parse().context("Content-Length")?;
    Ok(Some(head + length))
}

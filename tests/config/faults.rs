//! Faults of the network and of the host, against real sockets: what each comes to, what is tried again, what is left behind.
//!
//! The servers run in this process and count what reaches them. The calls are made in a process of their own, where nothing else
//! opens descriptors or starts threads.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use tc_callback::catalog::Product;
use tc_callback::config::{Client, Level, Options};
use tc_callback::error::Status;

use crate::{CREATED, SDK_APP_ID, URL, key};

/// The UserSig that the calls are made with: it may be in nothing that is told.
const USERSIG: &str = "eJwSecretUserSig*-_";
const PROXY_PASSWORD: &str = "proxy-secret";

const GOOD: &str = r#"{"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":"","RequestId":"Id-good"}"#;
const ATTEMPTS: u32 = 2;
/// In how many processes the calls are made.
const PARTS: usize = 6;
/// Far more than any deadline below: what a loaded machine may add.
const SLACK: Duration = Duration::from_secs(20);

/// What a server does with a connection after it has read a request.
type Serve = fn(&mut TcpStream);

/// Where the fault lies.
enum Fault {
    /// Nobody listens.
    Refused,
    /// Someone listens and does this.
    Host(Serve),
    /// The same, spoken to in TLS.
    NotTls(Serve),
    /// The proxy does this.
    Proxy(Serve),
    /// No proxy listens.
    NoProxy,
}

struct Case {
    name: &'static str,
    fault: Fault,
    status: Status,
    /// Whether it is tried again.
    retried: bool,
    /// Whether the error says that the write may have been made.
    maybe_done: bool,
    timeout_ms: u64,
    connect_timeout_ms: u64,
}

const fn case(name: &'static str, fault: Fault, status: Status, retried: bool) -> Case {
    let maybe_done = matches!(
        status,
        Status::Connection | Status::Timeout | Status::HttpStatus | Status::InvalidResponse
    );
    Case {
        name,
        fault,
        status,
        retried,
        maybe_done,
        timeout_ms: 20_000,
        connect_timeout_ms: 20_000,
    }
}

impl Case {
    const fn surely_not_done(self) -> Case {
        Case { maybe_done: false, ..self }
    }

    /// Ends by its deadline, so there is none.
    const fn within_ms(self, timeout_ms: u64) -> Case {
        Case { timeout_ms, ..self }
    }

    /// Each attempt ends by its connect timeout.
    const fn connecting_for_ms(self, connect_timeout_ms: u64) -> Case {
        Case { connect_timeout_ms, ..self }
    }
}

const RETRIED: bool = true;
const ONCE: bool = false;

#[rustfmt::skip]
const CASES: &[Case] = &[
    // The connection.
    case("refused", Fault::Refused, Status::Connection, RETRIED).surely_not_done(),
    case("closed without a byte", Fault::Host(|_| ()), Status::Connection, RETRIED),
    case("half-closed without a byte", Fault::Host(half_closed), Status::Connection, RETRIED),
    case("silent", Fault::Host(silent), Status::Timeout, ONCE).within_ms(300),
    case("one byte a second", Fault::Host(one_byte_a_second), Status::Timeout, ONCE).within_ms(300),
    case("silent in the body", Fault::Host(|stream| { head(stream, "Content-Length: 500"); silent(stream) }), Status::Timeout, ONCE).within_ms(300),
    case("interim answers without end", Fault::Host(|stream| without_end(stream, b"HTTP/1.1 100 Continue\r\n\r\n")), Status::Timeout, ONCE).within_ms(300),
    // HTTP.
    case("502", Fault::Host(|stream| answer(stream, "502 Bad Gateway", "<html>bad gateway</html>")), Status::HttpStatus, RETRIED),
    case("500 with an answer", Fault::Host(|stream| answer(stream, "500 Oh", GOOD)), Status::HttpStatus, RETRIED),
    case("429", Fault::Host(|stream| answer(stream, "429 Too Many Requests", "")), Status::HttpStatus, ONCE).surely_not_done(),
    case("301", Fault::Host(|stream| answer(stream, "301 Moved\r\nLocation: /elsewhere", GOOD)), Status::HttpStatus, ONCE).surely_not_done(),
    case("307", Fault::Host(|stream| answer(stream, "307 Moved\r\nLocation: /elsewhere", GOOD)), Status::HttpStatus, ONCE).surely_not_done(),
    case("404", Fault::Host(|stream| answer(stream, "404 Not Found", GOOD)), Status::HttpStatus, ONCE).surely_not_done(),
    case("204", Fault::Host(|stream| answer(stream, "204 No Content", "")), Status::HttpStatus, ONCE).surely_not_done(),
    case("length too long", Fault::Host(|stream| { head(stream, "Content-Length: 500"); send(stream, GOOD) }), Status::Connection, RETRIED),
    case("length too short", Fault::Host(|stream| { head(stream, "Content-Length: 20"); send(stream, GOOD) }), Status::InvalidResponse, ONCE),
    case("length no number", Fault::Host(|stream| { head(stream, "Content-Length: many"); send(stream, GOOD) }), Status::InvalidResponse, ONCE),
    case("length negative", Fault::Host(|stream| { head(stream, "Content-Length: -1"); send(stream, GOOD) }), Status::InvalidResponse, ONCE),
    case("no length", Fault::Host(|stream| { head(stream, "Connection: close"); send(stream, GOOD) }), Status::Ok, ONCE),
    case("chunks", Fault::Host(|stream| { head(stream, CHUNKED); send(stream, &format!("{:x}\r\n{GOOD}\r\n0\r\n\r\n", GOOD.len())) }), Status::Ok, ONCE),
    case("chunks that are garbage", Fault::Host(|stream| { head(stream, CHUNKED); send(stream, "zz\r\ngarbage\r\n") }), Status::InvalidResponse, ONCE),
    case("a chunk cut short", Fault::Host(|stream| { head(stream, CHUNKED); send(stream, "40\r\n{\"Erro") }), Status::Connection, RETRIED),
    case("a chunk of 2^64 bytes", Fault::Host(|stream| { head(stream, CHUNKED); send(stream, "ffffffffffffffff\r\n{") }), Status::Connection, RETRIED),
    case("a head without end", Fault::Host(|stream| { send(stream, "HTTP/1.1 200 OK\r\n"); without_end(stream, b"X-More: more\r\n") }), Status::InvalidResponse, ONCE),
    case("not HTTP", Fault::Host(|stream| send(stream, "SSH-2.0-OpenSSH_9.2\r\n\r\n")), Status::InvalidResponse, ONCE),
    // The body.
    case("a bomb in gzip", Fault::Host(gzip_bomb), Status::InvalidResponse, ONCE),
    case("1 GB", Fault::Host(|stream| { head(stream, "Content-Length: 1000000000"); without_end(stream, &[b' '; 1 << 16]) }), Status::InvalidResponse, ONCE),
    case("chunks without end", Fault::Host(|stream| { head(stream, CHUNKED); without_end(stream, b"10\r\n                \r\n") }), Status::InvalidResponse, ONCE),
    case("HTML", Fault::Host(|stream| answer(stream, "200 OK", "<html>maintenance</html>")), Status::InvalidResponse, ONCE),
    case("nothing", Fault::Host(|stream| answer(stream, "200 OK", "")), Status::InvalidResponse, ONCE),
    case("no ErrorCode", Fault::Host(|stream| answer(stream, "200 OK", r#"{"ActionStatus":"OK"}"#)), Status::InvalidResponse, ONCE),
    case("ErrorCode and nothing else", Fault::Host(|stream| answer(stream, "200 OK", r#"{"ErrorCode":0}"#)), Status::Ok, ONCE),
    case("ErrorCode as text", Fault::Host(|stream| answer(stream, "200 OK", r#"{"ErrorCode":"0"}"#)), Status::Ok, ONCE),
    case("a refusal as text", Fault::Host(|stream| answer(stream, "200 OK", r#"{"ErrorCode":"100002"}"#)), Status::Refused, ONCE),
    case("ErrorCode of another kind", Fault::Host(|stream| answer(stream, "200 OK", r#"{"ErrorCode":[0]}"#)), Status::InvalidResponse, ONCE),
    case("ErrorCode over 64 bits", Fault::Host(|stream| answer(stream, "200 OK", r#"{"ErrorCode":99999999999999999999}"#)), Status::InvalidResponse, ONCE),
    case("fields of other kinds", Fault::Host(|stream| answer(stream, "200 OK", r#"{"ErrorCode":0,"ErrorInfo":{},"RequestId":7}"#)), Status::Ok, ONCE),
    case("JSON nested without end", Fault::Host(|stream| answer(stream, "200 OK", &"[".repeat(500_000))), Status::InvalidResponse, ONCE),
    case("a refusal that repeats the UserSig", Fault::Host(|stream| answer(stream, &format!("200 {USERSIG}\r\nX-Sig: {USERSIG}"), &format!(r#"{{"ErrorCode":100002,"ErrorInfo":"bad {USERSIG}","RequestId":"{USERSIG}"}}"#))), Status::Refused, ONCE),
    case("HTML that repeats the UserSig", Fault::Host(|stream| answer(stream, &format!("404 {USERSIG}"), USERSIG)), Status::HttpStatus, ONCE).surely_not_done(),
    case("a header that repeats the UserSig", Fault::Host(|stream| send(stream, &format!("HTTP/1.1 200 OK\r\n{USERSIG}\r\n\r\n"))), Status::InvalidResponse, ONCE),
    case("not UTF-8", Fault::Host(|stream| { head(stream, "Content-Length: 2"); stream.write_all(b"\xff\xfe").unwrap() }), Status::InvalidResponse, ONCE),
    // TLS and proxies.
    // Heads.
    case("a head of 16 KiB", Fault::Host(|stream| head_of(stream, 16 * 1024)), Status::Ok, ONCE),
    case("a head over 16 KiB", Fault::Host(|stream| head_of(stream, 16 * 1024 + 1)), Status::InvalidResponse, ONCE),
    case("a head of 1 MiB", Fault::Host(|stream| head_of(stream, 1 << 20)), Status::InvalidResponse, ONCE),
    // Sizes, and ends that are missing.
    case("1 MiB", Fault::Host(|stream| answer_of(stream, 1 << 20)), Status::Ok, ONCE),
    case("1 MiB and a byte", Fault::Host(|stream| answer_of(stream, (1 << 20) + 1)), Status::InvalidResponse, ONCE),
    case("no length and no body", Fault::Host(|stream| head(stream, "Connection: close")), Status::Connection, RETRIED),
    case("no length and half a body", Fault::Host(|stream| { head(stream, "Connection: close"); send(stream, &GOOD[..40]) }), Status::Connection, RETRIED),
    case("no length and HTML", Fault::Host(|stream| { head(stream, "Connection: close"); send(stream, "<html>maintenance</html>") }), Status::InvalidResponse, ONCE),
    case("ErrorCode as text with a space", Fault::Host(|stream| answer(stream, "200 OK", r#"{"ErrorCode":"0 "}"#)), Status::InvalidResponse, ONCE),
    case("ErrorCode as text with a sign", Fault::Host(|stream| answer(stream, "200 OK", r#"{"ErrorCode":"+0"}"#)), Status::InvalidResponse, ONCE),
    case("ErrorCode as text with a fraction", Fault::Host(|stream| answer(stream, "200 OK", r#"{"ErrorCode":"0.0"}"#)), Status::InvalidResponse, ONCE),
    case("ErrorCode as empty text", Fault::Host(|stream| answer(stream, "200 OK", r#"{"ErrorCode":""}"#)), Status::InvalidResponse, ONCE),
    case("no TLS", Fault::NotTls(|stream| send(stream, "HTTP/1.1 400 Bad Request\r\n\r\n")), Status::Tls, ONCE),
    case("closed in TLS", Fault::NotTls(|_| ()), Status::Connection, RETRIED).surely_not_done(),
    case("silent in TLS", Fault::NotTls(silent), Status::Timeout, ONCE).within_ms(300).surely_not_done(),
    case("silent in TLS for the connect timeout", Fault::NotTls(silent), Status::Connection, RETRIED).connecting_for_ms(300).surely_not_done(),
    case("TLS byte by byte", Fault::NotTls(tls_by_drops), Status::Timeout, ONCE).within_ms(700).surely_not_done(),
    case("TLS byte by byte for the connect timeout", Fault::NotTls(tls_by_drops), Status::Connection, RETRIED).connecting_for_ms(700).surely_not_done(),
    case("no proxy listens", Fault::NoProxy, Status::Proxy, RETRIED),
    case("a proxy that refuses", Fault::Proxy(|stream| answer(stream, "403 Forbidden", "")), Status::Proxy, RETRIED),
    case("a proxy that wants a password", Fault::Proxy(|stream| answer(stream, "407 Proxy Authentication Required", "")), Status::Proxy, ONCE),
    case("a proxy that closes", Fault::Proxy(|_| ()), Status::Proxy, RETRIED),
    case("a proxy that is silent", Fault::Proxy(silent), Status::Timeout, ONCE).within_ms(300).surely_not_done(),
    case("a proxy that is silent for the connect timeout", Fault::Proxy(silent), Status::Proxy, RETRIED).connecting_for_ms(300),
    case("a proxy that answers byte by byte", Fault::Proxy(connected_by_drops), Status::Timeout, ONCE).within_ms(700).surely_not_done(),
    case("a proxy that answers byte by byte for the connect timeout", Fault::Proxy(connected_by_drops), Status::Proxy, RETRIED).connecting_for_ms(700),
    case("a proxy that does not speak HTTP", Fault::Proxy(|stream| send(stream, "SSH-2.0-OpenSSH_9.2\r\n\r\n")), Status::Proxy, ONCE),
    case("a proxy whose head is over 16 KiB", Fault::Proxy(|stream| head_of(stream, 16 * 1024 + 1)), Status::Proxy, ONCE),
    case("a tunnel that is silent", Fault::Proxy(|stream| { connected(stream); silent(stream) }), Status::Timeout, ONCE).within_ms(300).surely_not_done(),
    case("a tunnel in which TLS comes byte by byte", Fault::Proxy(|stream| { connected(stream); tls_by_drops(stream) }), Status::Timeout, ONCE).within_ms(700).surely_not_done(),
];

const CHUNKED: &str = "Transfer-Encoding: chunked";

fn send(stream: &mut TcpStream, text: &str) {
    // The client may have closed: it need not read all of it.
    stream.write_all(text.as_bytes()).ok();
}

fn head(stream: &mut TcpStream, header: &str) {
    send(stream, &format!("HTTP/1.1 200 OK\r\n{header}\r\n\r\n"));
}

fn answer(stream: &mut TcpStream, status: &str, body: &str) {
    send(stream, &format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
}

/// Until the client goes away.
fn silent(stream: &mut TcpStream) {
    stream.read_to_end(&mut Vec::new()).ok();
}

fn half_closed(stream: &mut TcpStream) {
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    silent(stream);
}

fn one_byte_a_second(stream: &mut TcpStream) {
    for byte in b"HTTP/1.1 200 OK\r\n" {
        if stream.write_all(&[*byte]).is_err() {
            return;
        }
        thread::sleep(Duration::from_secs(1));
    }
}

/// Byte by byte, slower than any deadline here by far, or until the client goes away. Each byte comes well within the deadlines.
fn by_drops(stream: &mut TcpStream, bytes: &[u8]) {
    for byte in bytes {
        if stream.write_all(&[*byte]).is_err() {
            return;
        }
        thread::sleep(Duration::from_millis(200));
    }
    silent(stream);
}

/// A TLS record of a handshake, of which a whole one would have 16 KiB.
fn tls_by_drops(stream: &mut TcpStream) {
    let record = [&[22, 3, 3, 0x40, 0][..], &[2; 500]].concat();
    by_drops(stream, &record);
}

fn connected(stream: &mut TcpStream) {
    send(stream, "HTTP/1.1 200 Connected\r\n\r\n");
    // The first record of the handshake.
    stream.read_exact(&mut [0; 5]).ok();
}

fn connected_by_drops(stream: &mut TcpStream) {
    by_drops(stream, format!("HTTP/1.1 200 {}\r\n\r\n", "x".repeat(100)).as_bytes());
}

/// A good answer with a head of so many bytes.
fn head_of(stream: &mut TcpStream, len: usize) {
    let length = format!("Content-Length: {}", GOOD.len());
    let others = format!("HTTP/1.1 200 OK\r\n{length}\r\nX-Filler: \r\n\r\n").len();
    head(stream, &format!("{length}\r\nX-Filler: {}", "x".repeat(len - others)));
    send(stream, GOOD);
}

/// A good answer with a body of so many bytes.
fn answer_of(stream: &mut TcpStream, len: usize) {
    answer(stream, "200 OK", &format!("{GOOD}{}", " ".repeat(len - GOOD.len())));
}

/// A gigabyte, or until the client goes away.
fn without_end(stream: &mut TcpStream, part: &[u8]) {
    let parts = 1_000_000_000 / part.len();
    (0..parts).take_while(|_| stream.write_all(part).is_ok()).for_each(drop);
}

/// A hundred mebibytes of spaces: what is compressed may be repeated.
fn gzip_bomb(stream: &mut TcpStream) {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&[b' '; 1 << 20]).unwrap();
    let bomb = encoder.finish().unwrap().repeat(100);
    head(stream, &format!("Content-Encoding: gzip\r\nContent-Length: {}", bomb.len()));
    stream.write_all(&bomb).ok();
}

/// Reads a request with its body, if that is what comes: in TLS it is not.
fn read_request(stream: &mut TcpStream) {
    let mut read = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let len = stream.read(&mut buffer).unwrap_or(0);
        read.extend_from_slice(&buffer[..len]);
        let text = String::from_utf8_lossy(&read).to_ascii_lowercase();
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body.len());
        let length = text.split_once("content-length: ").and_then(|(_, rest)| rest.lines().next());
        let length = length.map_or(0, |length| length.parse().unwrap());
        let is_text = read.first().is_some_and(u8::is_ascii_alphabetic);
        if len == 0 || !is_text || body.is_some_and(|body| body >= length) {
            return;
        }
    }
}

/// Serves one connection after the other, each for one request; counts them.
fn host(
    serve: impl Fn(&mut TcpStream) + Send + Sync + Clone + 'static,
) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, serve, counter) = (stream.unwrap(), serve.clone(), counter.clone());
            thread::spawn(move || {
                read_request(&mut stream);
                counter.fetch_add(1, Ordering::SeqCst);
                serve(&mut stream);
            });
        }
    });
    (address, count)
}

/// An address of this machine where nobody listens.
fn nobody() -> String {
    // Ports below 1024 are given to nobody by chance.
    "127.0.0.1:1".to_owned()
}

#[test]
fn each_fault_has_its_status_and_its_retries_and_leaves_nothing_behind() {
    let hosts: Vec<_> = CASES
        .iter()
        .map(|case| match case.fault {
            Fault::Host(serve) | Fault::NotTls(serve) | Fault::Proxy(serve) => host(serve),
            Fault::Refused | Fault::NoProxy => (nobody(), Arc::default()),
        })
        .collect();
    let addresses: Vec<_> = hosts.iter().map(|(address, _)| address.as_str()).collect();
    // Most of the time goes by in timeouts, one after the other in each process.
    thread::scope(|scope| {
        for part in 0..PARTS {
            let hosts = addresses.join(" ");
            scope.spawn(move || in_a_process_of_its_own("faults::with_each_fault", &hosts, part));
        }
    });
    for (case, (_, count)) in CASES.iter().zip(&hosts) {
        if !matches!(case.fault, Fault::Refused | Fault::NoProxy) {
            let expected = if case.retried { ATTEMPTS } else { 1 };
            let count = count.load(Ordering::SeqCst);
            assert_eq!(count, expected as usize, "{}: requests that reached the host", case.name);
        }
    }
}

/// Runs an ignored test of this file, which must pass.
fn in_a_process_of_its_own(test: &str, hosts: &str, part: usize) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env("TEST_HOSTS", hosts)
        .env("TEST_PART", part.to_string())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{errors}");
}

#[test]
#[ignore = "run by each_fault_has_its_status_and_its_retries_and_leaves_nothing_behind in a process of its own"]
fn with_each_fault() {
    let hosts = std::env::var("TEST_HOSTS").unwrap();
    let part: usize = std::env::var("TEST_PART").unwrap().parse().unwrap();
    let before = held();
    let mut wrong = Vec::new();
    for (case, address) in CASES.iter().zip(hosts.split(' ')).skip(part).step_by(PARTS) {
        wrong.extend(with_fault(case, address));
        assert_held(&before, case.name);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let peak_kib = peak_memory_kib();
    assert!(peak_kib < 64 * 1024, "no answer may take this much memory: {peak_kib} KiB");
}

/// What is wrong with the outcome, if anything.
fn with_fault(case: &Case, address: &str) -> Option<String> {
    let mut options = Options::new(SDK_APP_ID);
    options.set_usersig(USERSIG).set_timeout_ms(case.timeout_ms).set_attempts(ATTEMPTS);
    let told = Arc::new(Mutex::new(String::new()));
    let log = Arc::clone(&told);
    options.set_log(Arc::new(move |level: Level, line: &str| {
        *log.lock().unwrap() += &format!("{level:?} {line}\n");
    }));
    match case.fault {
        Fault::Refused | Fault::Host(_) => options.set_endpoint(format!("http://{address}")),
        Fault::NotTls(_) => options.set_endpoint(format!("https://{address}")),
        Fault::Proxy(_) | Fault::NoProxy => options
            .set_endpoint("https://192.0.2.7")
            .set_proxy(format!("http://me:{PROXY_PASSWORD}@{address}")),
    };
    options.set_connect_timeout_ms(case.connect_timeout_ms);
    *told.lock().unwrap() += &format!("{options:?}\n");
    let client = Client::new(options).unwrap();
    let began = Instant::now();
    let result = client.set_callback(Product::Conference, URL, &[CREATED]);
    let connects = Duration::from_millis(case.connect_timeout_ms) * ATTEMPTS;
    let limit = connects.min(Duration::from_millis(case.timeout_ms)) + SLACK;
    assert!(began.elapsed() < limit, "{}: the deadline was not kept", case.name);
    let (status, attempts, message) = match &result {
        Ok(done) => (Status::Ok, done.report.attempts, ""),
        Err(error) => (error.status(), error.report().attempts, error.message()),
    };
    *told.lock().unwrap() += &format!("{client:?}\n{result:?}\n{message}");
    for secret in [USERSIG, PROXY_PASSWORD] {
        let told = told.lock().unwrap();
        assert!(!told.contains(secret), "{}: {told}", case.name);
    }
    let maybe_done = message.contains("the change may have been made all the same");
    let expected_attempts = if case.retried { ATTEMPTS } else { 1 };
    let is_right =
        (status, attempts, maybe_done) == (case.status, expected_attempts, case.maybe_done);
    (!is_right).then(|| format!("{}: {status:?}, {attempts} attempts: {message}", case.name))
}

/// What this process holds of the system, by its name.
fn held() -> BTreeMap<&'static str, usize> {
    let count = |folder| fs::read_dir(folder).unwrap().count();
    [("descriptors", "/proc/self/fd"), ("threads", "/proc/self/task")]
        .map(|(name, folder)| (name, count(folder)))
        .into()
}

/// A thread that has done its work takes a moment to end.
fn assert_held(before: &BTreeMap<&'static str, usize>, after: &str) {
    let began = Instant::now();
    while held() != *before {
        assert!(began.elapsed() < SLACK, "{after} left something behind: {before:?}, {:?}", held());
        thread::yield_now();
    }
}

fn peak_memory_kib() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Resets the connection: bytes that were not read are left in it.
fn reset_after(stream: &TcpStream, text: &[u8]) {
    let mut first = [0];
    (&*stream).read_exact(&mut first).unwrap();
    (&*stream).write_all(text).unwrap();
}

#[test]
fn an_answer_that_breaks_off_at_any_byte_is_a_lost_connection() {
    let whole = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{GOOD}", GOOD.len());
    for is_reset in [false, true] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut options = Options::new(SDK_APP_ID);
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        options.set_key(key()).set_endpoint(endpoint).set_attempts(1);
        let client = Client::new(options).unwrap();
        thread::scope(|scope| {
            scope.spawn(|| {
                for len in 0..whole.len() {
                    let (mut stream, _) = listener.accept().unwrap();
                    match is_reset {
                        true => reset_after(&stream, &whole.as_bytes()[..len]),
                        false => {
                            read_request(&mut stream);
                            stream.write_all(&whole.as_bytes()[..len]).unwrap();
                        }
                    }
                }
            });
            for len in 0..whole.len() {
                let error = client.set_callback(Product::Conference, URL, &[CREATED]).unwrap_err();
                assert_eq!(error.status(), Status::Connection, "byte {len}: {error}");
                assert!(error.is_retryable(), "byte {len}: {error}");
                assert!(error.message().contains("made all the same"), "byte {len}: {error}");
            }
        });
    }
}

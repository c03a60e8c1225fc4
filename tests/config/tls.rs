//! TLS against a real nginx, with an authority that openssl makes for the test.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tc_callback::catalog::Product;
use tc_callback::config::{Client, Options};
use tc_callback::error::{Error, Status};

use crate::{CREATED, URL, key};

/// A directory of its own that goes away with the test.
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn new(name: &str) -> Scratch {
        let path = std::env::temp_dir().join(format!("tc-callback-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Scratch(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

pub struct Nginx {
    process: Child,
    pub port: u16,
    pub scratch: Scratch,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

pub fn has(tool: &str, version: &str) -> bool {
    let found =
        Command::new(tool).arg(version).stderr(Stdio::null()).stdout(Stdio::null()).status();
    let found = found.is_ok_and(|status| status.success());
    if !found {
        eprintln!("skipped: {tool} is not installed");
    }
    found
}

pub fn openssl(directory: &Path, arguments: &str) {
    let output = Command::new("openssl")
        .args(arguments.split_whitespace())
        .current_dir(directory)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// An authority in ca.pem, and a certificate of its that is valid for `names`.
pub fn certificates(directory: &Path, names: &str) {
    openssl(
        directory,
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -keyout ca.key -out ca.pem -subj /CN=test-authority",
    );
    openssl(
        directory,
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr -subj /CN=server",
    );
    fs::write(directory.join("server.ext"), format!("subjectAltName={names}\n")).unwrap();
    openssl(
        directory,
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 10 -extfile server.ext -out server.pem",
    );
}

/// nginx with that certificate; `None`, and why on stderr, if a tool is missing.
pub fn nginx(name: &str, names: &str) -> Option<Nginx> {
    if !has("nginx", "-v") || !has("openssl", "version") {
        return None;
    }
    let scratch = Scratch::new(name);
    certificates(&scratch.0, names);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let directory = scratch.0.display();
    let answer =
        r#"{"ErrorCode":0,"ActionStatus":"OK","RequestId":"$connection $ssl_session_reused"}"#;
    let configuration = format!(
        "daemon off; master_process off; pid {directory}/pid; error_log {directory}/error.log;\n\
         events {{}}\n\
         http {{ access_log off; client_body_temp_path {directory}; proxy_temp_path {directory};\n\
         fastcgi_temp_path {directory}; uwsgi_temp_path {directory}; scgi_temp_path {directory};\n\
         server {{ listen 127.0.0.1:{port} ssl; ssl_session_cache shared:S:1m; ssl_session_tickets off;\n\
         ssl_certificate {directory}/server.pem; ssl_certificate_key {directory}/server.key;\n\
         location = /v4/room_config/set_callback {{ return 200 '{answer}'; }}\n\
         location = /v4/room_config/delete_callback {{ keepalive_timeout 0; return 200 '{answer}'; }} }} }}\n"
    );
    let file = scratch.0.join("nginx.conf");
    fs::write(&file, configuration).unwrap();
    let mut process = Command::new("nginx")
        .arg("-p")
        .arg(&scratch.0)
        .arg("-c")
        .arg(&file)
        .arg("-e")
        .arg(scratch.0.join("start.log"))
        .spawn()
        .unwrap();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        let ended = process.try_wait().unwrap();
        let log = fs::read_to_string(scratch.0.join("start.log")).unwrap_or_default();
        assert!(ended.is_none(), "nginx ended: {log}");
        thread::sleep(Duration::from_millis(5));
    }
    Some(Nginx { process, port, scratch })
}

impl Nginx {
    fn client(&self, host: &str, ca_file: Option<&str>) -> Client {
        self.client_on(self.port, host, ca_file)
    }

    fn client_on(&self, port: u16, host: &str, ca_file: Option<&str>) -> Client {
        let mut options = Options::new(1400000000);
        options.set_key(key()).set_endpoint(format!("https://{host}:{port}"));
        if let Some(file) = ca_file {
            options.set_ca_file(self.scratch.0.join(file));
        }
        Client::new(options).unwrap()
    }

    fn refusal(&self, host: &str, ca_file: Option<&str>) -> Error {
        let client = self.client(host, ca_file);
        let error = client.set_callback(Product::Conference, URL, &[CREATED]).unwrap_err();
        assert_eq!(error.status(), Status::Tls, "{error}");
        assert_eq!(error.report().attempts, 1, "a certificate does not get better: {error}");
        assert!(!error.is_retryable());
        error
    }
}

#[test]
fn a_certificate_of_the_given_authority_is_accepted_and_the_connection_kept() {
    let Some(nginx) = nginx("accepted", "DNS:localhost,IP:127.0.0.1") else { return };
    for host in ["127.0.0.1", "localhost"] {
        let client = nginx.client(host, Some("ca.pem"));
        let connection = || {
            let done = client.set_callback(Product::Conference, URL, &[CREATED]).unwrap();
            done.report.request_id.unwrap()
        };
        assert_eq!(connection(), connection());
    }
}

/// Passes one connection on to nginx, and keeps what came from the client, read by read.
fn relay(to: u16) -> (u16, Arc<Mutex<Vec<Vec<u8>>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let reads = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&reads);
    thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut server = TcpStream::connect(("127.0.0.1", to)).unwrap();
        let (mut answers, mut back) = (server.try_clone().unwrap(), client.try_clone().unwrap());
        thread::spawn(move || io::copy(&mut answers, &mut back));
        let mut buffer = vec![0; 1 << 16];
        while let Ok(len @ 1..) = client.read(&mut buffer) {
            kept.lock().unwrap().push(buffer[..len].to_vec());
            server.write_all(&buffer[..len]).unwrap();
        }
    });
    (port, reads)
}

#[test]
fn a_warm_request_is_one_tls_record_in_one_packet() {
    let Some(nginx) = nginx("one-record", "DNS:localhost,IP:127.0.0.1") else { return };
    let (port, reads) = relay(nginx.port);
    let client = nginx.client_on(port, "localhost", Some("ca.pem"));
    let call = || client.set_callback(Product::Conference, URL, &[CREATED]).unwrap();
    call();
    reads.lock().unwrap().clear();
    for _ in 0..3 {
        call();
    }
    let reads = reads.lock().unwrap();
    assert_eq!(reads.len(), 3);
    for read in reads.iter() {
        const APPLICATION_DATA: u8 = 23;
        let record_len = usize::from(u16::from_be_bytes([read[3], read[4]]));
        assert_eq!((read[0], read.len()), (APPLICATION_DATA, 5 + record_len));
    }
}

#[test]
fn a_new_connection_resumes_the_tls_session() {
    let Some(nginx) = nginx("resumed", "DNS:localhost,IP:127.0.0.1") else { return };
    let client = nginx.client("localhost", Some("ca.pem"));
    let session = || {
        let done = client.delete_callback(Product::Conference).unwrap();
        done.report.request_id.unwrap().split_once(' ').unwrap().1.to_owned()
    };
    assert_eq!(session(), ".");
    assert_eq!(session(), "r", "nginx's word for a session that was resumed");
}

#[test]
fn a_certificate_for_another_host_is_refused_with_advice() {
    let Some(nginx) = nginx("other-host", "DNS:example.com") else { return };
    let error = nginx.refusal("127.0.0.1", Some("ca.pem"));
    assert!(error.message().contains("it is for another host"), "{error}");
}

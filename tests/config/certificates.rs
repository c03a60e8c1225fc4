//! Certificates and TLS versions that are refused, by a real `openssl s_server`, and in which words; and the ways to trust.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use tc_callback::catalog::Product;
use tc_callback::config::{Client, Options};
use tc_callback::error::{Error, Status};

use crate::tls::{Scratch, certificates, has, nginx, openssl};
use crate::{CREATED, SDK_APP_ID, URL, key};

/// How the server's certificate is made, in a directory that has an authority, a key and a request.
type Make = fn(&Scratch);

struct Case {
    name: &'static str,
    make: Make,
    /// More arguments of s_server.
    server: &'static str,
    ca_file: Option<&'static str>,
    says: &'static str,
}

const ISSUE: &str = "-in server.csr -extfile server.ext -out server.pem";
const BY_CA: &str = "-CA ca.pem -CAkey ca.key -CAcreateserial";

fn issue(scratch: &Scratch, how: &str) {
    openssl(&scratch.0, &format!("x509 -req {ISSUE} {how}"));
}

/// `openssl x509` knows no first day.
fn issue_for_2040(scratch: &Scratch) {
    let settings = "[ca]\ndefault_ca=d\n[d]\nnew_certs_dir=.\ndatabase=index\nrand_serial=yes\ndefault_md=sha256\npolicy=p\n\
                    [p]\ncommonName=supplied\n";
    fs::write(scratch.0.join("ca.cnf"), settings).unwrap();
    fs::write(scratch.0.join("index"), "").unwrap();
    let dates = "-startdate 20400101000000Z -enddate 20410101000000Z";
    openssl(
        &scratch.0,
        &format!("ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key {dates} {ISSUE}"),
    );
}

fn self_signed(scratch: &Scratch, is_authority: &str) {
    let what =
        format!("-addext subjectAltName=DNS:localhost -addext basicConstraints=CA:{is_authority}");
    let command = format!("req -x509 -key server.key -subj /CN=localhost {what} -out server.pem");
    openssl(&scratch.0, &command);
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    Case { name: "not yet valid", make: issue_for_2040, server: "", ca_file: Some("ca.pem"), says: "it is not valid yet: check this machine's clock" },
    Case { name: "expired", make: |scratch| issue(scratch, &format!("{BY_CA} -days -1")), server: "", ca_file: Some("ca.pem"), says: "it has expired" },
    Case { name: "self-signed", make: |scratch| self_signed(scratch, "FALSE"), server: "", ca_file: None, says: "an authority that is not trusted here: give that authority's PEM file to set_ca_file" },
    Case { name: "self-signed as by default", make: |scratch| self_signed(scratch, "TRUE"), server: "", ca_file: Some("server.pem"), says: "it is self-signed or an authority's own" },
    Case { name: "of an unknown authority", make: |scratch| issue(scratch, BY_CA), server: "", ca_file: None, says: "an authority that is not trusted here" },
    Case { name: "signed with SHA-1", make: |scratch| issue(scratch, &format!("{BY_CA} -sha1")), server: "-cipher DEFAULT:@SECLEVEL=0", ca_file: Some("ca.pem"), says: "not safe any more, like SHA-1" },
    Case { name: "TLS 1.0", make: |scratch| issue(scratch, BY_CA), server: "-tls1 -cipher DEFAULT:@SECLEVEL=0", ca_file: Some("ca.pem"), says: "the server has neither TLS 1.2 nor 1.3" },
    Case { name: "TLS 1.1", make: |scratch| issue(scratch, BY_CA), server: "-tls1_1 -cipher DEFAULT:@SECLEVEL=0", ca_file: Some("ca.pem"), says: "the server has neither TLS 1.2 nor 1.3" },
    Case { name: "a cipher without forward secrecy", make: |scratch| issue(scratch, BY_CA), server: "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA", ca_file: Some("ca.pem"), says: "none of their safe ciphers" },
];

struct Server(Child, u16);

impl Server {
    fn start(scratch: &Scratch, more: &str) -> Server {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut process = Command::new("openssl")
            .args(["s_server", "-www", "-cert", "server.pem", "-key", "server.key", "-accept"])
            .arg(format!("127.0.0.1:{port}"))
            .args(more.split_whitespace())
            .current_dir(&scratch.0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(process.try_wait().unwrap().is_none(), "s_server ended: {more}");
            thread::sleep(Duration::from_millis(5));
        }
        Server(process, port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn refusal(case: &Case) -> Error {
    let scratch = Scratch::new(&case.name.replace(' ', "-"));
    certificates(&scratch.0, "DNS:localhost", 10);
    (case.make)(&scratch);
    let server = Server::start(&scratch, case.server);
    let mut options = Options::new(SDK_APP_ID);
    options.set_key(key()).set_endpoint(format!("https://localhost:{}", server.1));
    if let Some(file) = case.ca_file {
        options.set_ca_file(scratch.0.join(file));
    }
    let client = Client::new(options).unwrap();
    client.set_callback(Product::Conference, URL, &[CREATED]).unwrap_err()
}

#[test]
fn what_cannot_be_trusted_is_refused_once_in_words_that_say_why() {
    if !has("openssl", "version") {
        return;
    }
    thread::scope(|scope| {
        for case in CASES {
            scope.spawn(move || {
                let error = refusal(case);
                let name = case.name;
                assert_eq!(error.status(), Status::Tls, "{name}: {error}");
                assert!(error.message().contains(case.says), "{name}: {error}");
                assert_eq!(error.report().attempts, 1, "{name}: it does not get better: {error}");
                assert!(!error.is_retryable(), "{name}");
                assert!(!error.message().contains("all the same"), "{name}: {error}");
            });
        }
    });
}

#[test]
fn a_call_in_tls_goes_through_a_proxy() {
    let Some(nginx) = nginx("proxied", "DNS:localhost", 10) else { return };
    let proxy = crate::proxy::Proxy::start(None);
    let mut options = Options::new(SDK_APP_ID);
    options.set_key(key()).set_endpoint(format!("https://localhost:{}", nginx.port));
    options.set_ca_file(nginx.scratch.0.join("ca.pem"));
    options.set_proxy(format!("http://127.0.0.1:{}", proxy.port));
    let client = Client::new(options).unwrap();
    client.set_callback(Product::Conference, URL, &[CREATED]).unwrap();
    let heads = proxy.heads.lock().unwrap().clone();
    assert!(heads[0].starts_with(&format!("CONNECT localhost:{} ", nginx.port)), "{heads:?}");
    assert!(!heads[0].contains("usersig"), "the proxy sees the host and nothing else: {heads:?}");
}

#[test]
fn the_authorities_of_the_system_are_trusted() {
    let store = "/etc/ssl/certs/ca-certificates.crt";
    let Some(nginx) = nginx("system", "DNS:localhost", 10) else { return };
    let with_store = |program: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "sh", "-c"]);
        command.args([r#"mount --bind "$0" "$1" && shift && exec "$@""#]);
        command.arg(nginx.scratch.0.join("ca.pem")).arg(store).args(program);
        command.env("TEST_ENDPOINT", format!("https://localhost:{}", nginx.port)).output()
    };
    if !with_store(&["true"]).is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no mount namespace can be made here, or there is no {store}");
        return;
    }
    let me = std::env::current_exe().unwrap();
    let test = "certificates::with_an_authority_of_the_system";
    let arguments = [me.to_str().unwrap(), "--exact", test, "--ignored", "--nocapture"];
    let output = with_store(&arguments).unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
#[ignore = "run by the_authorities_of_the_system_are_trusted with a trust store of its own"]
fn with_an_authority_of_the_system() {
    let mut options = Options::new(SDK_APP_ID);
    options.set_key(key()).set_endpoint(std::env::var("TEST_ENDPOINT").unwrap());
    let client = Client::new(options).unwrap();
    client.set_callback(Product::Conference, URL, &[CREATED]).unwrap();
}

/// The words by which rustls, ureq and openssl switch verification off.
#[test]
fn no_option_switches_verification_off() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["src", "src/config", "src/ffi", "include", "cli/src"];
    let files = folders.iter().flat_map(|folder| fs::read_dir(root.join(folder)).unwrap());
    let files: Vec<_> =
        files.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    assert!(files.len() > 40, "{files:?}");
    for path in files {
        let text = fs::read_to_string(&path).unwrap().to_ascii_lowercase();
        for word in ["dangerous", "disable_verif", "no_verif", "skip_verif", "verify_peer"] {
            assert!(!text.contains(word), "{}: {word}", path.display());
        }
    }
}

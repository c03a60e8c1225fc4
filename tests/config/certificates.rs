//! Certificates and TLS versions that are refused, by a real `openssl s_server`, and in which words; and the ways to trust.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
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
    crl_file: Option<&'static str>,
    says: &'static str,
}

const ISSUE: &str = "-in server.csr -extfile server.ext -out server.pem";
const BY_CA: &str = "-CA ca.pem -CAkey ca.key -CAcreateserial";

fn issue(scratch: &Scratch, how: &str) {
    openssl(&scratch.0, &format!("x509 -req {ISSUE} {how}"));
}

/// What `openssl x509` cannot do: it knows no first day and no lists of what was revoked.
fn openssl_ca(scratch: &Scratch, what: &str) {
    let settings = "[ca]\ndefault_ca=d\n[d]\nnew_certs_dir=.\ndatabase=index\nrand_serial=yes\ndefault_md=sha256\npolicy=p\n\
                    crl_extensions=e\ncrlnumber=crlnumber\n[e]\nauthorityKeyIdentifier=keyid\n\
                    [p]\ncommonName=supplied\n";
    fs::write(scratch.0.join("ca.cnf"), settings).unwrap();
    if !scratch.0.join("index").exists() {
        fs::write(scratch.0.join("index"), "").unwrap();
        fs::write(scratch.0.join("crlnumber"), "01").unwrap();
    }
    openssl(&scratch.0, &format!("ca -batch -config ca.cnf -cert ca.pem -keyfile ca.key {what}"));
}

/// Valid in this year and no other. `x509 -days` will not do for one that has expired: OpenSSL 3.5 takes no negative number.
fn issue_for(scratch: &Scratch, year: u32) {
    let dates = format!("-startdate {year}0101000000Z -enddate {year}1231000000Z");
    openssl_ca(scratch, &format!("-notext {dates} {ISSUE}"));
}

/// The authority's list, good for so long, of what it has revoked so far.
fn list(scratch: &Scratch, validity: &str) {
    openssl_ca(scratch, &format!("-gencrl {validity} -out crl.pem"));
}

/// Signed by another authority of the same name.
fn listed_by_an_impostor(scratch: &Scratch) {
    list(scratch, "-crldays 1");
    certificates(&scratch.0, "DNS:localhost");
}

fn revoked(scratch: &Scratch) {
    issue(scratch, BY_CA);
    openssl_ca(scratch, "-revoke server.pem");
    list(scratch, "-crldays 1");
}

/// The list of another authority says nothing of this one's certificates.
fn listed_elsewhere(scratch: &Scratch) {
    let other = "req -x509 -key server.key -subj /CN=another-authority -out ca.pem";
    openssl(&scratch.0, other);
    fs::copy(scratch.0.join("server.key"), scratch.0.join("ca.key")).unwrap();
    list(scratch, "-crldays 1");
    certificates(&scratch.0, "DNS:localhost");
}

fn self_signed(scratch: &Scratch, is_authority: &str) {
    let what =
        format!("-addext subjectAltName=DNS:localhost -addext basicConstraints=CA:{is_authority}");
    let command = format!("req -x509 -key server.key -subj /CN=localhost {what} -out server.pem");
    openssl(&scratch.0, &command);
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    Case { name: "not yet valid", make: |scratch| issue_for(scratch, 2040), server: "", ca_file: Some("ca.pem"), crl_file: None, says: "it is not valid yet: check this machine's clock" },
    Case { name: "expired", make: |scratch| issue_for(scratch, 2020), server: "", ca_file: Some("ca.pem"), crl_file: None, says: "it has expired" },
    Case { name: "self-signed", make: |scratch| self_signed(scratch, "FALSE"), server: "", ca_file: None, crl_file: None, says: "an authority that is not trusted here: give that authority's PEM file to set_ca_file" },
    Case { name: "self-signed as by default", make: |scratch| self_signed(scratch, "TRUE"), server: "", ca_file: Some("server.pem"), crl_file: None, says: "it is self-signed or an authority's own" },
    Case { name: "of an unknown authority", make: |scratch| issue(scratch, BY_CA), server: "", ca_file: None, crl_file: None, says: "an authority that is not trusted here" },
    Case { name: "signed with SHA-1", make: |scratch| issue(scratch, &format!("{BY_CA} -sha1")), server: "-cipher DEFAULT:@SECLEVEL=0", ca_file: Some("ca.pem"), crl_file: None, says: "not safe any more, like SHA-1" },
    Case { name: "TLS 1.0", make: |scratch| issue(scratch, BY_CA), server: "-tls1 -cipher DEFAULT:@SECLEVEL=0", ca_file: Some("ca.pem"), crl_file: None, says: "the server has neither TLS 1.2 nor 1.3" },
    Case { name: "TLS 1.1", make: |scratch| issue(scratch, BY_CA), server: "-tls1_1 -cipher DEFAULT:@SECLEVEL=0", ca_file: Some("ca.pem"), crl_file: None, says: "the server has neither TLS 1.2 nor 1.3" },
    Case { name: "revoked", make: revoked, server: "", ca_file: Some("ca.pem"), crl_file: Some("crl.pem"), says: "it was revoked" },
    Case { name: "on no list", make: listed_elsewhere, server: "", ca_file: Some("ca.pem"), crl_file: Some("crl.pem"), says: "no list in set_crl_file says whether it was revoked" },
    Case { name: "on a forged list", make: listed_by_an_impostor, server: "", ca_file: Some("ca.pem"), crl_file: Some("crl.pem"), says: "a list in set_crl_file was not signed by the authority that it names" },
    Case { name: "on a list that ran out", make: |scratch| { issue(scratch, BY_CA); list(scratch, "-crl_lastupdate 20200101000000Z -crl_nextupdate 20200102000000Z") }, server: "", ca_file: Some("ca.pem"), crl_file: Some("crl.pem"), says: "has run out: fetch a newer one" },
    Case { name: "a cipher without forward secrecy", make: |scratch| issue(scratch, BY_CA), server: "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA", ca_file: Some("ca.pem"), crl_file: None, says: "none of their safe ciphers" },
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
    certificates(&scratch.0, "DNS:localhost");
    (case.make)(&scratch);
    let server = Server::start(&scratch, case.server);
    let mut options = Options::new(SDK_APP_ID);
    options.set_key(key()).set_endpoint(format!("https://localhost:{}", server.1));
    if let Some(file) = case.ca_file {
        options.set_ca_file(scratch.0.join(file));
    }
    if let Some(file) = case.crl_file {
        options.set_crl_file(scratch.0.join(file));
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
fn a_certificate_that_its_authority_did_not_revoke_is_accepted() {
    let Some(nginx) = nginx("not-revoked", "DNS:localhost") else { return };
    list(&nginx.scratch, "-crldays 1");
    let mut options = Options::new(SDK_APP_ID);
    options.set_key(key()).set_endpoint(format!("https://localhost:{}", nginx.port));
    options.set_ca_file(nginx.scratch.0.join("ca.pem"));
    options.set_crl_file(nginx.scratch.0.join("crl.pem"));
    let client = Client::new(options).unwrap();
    client.set_callback(Product::Conference, URL, &[CREATED]).unwrap();
}

#[test]
fn a_call_in_tls_goes_through_a_proxy() {
    let Some(nginx) = nginx("proxied", "DNS:localhost") else { return };
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

/// In front of another server, for connections in TLS to this one.
struct TlsFront {
    process: Child,
    port: u16,
    /// What connections brought, one file each, after TLS was taken off.
    heard: PathBuf,
}

impl TlsFront {
    /// With the certificate in this directory. `None`, and why on stderr, without Python.
    fn start(directory: &Path, behind: u16) -> Option<TlsFront> {
        const PROGRAM: &str = r#"
import asyncio, ssl, sys
certificate, key, behind, heard = sys.argv[1:]
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(certificate, key)

async def pass_on(reader, writer, file=None):
    while data := await reader.read(65536):
        if file:
            file.write(data)
            file.flush()
        writer.write(data)
    writer.close()

async def serve(reader, writer):
    up_reader, up_writer = await asyncio.open_connection("127.0.0.1", int(behind))
    with open(heard, "ab") as file:
        await asyncio.gather(pass_on(reader, up_writer, file), pass_on(up_reader, writer), return_exceptions=True)

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"#;
        if !has("python3", "--version") {
            return None;
        }
        let heard = directory.join("heard");
        let mut process = Command::new("python3")
            .args(["-c", PROGRAM])
            .arg(directory.join("server.pem"))
            .arg(directory.join("server.key"))
            .arg(behind.to_string())
            .arg(&heard)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Some(TlsFront { process, port: line.trim().parse().unwrap(), heard })
    }
}

impl Drop for TlsFront {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

#[test]
fn a_proxy_that_is_reached_in_tls_sees_the_host_and_not_the_request() {
    let Some(nginx) = nginx("tls-proxy", "DNS:localhost") else { return };
    let proxy = crate::proxy::Proxy::start(None);
    let Some(front) = TlsFront::start(&nginx.scratch.0, proxy.port) else { return };
    let mut options = Options::new(SDK_APP_ID);
    options.set_key(key()).set_endpoint(format!("https://localhost:{}", nginx.port));
    options.set_ca_file(nginx.scratch.0.join("ca.pem"));
    options.set_proxy(format!("https://localhost:{}", front.port));
    let client = Client::new(options).unwrap();
    client.set_callback(Product::Conference, URL, &[CREATED]).unwrap();
    let heard = String::from_utf8_lossy(&fs::read(&front.heard).unwrap()).into_owned();
    assert!(heard.starts_with(&format!("CONNECT localhost:{} ", nginx.port)), "{heard}");
    assert!(!heard.contains("usersig") && !heard.contains(URL), "{heard}");
}

#[test]
fn the_authorities_of_the_system_are_trusted() {
    let store = "/etc/ssl/certs/ca-certificates.crt";
    let Some(nginx) = nginx("system", "DNS:localhost") else { return };
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
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
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

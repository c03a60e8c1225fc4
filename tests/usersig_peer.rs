//! UserSig against Tencent's own Python library: each accepts what the other signs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use std::path::PathBuf;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tc_callback::usersig::{Key, SignOptions, sign, verify};

const APP: u32 = 1400000000;
const KEYS: [&str; 2] =
    ["5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e", "密钥 🎮"];

/// The library has no verifier: its own functions take a UserSig apart and make the signature again.
const PEER: &str = r#"
import base64, json, sys, zlib
import TLSSigAPIv2 as peer
request = json.load(sys.stdin)
api = peer.TLSSigAPIv2(request["sdkappid"], request["key"])
userbuf = base64.b64decode(request["userbuf"]) if request["userbuf"] else None
if request["usersig"] is None:
    sign = (lambda: api.gen_sig_with_userbuf(request["identifier"], 600, userbuf)) if userbuf else (lambda: api.gen_sig(request["identifier"], 600))
    print(json.dumps(sign()))
else:
    document = json.loads(zlib.decompress(peer.base64_decode_url(request["usersig"].encode())))
    again = api._TLSSigAPIv2__hmacsha256(document["TLS.identifier"], document["TLS.time"], document["TLS.expire"], document.get("TLS.userbuf"))
    document["verified"] = again.decode() == document["TLS.sig"]
    print(json.dumps(document))
"#;

/// The Python with the peer installed; says why there is none.
fn python() -> Option<PathBuf> {
    let python =
        PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target/peers/venv/bin/python"));
    let imports = Command::new(&python).args(["-c", "import TLSSigAPIv2"]).output();
    if imports.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    eprintln!("skipped: {} has no tls-sig-api-v2: run scripts/peers.sh", python.display());
    None
}

fn ask(python: &PathBuf, request: &Value) -> Value {
    use std::io::Write;
    use std::process::Stdio;
    let mut child = Command::new(python)
        .args(["-c", PEER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(request.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

#[test]
fn what_the_peer_signs_is_accepted() {
    let Some(python) = python() else { return };
    for key in KEYS {
        for userbuf in [None, Some("AAECAw==")] {
            let request = json!({"sdkappid": APP, "key": key, "identifier": "alice", "userbuf": userbuf, "usersig": null});
            let usersig = ask(&python, &request);
            let key = Key::new(key).unwrap();
            let claims =
                verify(&key, APP, Some("alice"), usersig.as_str().unwrap(), now_s()).unwrap();
            assert_eq!(claims.expire_s, 600);
            assert_eq!(claims.userbuf, userbuf.map(|_| vec![0, 1, 2, 3]));
        }
    }
}

#[test]
fn the_peer_accepts_what_is_signed_here() {
    let Some(python) = python() else { return };
    for key in KEYS {
        for (compress, userbuf) in
            [(false, None), (true, None), (false, Some(&[0, 1, 2][..])), (true, Some(&[9][..]))]
        {
            let options =
                SignOptions { compress, userbuf, ..SignOptions::new(APP, "bob", now_s(), 86_400) };
            let usersig = sign(&Key::new(key).unwrap(), &options).unwrap();
            let request =
                json!({"sdkappid": APP, "key": key, "userbuf": null, "usersig": usersig.as_str()});
            let document = ask(&python, &request);
            assert_eq!(document["verified"], true, "{document}");
            assert_eq!(document["TLS.identifier"], "bob");
            assert_eq!(document["TLS.sdkappid"], APP);
        }
    }
}

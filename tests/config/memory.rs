//! What of a key and of a UserSig can be found in the memory of a process that used them: another one reads it.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::FileExt;
use std::process::{Child, Command, Stdio};

use sha2::block_api::compress256;
use tc_callback::catalog::Product;
use tc_callback::config::{Client, Options};
use tc_callback::usersig::Key;
use zeroize::Zeroize;

use crate::rest_server::{RestServer, code};
use crate::{KEY, SDK_APP_ID};

/// What HMAC keeps of a key of one block: SHA-256's state behind the key's bytes, each changed by `pad`.
fn state_behind(pad: u8) -> Vec<u8> {
    let mut state = [
        0x6a09_e667,
        0xbb67_ae85,
        0x3c6e_f372,
        0xa54f_f53a,
        0x510e_527f,
        0x9b05_688c,
        0x1f83_d9ab,
        0x5be0_cd19,
    ];
    compress256(&mut state, &[padded(pad)]);
    state.iter().flat_map(|word: &u32| word.to_ne_bytes()).collect()
}

fn padded(pad: u8) -> [u8; 64] {
    let mut block: [u8; 64] = KEY.as_bytes().try_into().unwrap();
    block.iter_mut().for_each(|byte| *byte ^= pad);
    block
}

/// All that may be written in the memory of a process.
fn memory(process: &Child) -> Vec<u8> {
    let folder = format!("/proc/{}", process.id());
    let mem = File::open(format!("{folder}/mem")).unwrap();
    let mut found = Vec::new();
    for line in fs::read_to_string(format!("{folder}/maps")).unwrap().lines() {
        let mut columns = line.split_whitespace();
        let (range, rights) = (columns.next().unwrap(), columns.next().unwrap());
        if !rights.starts_with("rw") {
            continue;
        }
        let (begin, end) = range.split_once('-').unwrap();
        let [begin, end] = [begin, end].map(|text| u64::from_str_radix(text, 16).unwrap());
        let mut part = vec![0; usize::try_from(end - begin).unwrap()];
        // Some of the system's own cannot be read.
        if mem.read_exact_at(&mut part, begin).is_ok() {
            found.append(&mut part);
        }
    }
    found
}

fn count(memory: &[u8], secret: &[u8]) -> usize {
    memchr::memmem::find_iter(memory, secret).count()
}

/// Where the process is.
const STEPS: [&str; 4] = ["read", "held", "used", "freed"];

#[test]
fn a_key_is_not_kept_and_what_is_made_of_it_is_gone_when_the_client_is_freed() {
    let server = RestServer::answering(|_| code(0));
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "memory::with_a_key", "--ignored", "--nocapture", "--test-threads=1"])
        .env("TEST_ENDPOINT", server.endpoint())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut orders = process.stdin.take().unwrap();
    let mut said = BufReader::new(process.stdout.take().unwrap()).lines();
    orders.write_all(KEY.as_bytes()).unwrap();
    for step in STEPS {
        assert!(said.any(|line| line.unwrap().ends_with(step)), "{step}");
        let memory = memory(&process);
        let find = |secret: &[u8]| count(&memory, secret);
        let texts = find(KEY.as_bytes()) + find(&padded(0x36)) + find(&padded(0x5c));
        let states = [find(&state_behind(0x36)), find(&state_behind(0x5c))];
        let usersigs =
            server.seen().first().map_or(0, |seen| find(seen.query("usersig").as_bytes()));
        match step {
            "read" => assert_ne!(texts, 0, "what is there is found"),
            "held" | "used" => {
                assert_eq!(texts, 0, "{step}: the key's text is not kept");
                assert!(states.iter().all(|found| *found > 0), "{step}: what is there is found");
                assert_eq!(usersigs > 0, step == "used", "what is there is found");
            }
            _ => assert_eq!((texts, states, usersigs), (0, [0, 0], 0), "{step}"),
        }
        orders.write_all(b"\n").unwrap();
    }
    assert!(process.wait().unwrap().success());
}

#[test]
#[ignore = "run by a_key_is_not_kept_and_what_is_made_of_it_is_gone_when_the_client_is_freed, which reads its memory"]
fn with_a_key() {
    // Not `stdin`, which keeps what it read.
    let mut orders = File::open("/proc/self/fd/0").unwrap();
    let mut next = |step: &str| {
        writeln!(std::io::stdout(), "{step}").unwrap();
        orders.read_exact(&mut [0]).unwrap();
    };
    let mut text = [0; 64];
    File::open("/proc/self/fd/0").unwrap().read_exact(&mut text).unwrap();
    next("read");
    let key = Key::new(&text[..]);
    text.zeroize();
    let key = key.unwrap();
    next("held");
    let mut options = Options::new(SDK_APP_ID);
    options.set_key(key).set_endpoint(std::env::var("TEST_ENDPOINT").unwrap());
    let client = Client::new(options).unwrap();
    client.delete_callback(Product::Call).unwrap();
    next("used");
    drop(client);
    next("freed");
}

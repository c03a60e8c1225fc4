//! Bodies made from bodies: other orders, spellings, types and white space, and bytes that do not belong.

use fastrand::Rng;

use super::judge::{Kind, Node};

/// Values for any field, as they stand in a body. Many are no JSON.
#[rustfmt::skip]
pub const VALUES: &[&[u8]] = &[
    b"null", b"true", b"false", b"[]", b"{}", b"[null]", b"[1]", b"[[]]", b"{\"a\":[{}]}",
    b"[\"a\",2,null,\"b\",true,{},[\"c\"]]", b"[{\"User_Account\":\"x\"},{},7,{\"Index\":\"3\"}]",
    b"[{\"Status\":\"calling\",\"Status\":[]},{\"ActionType\":\"hang up\"}]",
    b"{\"RoomId\":\"inner\",\"CallId\":\"inner\",\"EventTime\":6}", b"{\"EventInfo\":{\"Payload\": null }}",
    // Numbers.
    b"0", b"-0", b"1", b"-1", b"2", b"10", b"1e5", b"1E5", b"1e-5", b"1E+400", b"-1e400", b"1e-400", b"0.1", b"0.0", b"1.0",
    b"-0.0e0", b"01", b"-01", b"00", b"+1", b".5", b"1.", b"-", b"1e", b"1e+", b"1.e1", b"0x1", b"1_000", b"--1", b"1-", b"12345678",
    b"123456789", b"1234567890123456", b"9007199254740993", b"9223372036854775807", b"9223372036854775808",
    b"-9223372036854775807", b"-9223372036854775808", b"-9223372036854775809", b"18446744073709551615", b"18446744073709551616",
    b"1111111111111111111111111111111111111111111111111111111111111111111111", b"0.00000000000000000000000000000000000000001",
    b"1670574414123e0", b"1670574414123.0",
    // Texts that stand for numbers, booleans and words.
    b"\"\"", b"\"0\"", b"\"1\"", b"\"-1\"", b"\"+5\"", b"\"007\"", b"\" 5\"", b"\"5 \"", b"\"1e3\"", b"\"1.0\"", b"\"-0\"",
    b"\"\\u0031\"", b"\"9223372036854775807\"", b"\"9223372036854775808\"", b"\"-9223372036854775808\"", b"\"true\"", b"\"True\"",
    b"\"FALSE\"", b"\"false\"", b"\"tru\\u0065\"", b"\"yes\"", b"\"true \"", b"\"Meeting\"", b"\"conference\"", b"\"Apply To_Take\"",
    b"\"FREETOTAKE\"", b"\"None\"", b"\"Kicked\"", b"\"Hang Up\"", b"\"Canncel_Invite\"", b"\"NotAnswer\"", b"\"SingleCall\"",
    b"\"Vid\\u0065o\"", b"\"Waiting\"", b"\" \"", b"\"_\"",
    // Texts with escapes, and what is no escape.
    b"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", b"\"\\u0000\"", b"\"a\\u0000b\"", b"\"\\u4e2d\\u6587\"", b"\"\\uD83C\\uDFAE\"", b"\"\\ud83c\\udfae\"",
    b"\"\\ud800\"", b"\"\\udc00\"", b"\"\\ud800\\u0041\"", b"\"\\ud800\\ud800\"", b"\"\\ud800\\n\"", b"\"\\ud800x\"", b"\"\\udfff\\ud800\"",
    b"\"\\uffff\"", b"\"\\ufffe\"", b"\"\\ufeff\"", b"\"\\x\"", b"\"\\u12\"", b"\"\\u00G0\"", b"\"\\U0041\"", b"\"\\u+041\"", b"\"\\'\"", b"\"\\", b"\"\\u",
    b"\"\\ud83c\\u\"", b"\"\\ud83c\\\"",
    // Texts with bytes above ASCII, control characters, and bytes that are no UTF-8.
    "\"中文🎮é\"".as_bytes(), "\"\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}\"".as_bytes(), "\"\u{2028}\u{feff}\"".as_bytes(),
    b"\"\x00\"", b"\"\x01\"", b"\"\x1f\"", b"\"\x7f\"", b"\"\t\"", b"\"\n\"", b"\"\xff\"", b"\"\x80\"", b"\"\xc3\"", b"\"\xc3(\"", b"\"\xc0\xaf\"",
    b"\"\xed\xa0\x80\"", b"\"\xe4\xb8\"", b"\"\xf0\x9f\x8e\"", b"\"\xf4\x90\x80\x80\"", b"\"\xf8\x88\x80\x80\x80\"",
    // What other languages write.
    b"nul", b"nulll", b"True", b"NaN", b"Infinity", b"-Infinity", b"undefined", b"'a'", b"a", b"\"a", b"a\"", b"\"a\"\"b\"", b"", b"[1,]", b"[,1]",
    b"[1 2]", b"{\"a\":1,}", b"{,}", b"{\"a\"}", b"{\"a\":}", b"{a:1}", b"{\"a\":1 \"b\":2}", b"[}", b"{]", b"/**/1", b"1//", b"\x00", b"\xef\xbb\xbf1",
];

const SPACE: &[u8] = b" \t\n\r";
const STRUCTURE: &[u8] = b"{}[]:,\"\\";

/// A body that can be changed and written again.
#[derive(Clone)]
pub enum Tree {
    /// Anything that is neither array nor object, as it stands.
    Leaf(Vec<u8>),
    Array(Vec<Tree>),
    /// Keys stand with their quotes.
    Object(Vec<(Vec<u8>, Tree)>),
}

impl Tree {
    pub fn new(node: &Node<'_>) -> Tree {
        match &node.kind {
            Kind::Array(elements) => Tree::Array(elements.iter().map(Tree::new).collect()),
            Kind::Object(members) => {
                let member = |(key, node): &(String, Node<'_>)| (quoted(key), Tree::new(node));
                Tree::Object(members.iter().map(member).collect())
            }
            _ => Tree::Leaf(node.raw.into()),
        }
    }

    /// Writes it, with what `space` gives between any two tokens.
    pub fn write(&self, space: &mut dyn FnMut() -> Vec<u8>) -> Vec<u8> {
        let mut body = space();
        self.write_to(&mut body, space);
        body
    }

    /// Writes it without white space.
    pub fn compact(&self) -> Vec<u8> {
        self.write(&mut Vec::new)
    }

    fn write_to(&self, body: &mut Vec<u8>, space: &mut dyn FnMut() -> Vec<u8>) {
        let (open, close): (&[u8], &[u8]) = match self {
            Tree::Leaf(bytes) => (bytes, b""),
            Tree::Array(_) => (b"[", b"]"),
            Tree::Object(_) => (b"{", b"}"),
        };
        body.extend([open, &space()].concat());
        let members: Vec<(Option<&Vec<u8>>, &Tree)> = match self {
            Tree::Leaf(_) => return,
            Tree::Array(elements) => elements.iter().map(|tree| (None, tree)).collect(),
            Tree::Object(members) => members.iter().map(|(key, tree)| (Some(key), tree)).collect(),
        };
        for (index, (key, tree)) in members.into_iter().enumerate() {
            if index > 0 {
                body.extend([b",", &*space()].concat());
            }
            if let Some(key) = key {
                body.extend([key, &*space(), b":", &*space()].concat());
            }
            tree.write_to(body, space);
        }
        body.extend([close, &space()].concat());
    }

    /// How many values it has, itself included.
    pub fn count(&self) -> usize {
        match self {
            Tree::Leaf(_) => 1,
            Tree::Array(elements) => 1 + elements.iter().map(Tree::count).sum::<usize>(),
            Tree::Object(members) => {
                1 + members.iter().map(|(_, tree)| tree.count()).sum::<usize>()
            }
        }
    }

    /// The value of this number, counted in the order of the body.
    pub fn value(&mut self, index: usize) -> Option<&mut Tree> {
        fn walk<'t>(tree: &'t mut Tree, left: &mut usize) -> Option<&'t mut Tree> {
            if *left == 0 {
                return Some(tree);
            }
            *left -= 1;
            match tree {
                Tree::Leaf(_) => None,
                Tree::Array(elements) => elements.iter_mut().find_map(|tree| walk(tree, left)),
                Tree::Object(members) => members.iter_mut().find_map(|(_, tree)| walk(tree, left)),
            }
        }
        walk(self, &mut { index })
    }
}

/// A body like this one, changed at random, and often broken.
pub fn mutate(tree: &Tree, rng: &mut Rng) -> Vec<u8> {
    let mut tree = tree.clone();
    for _ in 0..rng.usize(1..5) {
        change(&mut tree, rng);
    }
    let mut body = match rng.u8(..4) {
        0 => tree.write(&mut || spaces(rng, 4)),
        1 => tree.write(&mut || if rng.u8(..8) == 0 { spaces(rng, 70) } else { Vec::new() }),
        _ => tree.compact(),
    };
    if rng.u8(..3) == 0 {
        for _ in 0..rng.usize(1..3) {
            damage(&mut body, rng);
        }
    }
    body
}

fn spaces(rng: &mut Rng, most: usize) -> Vec<u8> {
    (0..rng.usize(..most)).map(|_| one(rng, SPACE)).collect()
}

/// One of these.
fn one<T: Clone>(rng: &mut Rng, of: &[T]) -> T {
    of[rng.usize(..of.len())].clone()
}

/// Changes one value and leaves a tree.
fn change(tree: &mut Tree, rng: &mut Rng) {
    let donor = {
        let index = rng.usize(..tree.count());
        tree.value(index).map(|tree| tree.clone())
    };
    let index = rng.usize(..tree.count());
    let Some(value) = tree.value(index) else { return };
    match value {
        Tree::Object(members) if !members.is_empty() && rng.u8(..4) > 0 => {
            change_members(members, donor, rng);
        }
        Tree::Array(elements) if rng.u8(..4) > 0 => {
            let element = elements.first().cloned().unwrap_or(Tree::Leaf(text(rng)));
            match rng.u8(..4) {
                0 => elements.push(any_value(rng)),
                1 => elements.insert(0, any_value(rng)),
                2 => elements.extend(vec![element; rng.usize(..20)]),
                _ => rng.shuffle(elements),
            }
        }
        other => *other = any_value(rng),
    }
}

fn change_members(members: &mut Vec<(Vec<u8>, Tree)>, donor: Option<Tree>, rng: &mut Rng) {
    let index = rng.usize(..members.len());
    let place = rng.usize(..=members.len());
    match rng.u8(..9) {
        0 => rng.shuffle(members),
        1 => members.insert(place, members[index].clone()),
        2 => {
            let key = members[index].0.clone();
            members.insert(place, (key, any_value(rng)));
        }
        3 => {
            for (key, _) in members {
                *key = escaped(key, rng);
            }
        }
        4 => {
            let value =
                Tree::Object(vec![(text(rng), any_value(rng)), (text(rng), any_value(rng))]);
            members.insert(place, (text(rng), Tree::Array(vec![value, any_value(rng)])));
        }
        5 => members[index].0 = almost(&members[index].0, rng),
        6 => members.insert(place, (one(rng, KEYS).into(), any_value(rng))),
        7 => {
            let word = one(rng, COMMANDS);
            members.insert(place, (b"\"CallbackCommand\"".into(), Tree::Leaf(quoted(word))));
        }
        _ => members.insert(place, (one(rng, KEYS).into(), donor.unwrap_or(Tree::Array(vec![])))),
    }
}

/// Keys that take an object or stand in more than one place.
const KEYS: &[&[u8]] = &[
    b"\"RoomInfo\"",
    b"\"RoomId\"",
    b"\"CallId\"",
    b"\"EventTime\"",
    b"\"CallInfo\"",
    b"\"CallRecord\"",
    b"\"UserList\"",
    b"\"SeatList\"",
    b"\"MediaType\"",
    b"\"CallMediaType\"",
    b"\"Callback\"",
    b"\"EventInfo\"",
    b"\"Operator_Account\"",
    b"\"\"",
];

const COMMANDS: &[&str] = &[
    "Room.CallbackAfterCreateRoom",
    "Room.CallbackUpdateRoomInfo",
    "Room.CallbackAfterMemberEnter",
    "Mic.CallbackAfterSeatInfoChanged",
    "Call.CallbackAfterStartCall",
    "Call.CallbackAfterMemberChanged",
    "Call.CallbackAfterRecordChanged",
    "Room.CallbackAfterSomethingElse",
    "",
];

fn any_value(rng: &mut Rng) -> Tree {
    match rng.u8(..100) {
        0..55 => Tree::Leaf(one(rng, VALUES).into()),
        55..99 => Tree::Leaf(text(rng)),
        _ => Tree::Leaf(nested(rng.usize(120..130), rng)),
    }
}

/// Arrays and objects inside each other.
pub fn nested(depth: usize, rng: &mut Rng) -> Vec<u8> {
    let (mut opening, mut closing) = (Vec::new(), Vec::new());
    for _ in 0..depth {
        let (open, close) =
            one(rng, &[("[", "]"), ("{\"a\":", "}"), ("[0,", "]"), ("{\"b\":[],\"b\":", "}")]);
        opening.extend(open.bytes());
        closing.extend(close.bytes());
    }
    closing.reverse();
    [opening, b"1".to_vec(), closing].concat()
}

/// A text of some length, in which sometimes something stands that is no plain letter.
fn text(rng: &mut Rng) -> Vec<u8> {
    let letter = one(rng, &["a", "z", "中", "é", "🎮", "\\n", "\\u00e9", "\\\\"]);
    let mut letters = vec![letter.as_bytes(); rng.usize(..70)];
    if !letters.is_empty() && rng.bool() {
        let index = rng.usize(..letters.len());
        // Rarely what makes it no text, or most bodies would be broken.
        let common: &[&[u8]] =
            &[b"\\\"", b"\\u0000", b"x", "🎮".as_bytes(), b"\\ud83c\\udfae", b"\x7f"];
        let rare: &[&[u8]] =
            &[b"\"", b"\x00", b"\x1f", b"\xff", b"\xe4\xb8", b"\\ud800", b"\\q", b"\n"];
        letters[index] = if rng.u8(..8) == 0 { one(rng, rare) } else { one(rng, common) };
    }
    [b"\"", &*letters.concat(), b"\""].concat()
}

fn quoted(text: &str) -> Vec<u8> {
    serde_json::to_vec(text).unwrap_or_default()
}

/// A key of which letters stand as escapes, in digits of either case.
fn escaped(key: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut spelled = Vec::new();
    for byte in key {
        match rng.u8(..4) {
            0 if byte.is_ascii_alphanumeric() => spelled.extend(format!("\\u{byte:04x}").bytes()),
            1 if byte.is_ascii_alphanumeric() => spelled.extend(format!("\\u{byte:04X}").bytes()),
            _ => spelled.push(*byte),
        }
    }
    spelled
}

/// Another key that looks like this one.
fn almost(key: &[u8], rng: &mut Rng) -> Vec<u8> {
    let inner = key.get(1..key.len().saturating_sub(1)).unwrap_or_default();
    let inner = match rng.u8(..6) {
        0 => inner.split_last().map(|(_, rest)| rest.to_vec()).unwrap_or_default(),
        1 => inner.split_first().map(|(_, rest)| rest.to_vec()).unwrap_or_default(),
        2 => [inner, b"x"].concat(),
        3 => [inner, b"\\u0000"].concat(),
        4 => inner.to_ascii_lowercase(),
        _ => [inner, "中".as_bytes()].concat(),
    };
    [b"\"", &*inner, b"\""].concat()
}

/// Changes bytes whatever they mean.
fn damage(body: &mut Vec<u8>, rng: &mut Rng) {
    if body.is_empty() {
        return;
    }
    let at = rng.usize(..body.len());
    match rng.u8(..9) {
        0 => body[at] ^= 1 << rng.u8(..8),
        1 => body[at] = rng.u8(..),
        2 => drop(body.remove(at)),
        3 => body.insert(at, one(rng, STRUCTURE)),
        4 => body.insert(at, one(rng, SPACE)),
        5 => body.truncate(at),
        6 => drop(body.splice(..0, *b"\xef\xbb\xbf")),
        7 => body.extend(one(rng, VALUES)),
        _ => {
            let end = rng.usize(at..=body.len());
            let part = body[at..end].to_vec();
            drop(body.splice(at..at, part));
        }
    }
}

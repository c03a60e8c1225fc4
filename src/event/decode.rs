//! One walk over a body, guided by a schema: each value goes where its field's line says.
#![allow(unsafe_code)]

use super::block::{Block, Record, RecordList};
use super::command::LeadingCommand;
use super::escape::utf8_of;
#[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
use super::lanes::avx2::Avx2;
use super::lanes::{Baseline, Lanes};
use super::limits::Limits;
use super::literal::{Literal, Short};
use super::mismatch::{Mismatch, Mismatches};
use super::place::{At, Padded};
use super::scan::{Nest, Scanner, Step, Value};
use super::schema::{Element, Field, Owner, Read, Schema};
use super::text::Str;
use crate::error::{Error, Message, Result, Status};

/// What the first pass came to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    Enough,
    /// A key or a field was there twice: what was read is to be dropped, and the body read by `decode_again`.
    SaidTwice,
}

/// Reads the body that is in a block into the event and the payload there. A leading command has been read before.
#[inline(always)]
pub(super) fn decode<L: Kind>(
    lanes: L,
    block: &mut Block,
    leading: Option<&LeadingCommand<'_>>,
    schema: &'static Schema,
    limits: &Limits,
    mismatches: &mut Mismatches,
) -> Result<Pass> {
    // SAFETY: the block outlives the decoder.
    let body = unsafe { block.body() };
    let mut decoder = Decoder::new(lanes, body, block, limits, mismatches);
    decoder.body(body, leading, schema)?;
    Ok(if decoder.is_sent_twice { Pass::SaidTwice } else { Pass::Enough })
}

/// Where reading an object begins.
#[derive(Clone, Copy)]
pub(super) enum Start<'a> {
    Brace(At<'a>),
    BehindFirstMember(At<'a>),
}

/// A kind of processor, for which [`Decoder::members`] is compiled with all that is inlined there.
pub(super) trait Kind: Lanes {
    /// # Safety
    ///
    /// The processor is of the kind.
    unsafe fn object<'a>(
        decoder: &mut Decoder<'a, '_, Self>,
        start: Start<'a>,
        schema: &'static Schema,
        record: Record,
    ) -> Result<At<'a>>;
}

impl Kind for Baseline {
    unsafe fn object<'a>(
        decoder: &mut Decoder<'a, '_, Self>,
        start: Start<'a>,
        schema: &'static Schema,
        record: Record,
    ) -> Result<At<'a>> {
        decoder.members(start, schema, record)
    }
}

#[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
impl Kind for Avx2 {
    #[target_feature(enable = "avx2,bmi1")]
    unsafe fn object<'a>(
        decoder: &mut Decoder<'a, '_, Self>,
        start: Start<'a>,
        schema: &'static Schema,
        record: Record,
    ) -> Result<At<'a>> {
        decoder.members(start, schema, record)
    }
}

/// The records that the fields of an object can belong to.
#[derive(Clone, Copy)]
pub(super) struct Owners {
    pub(super) event: Record,
    pub(super) record: Record,
}

impl Owners {
    /// The record that a field's offsets count from. They are those of fields with the type that the field's kind of reading
    /// says: the schema does not compile with others.
    #[inline(always)]
    pub(super) fn of(self, field: &Field) -> Record {
        match field.owner {
            Owner::Event => self.event,
            Owner::Record => self.record,
        }
    }
}

/// How many fields are tried before a key is looked up. The vendor leaves out one or two; of shuffled keys many are found so as well.
const LOOK_AHEAD: usize = 4;

pub(super) struct Decoder<'a, 'b, L> {
    pub(super) lanes: L,
    pub(super) scanner: Scanner<'a>,
    pub(super) block: &'b mut Block,
    elements_left: usize,
    max_elements: usize,
    pub(super) mismatches: &'b mut Mismatches,
    /// Whether a field was sent at another than its first location, in an object that has ended.
    has_inner_others: bool,
    /// Whether an object has a key twice, or a field was sent at two of its locations.
    is_sent_twice: bool,
}

impl<'a, 'b, L: Kind> Decoder<'a, 'b, L> {
    #[inline(always)]
    pub(super) fn new(
        lanes: L,
        body: Padded<'a>,
        block: &'b mut Block,
        limits: &Limits,
        mismatches: &'b mut Mismatches,
    ) -> Self {
        Decoder {
            lanes,
            scanner: Scanner::new(body, limits.max_depth),
            block,
            elements_left: limits.max_elements,
            max_elements: limits.max_elements,
            mismatches,
            has_inner_others: false,
            is_sent_twice: false,
        }
    }

    /// Reads a body, but for a leading command.
    #[inline(always)]
    fn body(
        &mut self,
        body: Padded<'a>,
        leading: Option<&LeadingCommand<'_>>,
        schema: &'static Schema,
    ) -> Result<()> {
        let record = self.block.payload_record();
        if let Some(leading) = leading {
            self.scanner.enter(body.at(0))?;
            let start = Start::BehindFirstMember(body.at(leading.end()));
            let end = self.object(start, schema, record)?;
            return self.scanner.end(end);
        }
        let at = body.at(0).past_space(Baseline);
        if at.byte() != b'{' {
            return refuse_no_object(&mut self.scanner, at);
        }
        let end = self.object(Start::Brace(at), schema, record)?;
        self.scanner.end(end)
    }

    /// Reads an object.
    #[inline(always)]
    fn object(
        &mut self,
        start: Start<'a>,
        schema: &'static Schema,
        record: Record,
    ) -> Result<At<'a>> {
        // SAFETY: there is a value of this kind, so the processor is of the kind.
        unsafe { L::object(self, start, schema, record) }
    }

    #[inline(always)]
    fn members(
        &mut self,
        start: Start<'a>,
        schema: &'static Schema,
        record: Record,
    ) -> Result<At<'a>> {
        let owners = Owners { event: self.block.event_record(), record };
        let mut expected = Expected::of(schema);
        let mut indent = 0;
        let mut step = match start {
            Start::Brace(at) => self.scanner.open(at, Nest::Object, &mut indent, self.lanes)?,
            Start::BehindFirstMember(at) => {
                expected.next = expected.next.get(1..).unwrap_or_default();
                self.scanner.next(at, Nest::Object, &mut indent, self.lanes)?
            }
        };
        loop {
            let at = match step {
                Step::Next(at) => at,
                Step::End(end) => {
                    if schema.others != 0 {
                        let seen = expected.seen();
                        if (seen & schema.others != 0) | self.has_inner_others {
                            self.note_others(schema, seen);
                        }
                    }
                    return Ok(end);
                }
            };
            let (mut field, key_end) =
                expected.find(&self.scanner, self.lanes, at, schema, &mut self.is_sent_twice)?;
            let mut at = self.scanner.to_value(key_end, self.lanes)?;
            let end = loop {
                let end = match field {
                    Some(field) => self.field(at, schema, field, owners)?,
                    None => self.scanner.skip(at)?,
                };
                let Some((next, value)) = expected.member(end, self.lanes) else {
                    break end;
                };
                (field, at) = (Some(next), value);
            };
            step = self.scanner.next(end, Nest::Object, &mut indent, self.lanes)?;
        }
    }

    /// Looks, at the end of an object, whether what was sent at another than its first location was sent at one more.
    #[inline(never)]
    fn note_others(&mut self, schema: &'static Schema, seen: u64) {
        let has_others = seen & schema.others != 0;
        self.is_sent_twice |= (has_others & (seen & schema.rivals != 0))
            | (self.has_inner_others & (seen & schema.inner_rivals != 0));
        self.has_inner_others |= has_others;
    }

    /// Reads the value of a field.
    #[inline(always)]
    pub(super) fn field(
        &mut self,
        at: At<'a>,
        schema: &'static Schema,
        field: &'static Field,
        owners: Owners,
    ) -> Result<At<'a>> {
        let base = owners.of(field);
        match (field.read, at.byte()) {
            (Read::Text(offset), b'"') => {
                // SAFETY: see `Owners::of`.
                unsafe { self.text(at, base, offset) }
            }
            (Read::Word(offset, number, words), b'"') => {
                // SAFETY: see `Owners::of`; behind where texts begin there is room for more than a short one: see `Block::next_text`.
                unsafe {
                    // A step may be narrower than what a word is read by.
                    if L::WIDTH < Short::WIDTH {
                        self.block.next_text().write_bytes(0, Short::WIDTH);
                    }
                    let end = self.text(at, base, offset)?;
                    let word = base.text(offset);
                    // A word without escapes is read where it came from: of what was just written a processor hands on only what
                    // was written at once.
                    let from = match at.bytes_to(end) == word.len() + 2 {
                        true => at.past(1).as_ptr(),
                        false => word.as_ptr(),
                    };
                    let short = Short::read(from, word.len());
                    base.write(number, words.number_of(&word, short));
                    Ok(end)
                }
            }
            (Read::Integer(offset), b'0'..=b'9') => match at.short_integer() {
                Some((number, end)) => {
                    // SAFETY: see `Owners::of`.
                    unsafe { base.write(offset, number) };
                    Ok(end)
                }
                None => self.uncommon(at, schema, field, owners),
            },
            (Read::Boolean(offset), _) => match flag(at) {
                Some((flag, end)) => {
                    // SAFETY: see `Owners::of`.
                    unsafe { base.write(offset, i32::from(flag)) };
                    Ok(end)
                }
                None => self.uncommon(at, schema, field, owners),
            },
            (Read::Object(inner), b'{') => self.object(Start::Brace(at), inner, owners.record),
            (Read::Texts(first, count), b'[') => {
                let (list, length, end) = self.texts(at, schema, field)?;
                // SAFETY: see `Owners::of`.
                unsafe { write_list(base, first, list, count, length) };
                Ok(end)
            }
            (Read::Objects(first, count, element), b'[') => {
                let (list, length, end) =
                    self.objects(at, schema, field, element, |decoder, at, schema, record| {
                        decoder.object(Start::Brace(at), schema, record)
                    })?;
                // SAFETY: see `Owners::of`.
                unsafe { write_list(base, first, list, count, length) };
                Ok(end)
            }
            _ => self.uncommon(at, schema, field, owners),
        }
    }

    /// Reads a text, from its quote on, straight into the block, and writes it to a field.
    ///
    /// # Safety
    ///
    /// The offset is that of a text in the record.
    #[inline(always)]
    unsafe fn text(&mut self, at: At<'a>, record: Record, offset: usize) -> Result<At<'a>> {
        // SAFETY: a quote is not zero.
        let mut from = unsafe { at.past(1) };
        let mut to = self.block.next_text();
        loop {
            // SAFETY: `to` has come as far as `from` at most, so that a step has room: see `Block::next_text`.
            unsafe {
                let plain = from.copy_plain(to, self.lanes);
                (from, to) = (from.past(plain), to.add(plain));
                if plain == L::WIDTH {
                    continue;
                }
            }
            match from.byte() {
                b'"' => break,
                b'\\' => (from, to) = self.escape(from, to)?,
                _ => return self.scanner.fail_in_text(from),
            }
        }
        // SAFETY: what was written is UTF-8, since plain parts end at bytes of ASCII; the caller's promise; a quote is not zero.
        unsafe {
            self.block.take_text(to, record, offset);
            Ok(from.past(1))
        }
    }

    /// Reads an escape, and writes its character.
    #[inline(always)]
    fn escape(&self, from: At<'a>, to: *mut u8) -> Result<(At<'a>, *mut u8)> {
        let (character, end) = self.scanner.escape(from)?;
        // SAFETY: no character takes more bytes than its escape: two of which a short one has, six one up to U+FFFF, which takes
        // three, and twelve a pair, which takes four. So the text has become no longer than in the body, and four bytes have room: see
        // `Block::next_text`.
        unsafe {
            to.cast::<[u8; 4]>().write(utf8_of(character));
            Ok((end, to.add(character.len_utf8())))
        }
    }

    /// Reads an array of texts: where they stand, one after the other, and how many they are.
    #[inline(always)]
    fn texts(
        &mut self,
        at: At<'a>,
        schema: &'static Schema,
        field: &'static Field,
    ) -> Result<(*const u8, usize, At<'a>)> {
        let first = self.block.next_record();
        let mut count = 0;
        let mut indent = 0;
        let mut step = self.scanner.open(at, Nest::Array, &mut indent, self.lanes)?;
        loop {
            let at = match step {
                Step::Next(at) => at,
                Step::End(end) => return Ok((first, count, end)),
            };
            self.take_element(at)?;
            let end = match at.byte() {
                b'"' => {
                    count += 1;
                    let element = self.block.record(size_of::<Str>())?;
                    // SAFETY: the element was made for a text.
                    unsafe { self.text(at, element, 0)? }
                }
                _ => match self.scanner.value(at)? {
                    (Value::Number(digits), end) => {
                        count += 1;
                        let text = self.block.store(digits)?;
                        // SAFETY: as above.
                        unsafe { self.block.record(size_of::<Str>())?.write(0, text) };
                        end
                    }
                    (other, end) => {
                        let offset = self.scanner.offset(at);
                        self.mismatches.note(Mismatch::of_element(
                            schema,
                            field,
                            other.kind(),
                            offset,
                        ));
                        self.scanner.skip_rest(&other, end)?
                    }
                },
            };
            step = self.scanner.next(end, Nest::Array, &mut indent, self.lanes)?;
        }
    }

    /// Reads an array of objects, each by a function: where the pointers to them are, one after the other, and how many they are.
    #[inline(always)]
    pub(super) fn objects(
        &mut self,
        at: At<'a>,
        schema: &'static Schema,
        field: &'static Field,
        element: &'static Element,
        read_element: impl Fn(&mut Self, At<'a>, &'static Schema, Record) -> Result<At<'a>>,
    ) -> Result<(*const u8, usize, At<'a>)> {
        let mut list = RecordList::EMPTY;
        let mut indent = 0;
        let mut step = self.scanner.open(at, Nest::Array, &mut indent, self.lanes)?;
        let end = loop {
            let at = match step {
                Step::Next(at) => at,
                Step::End(end) => break end,
            };
            self.take_element(at)?;
            let end = if at.byte() == b'{' {
                let record = self.block.add_to(&mut list, element.absent)?;
                read_element(self, at, element.schema, record)?
            } else {
                let (other, end) = self.scanner.value(at)?;
                let offset = self.scanner.offset(at);
                self.mismatches.note(Mismatch::of_element(schema, field, other.kind(), offset));
                self.scanner.skip_rest(&other, end)?
            };
            step = self.scanner.next(end, Nest::Array, &mut indent, self.lanes)?;
        };
        Ok((self.block.pointers_to(&list)?, list.count, end))
    }

    #[inline(always)]
    fn take_element(&mut self, at: At<'a>) -> Result<()> {
        match self.elements_left.checked_sub(1) {
            Some(left) => {
                self.elements_left = left;
                Ok(())
            }
            None => {
                let offset = self.scanner.offset(at);
                let most = self.max_elements;
                let message = Message::from(format_args!(
                    "the lists hold more than the limit of {most} elements, at byte {offset}"
                ));
                Err(Error::at(Status::TooManyElements, offset, message))
            }
        }
    }
}

/// The fields of an object that are still to come, in the order of the documentation.
pub(super) struct Expected {
    /// From the one after the last that came in order.
    next: &'static [Field],
    /// The bits of those before it that did not come: see [`Schema::bit`].
    passed: u64,
}

impl Expected {
    #[inline(always)]
    pub(super) fn of(schema: &'static Schema) -> Expected {
        Expected { next: schema.fields, passed: 0 }
    }

    /// The next field and the place of its value, if a comma and its key come now, without white space.
    #[inline(always)]
    fn member<'a>(&mut self, at: At<'a>, lanes: impl Lanes) -> Option<(&'static Field, At<'a>)> {
        let (field, rest) = self.next.split_first()?;
        let value = at.past_key(&field.member, lanes)?;
        self.next = rest;
        Some((field, value.past_space(lanes)))
    }

    /// The field whose key is here, if one has it, and the place after the key. The next fields are recognized as they are, others
    /// are looked up; only an unknown key has to be read. One that was there before is told.
    #[inline(always)]
    pub(super) fn find<'a>(
        &mut self,
        scanner: &Scanner<'a>,
        lanes: impl Lanes,
        at: At<'a>,
        schema: &'static Schema,
        is_sent_twice: &mut bool,
    ) -> Result<(Option<&'static Field>, At<'a>)> {
        let mut ahead = self.next;
        if let Some((field, rest)) = ahead.split_first() {
            if let Some(end) = at.past_key(&field.quoted_key, lanes) {
                self.next = rest;
                return Ok((Some(field), end));
            }
            ahead = rest;
        }
        for passed in 1..LOOK_AHEAD {
            let Some((field, rest)) = ahead.split_first() else { break };
            if let Some(end) = at.past_key(&field.quoted_key, lanes) {
                self.pass(passed, rest);
                return Ok((Some(field), end));
            }
            ahead = rest;
        }
        let (found, end) = match schema.find(at, lanes) {
            Some((fields, end)) => (Some(fields), end),
            None => {
                let (key, end) = scanner.key(at)?;
                (if key.plain().is_some() { None } else { schema.find_escaped(key) }, end)
            }
        };
        let Some([field, rest @ ..]) = found else { return Ok((None, end)) };
        if let Some(passed) = self.next.len().checked_sub(1 + rest.len()) {
            self.pass(passed, rest);
        } else {
            let bit = Schema::bit(rest.len() + 1);
            *is_sent_twice |= self.passed & bit == 0;
            self.passed &= !bit;
        }
        Ok((Some(field), end))
    }

    /// The bits of the fields that came.
    #[inline(always)]
    fn seen(&self) -> u64 {
        !self.passed & (u64::MAX << (self.next.len() + 1))
    }

    /// Passes over so many fields, and past one that came, to the rest.
    #[inline(always)]
    fn pass(&mut self, count: usize, rest: &'static [Field]) {
        self.passed |= ((1 << count) - 1) << (rest.len() + 2);
        self.next = rest;
    }
}

/// Refuses a body that is no object, if only because it is no JSON.
#[cold]
#[inline(never)]
fn refuse_no_object<'a>(scanner: &mut Scanner<'a>, at: At<'a>) -> Result<()> {
    let (value, end) = scanner.value(at)?;
    let end = scanner.skip_rest(&value, end)?;
    scanner.end(end)?;
    let kind = value.kind();
    let message = Message::from(format_args!("not a callback: the body is {kind}, not an object"));
    Err(Error::at(Status::NotACallback, 0, message))
}

/// # Safety
///
/// The offsets are those of such fields of the record.
#[inline(always)]
pub(super) unsafe fn write_list(
    base: Record,
    first_at: usize,
    first: *const u8,
    count_at: usize,
    count: usize,
) {
    // SAFETY: the caller's promise.
    unsafe {
        base.write(first_at, first);
        base.write(count_at, count);
    }
}

/// A boolean as it is nearly always spelt. Reckoned without a branch, for it cannot be foreseen which it is.
#[inline(always)]
fn flag(at: At<'_>) -> Option<(bool, At<'_>)> {
    static TRUE: Literal<1> = Literal::new(&["true"]);
    static FALSE: Literal<1> = Literal::new(&["false"]);
    // The vendor's sample of Room.CallbackAfterUpdateRoomInfo sends "false" for IsCloudRecordingDisabled.
    static TRUE_TEXT: Literal<1> = Literal::new(&["\"true\""]);
    static FALSE_TEXT: Literal<1> = Literal::new(&["\"false\""]);
    let (is_true, is_false) = (at.has(&TRUE), at.has(&FALSE));
    if is_true | is_false {
        // SAFETY: neither word has a zero byte.
        return Some((is_true, unsafe { at.past(5 - usize::from(is_true)) }));
    }
    let (is_true, is_false) = (at.has(&TRUE_TEXT), at.has(&FALSE_TEXT));
    // SAFETY: as above.
    (is_true | is_false).then(|| (is_true, unsafe { at.past(7 - usize::from(is_true)) }))
}

#[cfg(test)]
#[allow(clippy::expect_used, clippy::print_stdout)]
mod tests {
    #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
    use std::{fs, path::Path};

    use super::*;
    #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
    use crate::catalog::Command;
    use crate::event::again::decode_again;
    use crate::event::block::Lent;
    #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
    use crate::event::schema;
    use crate::event::schema::nested::{self, Flags, Group, Groups};
    use crate::event::survey::Survey;

    /// What comes out, or the error.
    #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
    fn outcome(lanes: impl Kind, command: Command, body: &str) -> String {
        let payload = schema::payload(command.payload());
        let lists = Survey::of(lanes, body.as_bytes()).list_bytes(payload.lists, usize::MAX);
        let mut block =
            Block::new(&Lent::NONE, "", body, payload, lists, 0).expect("there is memory");
        let mut mismatches = Mismatches::none();
        match decode(lanes, &mut block, None, payload.schema, &Limits::default(), &mut mismatches) {
            Ok(pass) => {
                block.event().command = command as i32;
                let event = serde_json::to_string(&*block.finish()).expect("an event is JSON");
                format!("{} {} {event}", pass == Pass::Enough, mismatches.count)
            }
            Err(error) => error.message().to_owned(),
        }
    }

    /// The samples as they are and cut off, with escapes and with texts about as long as a step.
    #[cfg(all(target_arch = "x86_64", not(tc_portable_scan)))]
    #[test]
    fn every_kind_of_processor_reads_the_same() {
        let Some(avx2) = Avx2::detect() else {
            println!("skipped: this processor has no AVX2");
            return;
        };
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        for command in Command::all() {
            let folder = if command.word().starts_with("Call") { "call" } else { "conference" };
            let sample = fixtures.join(folder).join(format!("{}.json", command.word()));
            let sample = fs::read_to_string(sample).expect("each command has a sample");
            let mut bodies: Vec<String> = (0..=sample.len())
                .filter(|end| sample.is_char_boundary(*end))
                .map(|end| sample[..end].to_owned())
                .collect();
            bodies.push(sample.replace(['\n', ' '], ""));
            for length in 0..70 {
                let text = format!("{}\\u4f60\\n\u{4f60}", "x".repeat(length));
                bodies.push(sample.replacen("123", &text, 1));
                bodies.push(sample.replacen("user", &text, 1));
            }
            for body in bodies {
                assert_eq!(outcome(avx2, command, &body), outcome(Baseline, command, &body));
            }
        }
    }

    /// A group: its name, its accounts, and its flags.
    type Plain = (String, Vec<String>, Vec<[i32; 3]>);

    /// What is read of a list with lists inside, in the first pass or the second.
    fn groups(body: &str, is_second: bool) -> Vec<Plain> {
        let payload = nested::payload();
        let lists = Survey::of(Baseline, body.as_bytes()).list_bytes(payload.lists, usize::MAX);
        let mut block =
            Block::new(&Lent::NONE, "", body, payload, lists, 0).expect("there is memory");
        let (limits, mut mismatches) = (Limits::default(), Mismatches::none());
        let pass = decode(Baseline, &mut block, None, payload.schema, &limits, &mut mismatches);
        assert!((pass.expect("it is JSON") == Pass::SaidTwice) == is_second, "{body}");
        if is_second {
            block = Block::new(&Lent::NONE, "", body, payload, lists, 0).expect("likewise");
            decode_again(&mut block, payload.schema, &limits, &mut mismatches).expect("likewise");
        }
        let record = block.payload_record();
        let event = block.finish();
        // SAFETY: the payload is such a record, in the event's block, with lists of as many elements as their counts say.
        unsafe {
            let all: &Groups = &*record.address().cast();
            let list = slice(&event, all.groups, all.group_count);
            let group = |group: &*const Group| {
                let group = &**group;
                let accounts = slice(&event, group.accounts, group.account_count).iter();
                let flags = slice(&event, group.flags, group.flag_count).iter();
                (
                    group.name.or_empty().to_owned(),
                    accounts.map(|account| account.or_empty().to_owned()).collect(),
                    flags
                        .map(|flags| {
                            let Flags { is_open, is_muted, is_full } = **flags;
                            [is_open, is_muted, is_full]
                        })
                        .collect(),
                )
            };
            list.iter().map(group).collect()
        }
    }

    /// # Safety
    ///
    /// As many elements are there, in this event.
    unsafe fn slice<T>(_: &crate::event::ParsedEvent, first: *const T, count: usize) -> &[T] {
        // SAFETY: the caller's promise.
        unsafe { if first.is_null() { &[] } else { std::slice::from_raw_parts(first, count) } }
    }

    #[test]
    fn records_of_any_size_with_lists_of_their_own_are_read_from_where_they_are() {
        assert!(size_of::<Flags>() == 12 && size_of::<Group>() > size_of::<Groups>());
        let plain = |index: usize| -> Plain {
            let account = |number| format!("user {index}.{number}");
            let flag = |number: usize| [number as i32 % 2, (index as i32 + 1) % 2, -1];
            let accounts = (0..index % 4).map(account).collect();
            (format!("group {index}"), accounts, (0..(index * 7) % 5).map(flag).collect())
        };
        let text = |(name, accounts, flags): Plain| {
            let flag = |[open, muted, _]: &[i32; 3]| {
                format!("{{\"IsMuted\":{},\"IsOpen\":{}}}", muted == &1, open == &1)
            };
            let flags: Vec<_> = flags.iter().map(flag).collect();
            let flags = flags.join(",");
            format!("{{\"Accounts\":{accounts:?},\"Name\":\"{name}\",\"Flags\":[{flags}]}}")
        };
        for count in 0..30 {
            let expected: Vec<Plain> = (0..count).map(plain).collect();
            let list: Vec<_> = (0..count).map(|index| text(plain(index))).collect();
            let list = list.join(",");
            let body = format!("{{\"CallbackCommand\":\"X\",\"Groups\":[{list}],\"Id\":\"r\"}}");
            assert_eq!(groups(&body, false), expected);
            let other =
                body.replacen("\"Groups\"", "\"Groups\":[{\"Flags\":[{},{}]}],\"Groups\"", 1);
            assert_eq!(groups(&other, true), expected);
            // Of the keys of each record the last counts as well.
            let twice =
                body.replace("\"Accounts\"", "\"Name\":\"n\",\"Flags\":[{},{}],\"Accounts\"");
            assert_eq!(groups(&twice, count > 0), expected);
        }
    }
}

//! An event as objects of the host's language, which the host makes.

use super::columns::{self, Record, Value};
use super::types::{Event, RecordKind};
use crate::catalog::Command;

/// What makes the objects. `None` is its failure, of which it knows itself.
pub(crate) trait Host {
    /// An object. Whoever is given one owns it.
    type Object: Copy;
    /// What tells the host which record to make.
    type Kind: Copy;

    /// `None` if the host has no such record.
    fn record_kind(&self, record: RecordKind) -> Option<Self::Kind>;
    /// Likewise, for the event of a command.
    fn event_kind(&self, command: Command) -> Option<Self::Kind>;

    fn absent(&self) -> Self::Object;
    fn boolean(&self, value: bool) -> Self::Object;
    fn integer(&self, value: i64) -> Option<Self::Object>;
    fn text(&self, text: &str) -> Option<Self::Object>;
    /// A text that mostly is a command's word.
    fn command_word(&self, word: &str) -> Option<Self::Object>;
    /// The input as it came.
    fn body(&self, body: &str) -> Option<Self::Object>;
    /// A list whose elements are then put into it, in turn.
    fn list(&self, len: usize) -> Option<Self::Object>;
    /// A record whose fields are then put into it, in turn.
    fn record(&self, kind: Self::Kind, len: usize) -> Option<Self::Object>;
    /// Takes the element over, also if it fails.
    fn put(&self, container: Self::Object, index: usize, element: Self::Object) -> Option<()>;
    /// What was put there, for another owner.
    fn again(&self, container: Self::Object, index: usize) -> Option<Self::Object>;
    fn release(&self, object: Self::Object);
}

/// The event: its payload and its own fields. Absent if the host has no such event.
pub(crate) fn event<H: Host>(host: &H, event: &Event) -> Option<H::Object> {
    let command = Command::from_number(event.command).unwrap_or(Command::Unknown);
    let Some(kind) = host.event_kind(command) else { return Some(host.absent()) };
    let fields = Record::of_event(event);
    let mut object = Container::new(host, host.record(kind, 1 + fields.len())?);
    let payload = columns::payload(event, command)
        .and_then(|(info, payload)| Some((info, payload, host.record_kind(info.kind)?)));
    let (payload, subject) = match payload {
        Some((info, fields, kind)) => {
            let payload = record(host, kind, &fields)?;
            (payload, Some((payload, info.subject_place)))
        }
        None => (host.absent(), None),
    };
    object.push(payload)?;
    object.fill(&fields, subject)?;
    Some(object.end())
}

fn record<H: Host>(host: &H, kind: H::Kind, fields: &Record<'_>) -> Option<H::Object> {
    let mut object = Container::new(host, host.record(kind, fields.len())?);
    object.fill(fields, None)?;
    Some(object.end())
}

/// Of an event with a payload: where in it the event's subject stands.
type Subject<H> = Option<(<H as Host>::Object, usize)>;

#[inline(always)]
fn value<H: Host>(host: &H, value: &Value<'_>, subject: Subject<H>) -> Option<H::Object> {
    match value {
        Value::Absent => Some(host.absent()),
        Value::Text(text) => host.text(text),
        Value::Subject(text) => match subject {
            Some((payload, place)) => host.again(payload, place),
            None => host.text(text),
        },
        Value::CommandWord(word) => host.command_word(word),
        Value::Body(body) => host.body(body),
        Value::Integer(value) => host.integer(*value),
        Value::Boolean(value) => Some(host.boolean(*value)),
        Value::Texts(texts) => {
            let mut list = Container::new(host, host.list(texts.len())?);
            for text in *texts {
                list.push(text.get().map_or_else(|| Some(host.absent()), |text| host.text(text))?)?;
            }
            Some(list.end())
        }
        Value::Records(records) => {
            let kind = host.record_kind(records.element.kind);
            let mut list = Container::new(host, host.list(records.len())?);
            for element in records.iter() {
                let element = match kind {
                    Some(kind) => record(host, kind, &element)?,
                    None => host.absent(),
                };
                list.push(element)?;
            }
            Some(list.end())
        }
    }
}

/// A list or a record that is being filled. Released unless it comes to its end.
struct Container<'a, H: Host> {
    host: &'a H,
    object: H::Object,
    len: usize,
}

impl<'a, H: Host> Container<'a, H> {
    #[inline(always)]
    fn new(host: &'a H, object: H::Object) -> Container<'a, H> {
        Container { host, object, len: 0 }
    }

    #[inline(always)]
    fn push(&mut self, element: H::Object) -> Option<()> {
        let index = self.len;
        self.len += 1;
        self.host.put(self.object, index, element)
    }

    /// Puts each field in.
    fn fill(&mut self, fields: &Record<'_>, subject: Subject<H>) -> Option<()> {
        for field in fields.values() {
            self.push(value(self.host, &field, subject)?)?;
        }
        Some(())
    }

    #[inline(always)]
    fn end(self) -> H::Object {
        let object = self.object;
        std::mem::forget(self);
        object
    }
}

impl<H: Host> Drop for Container<'_, H> {
    fn drop(&mut self) {
        self.host.release(self.object);
    }
}

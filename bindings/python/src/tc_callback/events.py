"""Events: one class for each callback command, so that `match` and `isinstance` tell them apart."""

from __future__ import annotations

from struct import Struct, calcsize

from ._arguments import encoded, query, raw
from ._block import Field, Payload, Pointer, Record, Time, record_at, set_place
from ._copy import parsed
from ._handle import result_of
from ._header import TC_ABSENT, tc_json
from ._library import library
from ._memory import text
from .payloads import EventFields
from .words import Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "CallEnded",
    "CallMembersChanged",
    "CallRecordingChanged",
    "CallStarted",
    "Event",
    "MembersEntered",
    "MembersLeft",
    "RoomCreated",
    "RoomDestroyed",
    "RoomInfoChanged",
    "SeatsChanged",
    "UnknownEvent",
    "parse_event",
]


class Event(EventFields):
    """One callback. Its class says which; everything that was sent is an attribute, decoded when first read.

    Fields that were not sent are None: the vendor's pages disagree on what is. Fields that this release does not know are
    read by `json()`; `to_dict()` gives all but `body` and `query`. An event never changes, may be read by any number of threads,
    and can be pickled, to hand it to a worker.
    """

    __match_args__: tuple[str, ...] = ()

    is_duplicate: bool = False
    """Whether the receiver has seen the same callback before."""

    def _values(self) -> dict[str, Any]:
        found = {}
        for name, field in vars(EventFields).items():
            if isinstance(field, Field) and not isinstance(field, Time) and name not in ("body", "query"):
                value = getattr(self, name)
                if value is not None or not isinstance(field, Pointer):
                    found[name] = value
        return found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Event) and (self.query, self.body) == (other.query, other.body)

    def __hash__(self) -> int:
        return hash((self.query, self.body))

    def json(self, pointer: str = "") -> Any:
        """The value at a JSON pointer of the body (RFC 6901), such as "/RoomInfo/RoomName"; "" is the whole body.

        For commands and fields that this release does not know. Raises CallbackError with Status.NO_SUCH_VALUE if nothing
        stands there. Numbers with a fraction become float; `body` has their digits.
        """
        import json

        # The library's own copy is long freed.
        query, body = (self.query or "").encode(), self.body
        event = result_of(library.tc_parse_event, query, len(query), body, len(body))
        try:
            found = result_of(library.tc_event_json, event, encoded("pointer", pointer))
        finally:
            library.tc_event_free(event)
        try:
            return json.loads(text(tc_json.from_address(found).raw) or "null")
        finally:
            library.tc_json_free(found)

    def __reduce__(self) -> tuple[object, ...]:
        block, base, _ = self._place
        return event_of, (block, base, self.is_duplicate)


class RoomCreated(Event):
    """`Room.CallbackAfterCreateRoom`: a room was created, by a client or by REST."""

    __match_args__ = ("room",)
    room = Payload(EventFields.room)


class RoomDestroyed(Event):
    """`Room.CallbackAfterDestroyRoom`: a room was destroyed. Of `room` only `room_id` is sent."""

    __match_args__ = ("room",)
    room = Payload(EventFields.room)


class RoomInfoChanged(Event):
    """`Room.CallbackAfterUpdateRoomInfo`: room information changed."""

    __match_args__ = ("room",)
    room = Payload(EventFields.room)


class MembersEntered(Event):
    """`Room.CallbackAfterMemberEnter`: users entered a room."""

    __match_args__ = ("members",)
    members = Payload(EventFields.members)


class MembersLeft(Event):
    """`Room.CallbackAfterMemberLeave`: users left a room, were kicked, or lost the heartbeat."""

    __match_args__ = ("members",)
    members = Payload(EventFields.members)


class SeatsChanged(Event):
    """`Mic.CallbackAfterSeatInfoChanged`: a user was taken onto or off a seat, or a seat was locked."""

    __match_args__ = ("seats",)
    seats = Payload(EventFields.seats)


class CallStarted(Event):
    """`Call.CallbackAfterStartCall`: a client started a call."""

    __match_args__ = ("call_start",)
    call_start = Payload(EventFields.call_start)


class CallEnded(Event):
    """`Call.CallbackAfterEndCall`: a call is over."""

    __match_args__ = ("call_end",)
    call_end = Payload(EventFields.call_end)


class CallMembersChanged(Event):
    """`Call.CallbackAfterMemberChanged`: a member answered, hung up, was invited, and so on."""

    __match_args__ = ("call_members",)
    call_members = Payload(EventFields.call_members)


class CallRecordingChanged(Event):
    """`Call.CallbackAfterRecordChanged`: the state of a cloud recording changed."""

    __match_args__ = ("call_record",)
    call_record = Payload(EventFields.call_record)


class UnknownEvent(Event):
    """A command that this release does not know: `command_word` has it, `json()` and `body` what was sent."""

    __match_args__ = ("command_word",)


_CLASSES: dict[int, type[Event]] = {
    Command.UNKNOWN: UnknownEvent,
    Command.ROOM_AFTER_CREATE_ROOM: RoomCreated,
    Command.ROOM_AFTER_DESTROY_ROOM: RoomDestroyed,
    Command.ROOM_AFTER_UPDATE_ROOM_INFO: RoomInfoChanged,
    Command.ROOM_AFTER_MEMBER_ENTER: MembersEntered,
    Command.ROOM_AFTER_MEMBER_LEAVE: MembersLeft,
    Command.MIC_AFTER_SEAT_INFO_CHANGED: SeatsChanged,
    Command.CALL_AFTER_START_CALL: CallStarted,
    Command.CALL_AFTER_END_CALL: CallEnded,
    Command.CALL_AFTER_MEMBER_CHANGED: CallMembersChanged,
    Command.CALL_AFTER_RECORD_CHANGED: CallRecordingChanged,
}
_COMMAND = EventFields.command.at
_number = Struct("i").unpack_from


def _beginning(kind: type[Event]) -> tuple[type[Event], str, type[Record], Any]:
    """What is decoded at once, since nearly everybody reads it: a class of events, the name and class of its payload, and what
    reads the time, the command's word and the payload's address."""
    name = kind.__match_args__[0]
    payload = vars(kind)[name]
    beginning = f"{EventFields.event_time_ms.at}xq{EventFields.command_word.at - EventFields.event_time_ms.at - calcsize('q')}xPN"
    return kind, name, payload.kind, Struct(f"{beginning}{payload.at - calcsize(beginning)}xP").unpack_from


_BEGINNINGS = {int(command): _beginning(kind) for command, kind in _CLASSES.items() if command != Command.UNKNOWN}


def event_of(block: bytes, base: int, is_duplicate: bool = False) -> Event:
    """The event of a block."""
    beginning = _BEGINNINGS.get(_number(block, _COMMAND)[0])
    if beginning is None:
        event: Event = record_at(UnknownEvent, block, base, 0)
    else:
        kind, name, payload_kind, read = beginning
        time, word, word_len, address = read(block)
        payload = payload_kind()
        set_place(payload, (block, base, address - base))
        event = kind()
        set_place(event, (block, base, 0))
        values = event.__dict__
        values["event_time_ms"] = None if time == TC_ABSENT else time
        word -= base
        values["command_word"] = block[word : word + word_len].decode()
        values[name] = payload
    if is_duplicate:
        event.__dict__["is_duplicate"] = True
    return event


def parse_event(query_string: str | bytes, body: bytes) -> Event:
    """Parses a callback without checking who sent it; `Receiver.handle` does both.

    `query_string` is the URL's query as received (or a whole path, or nothing), `body` the raw bytes of the body, at most
    1 MiB. Raises CallbackError, with `offset` where the body is wrong.
    """
    if type(body) is not bytes:
        body = raw("body", body)
    block, base = parsed(query(query_string) if query_string else b"", body)
    return event_of(block, base)

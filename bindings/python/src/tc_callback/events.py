"""Events: one class for each callback command, so that `match` and `isinstance` tell them apart."""

from __future__ import annotations

from ctypes import byref, c_char_p, c_void_p, cast, create_string_buffer

from ._arguments import body as body_bytes
from ._arguments import encoded
from ._arguments import query as query_bytes
from ._handle import result_of
from ._header import TC_DUPLICATE_KEY_SIZE, tc_event, tc_json, tc_str
from ._library import IS_CPYTHON, library
from ._memory import text
from ._record import Payload
from .payloads import (
    RECORD_KINDS,
    CallEnd,
    CallMembers,
    CallRecord,
    CallStart,
    EventFields,
    RoomInfo,
    RoomMembers,
    RoomSeats,
)
from .words import Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

if TYPE_CHECKING or IS_CPYTHON:
    from ._objects import Maker
else:
    from ._objects_pypy import Maker

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
    """One callback. Its class says which; everything that was sent is an attribute.

    Fields that were not sent are None: the vendor's pages disagree on what is. Fields that this release does not know are
    read by `json()`; `to_dict()` gives all but `body` and `query`. An event never changes, may be read by any number of threads,
    and can be pickled, to hand it to a worker.
    """

    __slots__ = ()
    __match_args__: tuple[str, ...] = ()

    def _values(self) -> dict[str, Any]:
        names = [name for name in self._names if name not in ("body", "query")]
        return {name: getattr(self, name) for name in [*names, "duplicate_key"]}

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

    @property
    def duplicate_key(self) -> str | None:
        """32 hexadecimal digits, equal when the same event is delivered again, and only then: the vendor sends no event id. A
        message id, or the key of a table that processes share.

        Made from SDKAppID, command and body, anew each time; None when the body has no EventTime, since two events could then look
        alike.
        """
        time = self.event_time_ms
        if time is None:
            return None
        word, body = (self.command_word or "").encode(), self.body
        # All that the library reads of an event for it.
        event = tc_event(sdk_app_id=self.sdk_app_id, event_time_ms=time, command_word=_lent(word), body=_lent(body))
        key = create_string_buffer(TC_DUPLICATE_KEY_SIZE)
        library.tc_event_duplicate_key(byref(event), key)
        return key.value.decode()


def _lent(raw: bytes) -> tc_str:
    return tc_str(cast(c_char_p(raw), c_void_p), len(raw))


class RoomCreated(Event):
    """`Room.CallbackAfterCreateRoom`: a room was created, by a client or by REST."""

    __slots__ = ()
    __match_args__ = ("room",)
    room = Payload(RoomInfo)


class RoomDestroyed(Event):
    """`Room.CallbackAfterDestroyRoom`: a room was destroyed. Of `room` only `room_id` is sent."""

    __slots__ = ()
    __match_args__ = ("room",)
    room = Payload(RoomInfo)


class RoomInfoChanged(Event):
    """`Room.CallbackAfterUpdateRoomInfo`: room information changed."""

    __slots__ = ()
    __match_args__ = ("room",)
    room = Payload(RoomInfo)


class MembersEntered(Event):
    """`Room.CallbackAfterMemberEnter`: users entered a room."""

    __slots__ = ()
    __match_args__ = ("members",)
    members = Payload(RoomMembers)


class MembersLeft(Event):
    """`Room.CallbackAfterMemberLeave`: users left a room, were kicked, or lost the heartbeat."""

    __slots__ = ()
    __match_args__ = ("members",)
    members = Payload(RoomMembers)


class SeatsChanged(Event):
    """`Mic.CallbackAfterSeatInfoChanged`: a user was taken onto or off a seat, or a seat was locked."""

    __slots__ = ()
    __match_args__ = ("seats",)
    seats = Payload(RoomSeats)


class CallStarted(Event):
    """`Call.CallbackAfterStartCall`: a client started a call."""

    __slots__ = ()
    __match_args__ = ("call_start",)
    call_start = Payload(CallStart)


class CallEnded(Event):
    """`Call.CallbackAfterEndCall`: a call is over."""

    __slots__ = ()
    __match_args__ = ("call_end",)
    call_end = Payload(CallEnd)


class CallMembersChanged(Event):
    """`Call.CallbackAfterMemberChanged`: a member answered, hung up, was invited, and so on."""

    __slots__ = ()
    __match_args__ = ("call_members",)
    call_members = Payload(CallMembers)


class CallRecordingChanged(Event):
    """`Call.CallbackAfterRecordChanged`: the state of a cloud recording changed."""

    __slots__ = ()
    __match_args__ = ("call_record",)
    call_record = Payload(CallRecord)


class UnknownEvent(Event):
    """A command that this release does not know: `command_word` has it, `json()` and `body` what was sent."""

    __slots__ = ()
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
_maker = Maker(
    RECORD_KINDS, {int(command): (kind, library.tc_command_word(command).decode()) for command, kind in _CLASSES.items()}
)
_event_of_request = _maker.event_of_request


def event_at(address: int) -> Event:
    """The event that the library has at this address."""
    event: Event = _maker.event(address)
    return event


def parse_event(query: str | bytes, body: bytes) -> Event:
    """Parses a callback without checking who sent it; `Receiver.handle` does both.

    `query` is the URL's query as received (or a whole path, or ""), `body` the raw bytes of the body, at most 1 MiB. Raises
    CallbackError, with `offset` where the body is wrong.
    """
    raw = query_bytes(query)
    try:
        event: Event | None = _event_of_request(raw, body)
    except TypeError:
        # The body is no bytes, but may be turned into them.
        event = None
    return event if event is not None else _parsed(raw, body_bytes(body))


def _parsed(query: bytes, body: bytes) -> Event:
    """A long one, or one that is refused. Other threads are let in while it is parsed."""
    event = result_of(library.tc_parse_event, query, len(query), body, len(body))
    try:
        return event_at(event)
    finally:
        library.tc_event_free(event)

"""The least that an event and five fields of it can take in Python by ctypes: one call, places known beforehand, no object."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import addressof, byref, c_char, sizeof
from struct import Struct
from typing import Any

from tc_callback._header import (
    tc_call_end,
    tc_event,
    tc_event_copy,
    tc_room_info,
    tc_room_members,
    tc_room_seats,
    tc_seat,
)
from tc_callback._library import quick

Five = tuple[Any, Any, Any, Any, Any]

memory = (c_char * (32 << 10))()
base = addressof(memory)
copied = byref(tc_event_copy(sizeof(tc_event_copy), base, sizeof(memory)))
parse = quick("tc_parse_event_copy")
text, number, address = Struct("PN").unpack_from, Struct("q").unpack_from, Struct("P").unpack_from

COMMAND_WORD, EVENT_TIME = tc_event.command_word.offset, tc_event.event_time_ms.offset


def parsed(body: bytes) -> None:
    # A place for the event, and none for an error.
    if parse(b"", 0, body, len(body), copied, None):
        raise ValueError(body)


def text_at(place: int) -> str:
    pointer, length = text(memory, place)
    return memory[pointer - base : pointer - base + length].decode()


def payload_reader(payload: Any, first: Any, second: Any, third: Any) -> Callable[[bytes], Five]:
    """Reads command, two texts and a number of the payload, and the time."""
    payload_at, one_at, other_at, count_at = payload.offset, first.offset, second.offset, third.offset

    def read(body: bytes) -> Five:
        parsed(body)
        at = address(memory, payload_at)[0] - base
        one, other, count = text_at(at + one_at), text_at(at + other_at), number(memory, at + count_at)[0]
        return text_at(COMMAND_WORD), one, other, count, number(memory, EVENT_TIME)[0]

    return read


event_a = payload_reader(tc_event.room, tc_room_info.room_id, tc_room_info.room_name, tc_room_info.max_member_count)
read_b = payload_reader(tc_event.members, tc_room_members.room_id, tc_room_members.change_word, tc_room_members.member_count)
event_d = payload_reader(tc_event.call_end, tc_call_end.call_id, tc_call_end.result_word, tc_call_end.start_time_s)


def event_b(body: bytes) -> Five:
    word, room_id, change, count, time = read_b(body)
    return word, room_id, count, change, time


def event_c(body: bytes) -> Five:
    parsed(body)
    at = address(memory, tc_event.seats.offset)[0] - base
    first = address(memory, at + tc_room_seats.seats.offset)[0] - base
    seat = address(memory, first)[0] - base
    return (
        text_at(COMMAND_WORD),
        text_at(at + tc_room_seats.room_id.offset),
        number(memory, at + tc_room_seats.seat_count.offset)[0],
        text_at(seat + tc_seat.member_account.offset),
        number(memory, EVENT_TIME)[0],
    )


READERS: dict[str, Callable[[bytes], Five]] = {"a": event_a, "b": event_b, "c": event_c, "d": event_d}

"""Parsing a body and reading five fields of it, by each library, for each family of bodies."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import models
import msgspec
import orjson
import pydantic
from checksum import fold_any
from tc_callback import parse_event

Five = tuple[Any, Any, Any, Any, Any]
Reader = Callable[[bytes], Five]


def event_a(body: bytes) -> Five:
    event = parse_event("", body)
    room = event.room
    return event.command_word, room.room_id, room.room_name, room.max_member_count, event.event_time_ms


def event_b(body: bytes) -> Five:
    event = parse_event("", body)
    members = event.members
    return event.command_word, members.room_id, members.member_count, members.change_word, event.event_time_ms


def event_c(body: bytes) -> Five:
    event = parse_event("", body)
    room = event.seats
    seats = room.seats
    return event.command_word, room.room_id, len(seats), seats[0].member_account, event.event_time_ms


def event_d(body: bytes) -> Five:
    event = parse_event("", body)
    call = event.call_end
    return event.command_word, call.call_id, call.result_word, call.start_time_s, event.event_time_ms


def by_dict(loads: Callable[[bytes], Any]) -> dict[str, Reader]:
    def a(body: bytes) -> Five:
        event = loads(body)
        room = event["RoomInfo"]
        return event["CallbackCommand"], room["RoomId"], room["RoomName"], room["MaxMemberCount"], event["EventTime"]

    def b(body: bytes) -> Five:
        event = loads(body)
        return event["CallbackCommand"], event["RoomId"], event["MemberCount"], event["Type"], event["EventTime"]

    def c(body: bytes) -> Five:
        event = loads(body)
        seats = event["SeatList"]
        return event["CallbackCommand"], event["RoomId"], len(seats), seats[0]["Member_Account"], event["EventTime"]

    def d(body: bytes) -> Five:
        event = loads(body)
        call = event["CallRecord"]
        return event["CallbackCommand"], call["CallId"], call["CallResult"], call["StartTime"], event["EventTime"]

    return {"a": a, "b": b, "c": c, "d": d}


def by_model(parse: dict[str, Callable[[bytes], Any]]) -> dict[str, Reader]:
    parse_a, parse_b, parse_c, parse_d = parse["a"], parse["b"], parse["c"], parse["d"]

    def a(body: bytes) -> Five:
        event = parse_a(body)
        room = event.RoomInfo
        return event.CallbackCommand, room.RoomId, room.RoomName, room.MaxMemberCount, event.EventTime

    def b(body: bytes) -> Five:
        event = parse_b(body)
        return event.CallbackCommand, event.RoomId, event.MemberCount, event.Type, event.EventTime

    def c(body: bytes) -> Five:
        event = parse_c(body)
        seats = event.SeatList
        return event.CallbackCommand, event.RoomId, len(seats), seats[0].Member_Account, event.EventTime

    def d(body: bytes) -> Five:
        event = parse_d(body)
        call = event.CallRecord
        return event.CallbackCommand, call.CallId, call.CallResult, call.StartTime, event.EventTime

    return {"a": a, "b": b, "c": c, "d": d}


READERS: dict[str, dict[str, Reader]] = {
    "tc_callback": {"a": event_a, "b": event_b, "c": event_c, "d": event_d},
    "orjson": by_dict(orjson.loads),
    "json": by_dict(json.loads),
    "msgspec": by_model({row: msgspec.json.Decoder(kind).decode for row, kind in models.of(msgspec.Struct).items()}),
    "pydantic": by_model({row: kind.model_validate_json for row, kind in models.of(pydantic.BaseModel).items()}),
}


def readers() -> Iterator[tuple[str, str, Reader]]:
    """Family, candidate and what reads five fields."""
    for family in "abcd":
        for candidate, by_family in READERS.items():
            yield family, candidate, by_family[family]


def bodies(folder: Path, family: str) -> list[bytes]:
    return [text.encode() for text in json.loads((folder / f"{family}-compact.json").read_text("utf-8"))]


def checksum(read: Iterable[Five]) -> int:
    hashed = 0
    for five in read:
        for value in five:
            hashed = fold_any(hashed, value)
    return hashed

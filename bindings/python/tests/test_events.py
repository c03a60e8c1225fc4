"""What an event gives."""

from __future__ import annotations

import contextlib
import copy
import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import pytest

import tc_callback
from tc_callback import Command, MemberChange, Product, RoomStatus, Status, _library, events
from tc_callback.testing import callback, sample


def event(command: str, changes: dict | None = None) -> tc_callback.Event:
    request = callback(command, changes)
    return tc_callback.parse_event(request.query, request.body)


def test_every_command_has_a_class_of_its_own_with_its_payload():
    for command in Command:
        kind = events._CLASSES[command]
        if command is Command.UNKNOWN:
            continue
        found = event(tc_callback.product_commands(Product(1 if command < 200 else 2))[(command - 1) % 100])
        assert (found.command, type(found)) == (command, kind)
        (payload,) = kind.__match_args__
        assert getattr(found, payload) is not None
        others = {"room", "members", "seats", "call_start", "call_end", "call_members", "call_record"} - {payload}
        assert [getattr(found, other) for other in others] == [None] * len(others)
    assert len(set(events._CLASSES.values())) == len(Command)


def test_an_attribute_is_the_same_object_each_time_it_is_read():
    found = event("Room.CallbackAfterCreateRoom")
    assert found.room is found.room
    assert found.room.room_name is found.room.room_name
    assert found.subject is found.room.room_id


def test_times_are_datetimes_in_utc_beside_the_raw_number():
    created = event("Room.CallbackAfterCreateRoom", {"EventTime": 1703589922780, "RoomInfo": {"CreateTime": 1703589922}})
    assert created.event_time_ms == 1703589922780
    assert created.event_time == datetime(2023, 12, 26, 11, 25, 22, 780000, tzinfo=timezone.utc)
    assert created.room.create_time_s == 1703589922
    assert created.room.create_time == datetime(2023, 12, 26, 11, 25, 22, tzinfo=timezone.utc)
    recorded = event("Call.CallbackAfterRecordChanged").call_record
    assert recorded.engine_event_time == datetime(2026, 3, 25, 8, 0, 7, 77000, tzinfo=timezone.utc)


@pytest.mark.parametrize("seconds", [0, None, 2**62, -(2**62)])
def test_a_time_that_is_none_or_beyond_the_calendar_is_none(seconds):
    room = event("Room.CallbackAfterCreateRoom", {"RoomInfo": {"CreateTime": seconds}}).room
    assert room.create_time_s == seconds
    assert room.create_time is None


def test_absent_fields_are_none_and_absent_lists_are_empty():
    room = event("Room.CallbackAfterDestroyRoom").room
    assert room.room_name is None
    assert room.room_type is None
    assert room.is_seat_enabled is None
    assert room.max_seat_count is None
    assert room.schedule_invitee_accounts == ()


def test_a_word_that_is_not_known_is_equal_to_unknown_and_keeps_its_text():
    members = event("Room.CallbackAfterMemberLeave", {"Type": "Vanished"}).members
    assert members.change == MemberChange.UNKNOWN
    assert members.change.word == "Vanished"
    assert members.change_word == "Vanished"
    assert repr(members.change) == "<MemberChange.UNKNOWN: 'Vanished'>"
    assert MemberChange.UNKNOWN.word == ""
    assert event("Room.CallbackAfterMemberLeave", {"Type": "Kicked"}).members.change is MemberChange.KICKED


def test_a_number_that_is_not_known_is_a_word_too():
    assert MemberChange(99).name == "UNKNOWN"
    assert MemberChange(99) == 99
    with pytest.raises(ValueError, match="Kicked"):
        MemberChange("Kicked")


def test_an_unknown_command_is_an_event_whose_fields_are_read_by_pointer():
    found = event("Room.CallbackAfterSomethingNew", {"RoomId": "r1", "Deep": {"List": [1.5, None, {"x": "é"}]}})
    assert isinstance(found, tc_callback.UnknownEvent)
    assert found.command.word == "Room.CallbackAfterSomethingNew"
    assert found.json("/Deep/List/2/x") == "é"
    assert found.json("/Deep/List") == [1.5, None, {"x": "é"}]
    assert found.json()["RoomId"] == "r1"
    with pytest.raises(tc_callback.CallbackError) as raised:
        found.json("/Nothing")
    assert raised.value.code is Status.NO_SUCH_VALUE
    with pytest.raises(tc_callback.UsageError, match="~0") as wrong:
        found.json("/Deep~2")
    assert wrong.value.code is Status.INVALID_ARGUMENT


def test_of_an_object_that_is_sent_twice_the_last_counts():
    word = "Room.CallbackAfterUpdateRoomInfo"
    body = f'{{"CallbackCommand":"{word}","RoomInfo":{{"RoomId":"first"}},"RoomInfo":{{"RoomName":"last"}}}}'
    found = tc_callback.parse_event("", body.encode())
    assert isinstance(found, tc_callback.RoomInfoChanged)
    assert (found.room.room_id, found.room.room_name) == (None, "last")
    assert found.json("/RoomInfo") == {"RoomName": "last"}


def test_of_a_command_that_several_products_send_none_is_named():
    found = event("Mic.CallbackAfterSeatInfoChanged", {"RoomId": "live-1"})
    assert found.product is tc_callback.Product.UNKNOWN


def test_an_event_does_not_change():
    found = event("Room.CallbackAfterCreateRoom")
    with pytest.raises(AttributeError, match="room_name cannot be set"):
        found.room.room_name = "another"
    with pytest.raises(AttributeError, match="room_name cannot be deleted"):
        del found.room.room_name
    with pytest.raises(AttributeError, match="subject cannot be set"):
        found.subject = "another"


def test_an_event_is_made_by_the_library_only():
    with pytest.raises(TypeError, match=r"RoomInfo is made by parse_event\(\)"):
        tc_callback.RoomInfo()


def test_a_record_is_equal_to_no_plain_tuple_and_has_no_order():
    room = event("Room.CallbackAfterCreateRoom").room
    assert room != tuple(room)
    assert tuple(room) != room
    assert room not in {tuple(room)}
    with pytest.raises(TypeError, match="not supported"):
        room < room  # noqa: B015


def test_no_event_is_taken_for_a_json_array():
    with pytest.raises(TypeError, match="not JSON serializable"):
        json.dumps(event("Room.CallbackAfterCreateRoom"))


def test_an_event_can_be_pickled_and_is_then_the_same():
    found = event("Call.CallbackAfterEndCall")
    again = pickle.loads(pickle.dumps(found))
    assert type(again) is type(found)
    assert copy.deepcopy(found) == found
    assert again == found
    assert again.to_dict() == found.to_dict()
    assert again.json("/CallbackCommand") == "Call.CallbackAfterEndCall"
    assert {found, again} == {found}
    unpickled = pickle.loads(pickle.dumps(found.call_end))
    assert (unpickled, hash(unpickled)) == (found.call_end, hash(found.call_end))
    assert pickle.loads(pickle.dumps(MemberChange.unknown("Vanished"))).word == "Vanished"


def test_an_event_as_a_dict_is_json():
    found = event("Mic.CallbackAfterSeatInfoChanged")
    assert json.loads(json.dumps(found.to_dict()))["seats"]["seats"][0]["index"] == 1


def test_an_event_shows_what_was_sent():
    shown = repr(event("Room.CallbackAfterDestroyRoom", {"RoomId": "r9"}))
    assert shown.startswith("RoomDestroyed(")
    assert "room=RoomInfo(room_id='r9')" in shown
    assert "Sign" not in shown


def test_two_rooms_that_say_the_same_are_equal():
    first, second = (event("Room.CallbackAfterCreateRoom").room for _ in range(2))
    assert (first, hash(first)) == (second, hash(second))
    assert first != event("Room.CallbackAfterCreateRoom", {"RoomInfo": {"RoomStatus": "None"}}).room
    assert first.room_status is RoomStatus.RUNNING


def test_the_body_is_there_byte_by_byte():
    request = callback("Room.CallbackAfterCreateRoom")
    found = tc_callback.parse_event(request.query, request.body)
    assert (found.body, found.query) == (request.body, request.query)


@pytest.mark.parametrize("length", [0, 1, _library.QUICK_BYTES // 2, _library.QUICK_BYTES, 2 * _library.QUICK_BYTES, 400_000])
def test_an_event_of_any_size_is_read_whole(length):
    room = {"RoomName": "名" * (length // 3), "CustomInfo": "x" * (length % 3)}
    for query in ("", "ClientIP=10.0.0.1&Padding=" + "q" * min(length, 10_000)):
        request = callback("Room.CallbackAfterCreateRoom", {"RoomInfo": room})
        found = tc_callback.parse_event(query, request.body)
        assert (found.room.room_name, found.room.custom_info) == (room["RoomName"], room["CustomInfo"])
        assert (found.query, found.body) == (query, request.body)


def test_a_body_is_kept_as_it_is_and_not_copied():
    body = callback("Room.CallbackAfterCreateRoom").body
    assert tc_callback.parse_event("", body).body is body
    assert tc_callback.parse_event("", bytearray(body)).body == body


def test_ten_thousand_seats_are_read():
    seats = [{"Index": index, "Member_Account": f"user-é-{index}"} for index in range(10_000)]
    found = event("Mic.CallbackAfterSeatInfoChanged", {"SeatList": seats}).seats.seats
    assert [(seat.index, seat.member_account) for seat in found] == [(seat["Index"], seat["Member_Account"]) for seat in seats]


def test_threads_that_parse_at_once_get_their_own_events():
    def names(thread: int) -> list[str]:
        found = []
        for index in range(200):
            padding = "p" * (index * 200)
            body = json.dumps({"CallbackCommand": "Room.CallbackAfterCreateRoom", "RoomId": f"{thread}-{index}", "P": padding})
            with contextlib.suppress(tc_callback.CallbackError):
                tc_callback.parse_event("", body[:-1].encode())
            found.append(tc_callback.parse_event("", body.encode()).subject)
        return found

    with ThreadPoolExecutor(8) as threads:
        for thread, found in enumerate(threads.map(names, range(8))):
            assert found == [f"{thread}-{index}" for index in range(200)]


def test_a_body_that_is_not_json_says_where():
    with pytest.raises(tc_callback.CallbackError) as raised:
        tc_callback.parse_event("", b'{"a":}')
    assert (raised.value.code, raised.value.offset) == (Status.MALFORMED_JSON, 5)
    assert not raised.value.retryable


@pytest.mark.parametrize("body", [sample("Room.CallbackAfterCreateRoom"), json.dumps({}), None])
def test_a_body_that_the_framework_has_parsed_is_refused_with_the_way_to_the_bytes(body):
    receiver = tc_callback.Receiver(1)
    for take in (tc_callback.parse_event, receiver.handle):
        with pytest.raises(TypeError) as raised:
            take("", body)
        found = "None" if body is None else type(body).__name__
        assert str(raised.value).startswith(f"body must be the raw bytes of the request, not {found}.")
        assert "request.get_data() in Flask" in str(raised.value)

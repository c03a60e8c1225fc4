"""What the library makes of Python's objects: as many as there should be, by either of its ways."""

from __future__ import annotations

import gc
import sys
import tracemalloc

import pytest
from conftest import ROOT
from test_events import event

import tc_callback
from tc_callback import _objects_pypy, _record, events
from tc_callback._library import IS_CPYTHON
from tc_callback.testing import callback

COMMANDS = [word for product in tc_callback.Product if product for word in tc_callback.product_commands(product)]

only_cpython = pytest.mark.skipif(not IS_CPYTHON, reason="skipped: this Python's objects are not made by the library")


@pytest.fixture
def by_handles(monkeypatch):
    """Events are made as for PyPy."""
    made_of = events.RECORD_KINDS, {int(command): (kind, None) for command, kind in events._CLASSES.items()}
    maker = _objects_pypy.Maker(*made_of)
    monkeypatch.setattr(events, "_maker", maker)
    monkeypatch.setattr(events, "_event_of_request", maker.event_of_request)


@pytest.mark.parametrize("command", [*COMMANDS, "Room.CallbackAfterSomethingNew"])
def test_both_ways_make_the_same(command, request):
    posted = callback(command, {"RoomId": "é", "CallId": "1"})
    quick = tc_callback.parse_event(posted.query, posted.body)
    request.getfixturevalue("by_handles")
    by_handles = tc_callback.parse_event(posted.query, posted.body)
    assert (type(by_handles), tuple(by_handles)) == (type(quick), tuple(quick))
    assert by_handles.to_dict() == quick.to_dict()


@pytest.mark.usefixtures("by_handles")
def test_the_way_of_pypy_gives_errors_and_outcomes():
    with pytest.raises(tc_callback.CallbackError, match="not JSON"):
        tc_callback.parse_event("", b"{")
    request = callback("Room.CallbackAfterCreateRoom")
    receiver = tc_callback.Receiver(1400000000)
    outcome = receiver.handle(request.query, request.body)
    assert outcome.event.room.room_name == "tandy-test-rest"
    outcome.settle(tc_callback.Settlement.TAKEN)
    assert outcome.http_status == 200


def test_every_sample_has_a_place_for_each_field_and_no_more():
    for command in COMMANDS:
        found = event(command)
        payload = found[0]
        fields = [name for name in type(found)._names if name not in type(found).__match_args__]
        assert len(found) == len(fields) + 1
        assert len(payload) == len(type(payload)._names)


def test_python_is_told_of_every_kind_of_record():
    header = (ROOT / "include" / "tc_callback.h").read_text("utf-8")
    assert header.count("  TC_RECORD_KIND_") == len(set(events.RECORD_KINDS))


def parse_all() -> None:
    for command in COMMANDS:
        request = callback(command)
        tc_callback.parse_event(request.query, request.body)
    with pytest.raises(tc_callback.CallbackError):
        tc_callback.parse_event("", b"{")


@only_cpython
def test_ten_thousand_events_leave_no_object_and_no_memory():
    parse_all()
    kinds = [*events.RECORD_KINDS, *events._CLASSES.values()]
    word = tc_callback.parse_event("", callback("Room.CallbackAfterCreateRoom").body).command_word
    counted = [None, True, False, (), "", 0, 1, word, *kinds]

    def figures() -> list[int]:
        gc.collect()
        return [*map(sys.getrefcount, counted), len(gc.get_objects())]

    bodies = [callback(command) for command in COMMANDS]
    refused = [(b"", b"{"), (b"%", b"{}"), (b"", b"{}")]

    def run(times: int) -> None:
        for _ in range(times):
            for request in bodies:
                tc_callback.parse_event(request.query, request.body)
            for request in refused:
                assert events._event_of_request(*request) is None
            for request in [("", b""), (b"", ""), (b"", None)]:
                with pytest.raises(TypeError):
                    events._event_of_request(*request)

    tracemalloc.start()
    try:
        run(10)
        before, memory = figures(), tracemalloc.get_traced_memory()[0]
        run(1000)
        after, grown = figures(), tracemalloc.get_traced_memory()[0] - memory
    finally:
        tracemalloc.stop()
    # A count is off by a few for what the test itself holds; a leak would be a thousand or more.
    assert [0 if abs(new - old) < 100 else new - old for old, new in zip(before, after)] == [0] * len(before)
    assert grown < 50_000


@only_cpython
def test_a_tuple_is_filled_in_place_and_by_pythons_own_function_alike(monkeypatch):
    assert _record.FIRST_PLACE > 0
    quick = [event(command) for command in COMMANDS]
    _objects = sys.modules["tc_callback._objects"]
    monkeypatch.setattr(_objects, "FIRST_PLACE", 0)
    words = {int(command): (kind, None) for command, kind in events._CLASSES.items()}
    slow = _objects.Maker(events.RECORD_KINDS, words)
    for one in quick:
        again = slow.event_of_request(one.query.encode(), one.body)
        assert (type(again), tuple(again)) == (type(one), tuple(one))


@only_cpython
def test_memory_that_python_cannot_have_is_a_memory_error():
    testcapi = pytest.importorskip("_testcapi", reason="skipped: this Python was built without its own test modules")
    seats = [{"Index": 1000 + index, "Member_Account": f"user {index}"} for index in range(8)]
    request = b"", callback("Mic.CallbackAfterSeatInfoChanged", {"SeatList": seats}).body
    whole = events._event_of_request(*request)
    failures = 0
    for allocation in range(1, 100):
        testcapi.set_nomemory(allocation, allocation + 1)
        try:
            made = events._event_of_request(*request)
        except MemoryError:
            made = None
            failures += 1
        finally:
            testcapi.remove_mem_hooks()
        assert made in (None, whole)
    assert failures > 10

"""examples/python/server.py, run as its reader would run it."""

from __future__ import annotations

import pytest
from conftest import ROOT, TOKEN

from tc_callback import Client, Product, product_commands
from tc_callback.testing import Emulator

IN_WORDS = {
    "Room.CallbackAfterCreateRoom": '[tandy-test-rest] admin created the room "tandy-test-rest", invited: user2, user3, user3',
    "Room.CallbackAfterDestroyRoom": "[tandy-test-rest] admin destroyed the room",
    "Room.CallbackAfterUpdateRoomInfo": '[rid-123] bob changed the room "rname-123", cloud recording is allowed',
    "Room.CallbackAfterMemberEnter": "[rid-123] user1: Enter, members now: 20",
    "Room.CallbackAfterMemberLeave": "[rid-123] user1: Leave, members now: 20",
    "Mic.CallbackAfterSeatInfoChanged": "[rid-123] seat 1: 144115233775727695",
    "Call.CallbackAfterStartCall": "a call (Audio) of user1 (Calling) user2 (Waiting)",
    "Call.CallbackAfterEndCall": "the call of 10001 ended after 0:02:30: NotAnswer",
    "Call.CallbackAfterMemberChanged": "user2: Accept",
    "Call.CallbackAfterRecordChanged": 'recording event 301: {"Status":0}',
}


@pytest.fixture
def tc_emulator():
    with Emulator() as emulator:
        yield emulator


def test_the_example_registers_prints_all_ten_events_and_ends(serve, tc_emulator):
    server = serve(str(ROOT / "examples" / "python" / "server.py"))
    with Client(tc_emulator.sdk_app_id, key=tc_emulator.key, endpoint=tc_emulator.endpoint) as client:
        for product in (Product.CONFERENCE, Product.CALL):
            config = client.get_callback(product)
            assert (config.url, list(config.commands)) == (server.url + "/callback", product_commands(product))
    assert len(IN_WORDS) == 10
    for command, words in IN_WORDS.items():
        tc_emulator.trigger(command, token=TOKEN)
        assert words in server.says(command)
    tc_emulator.trigger("Room.CallbackAfterCreateRoom", "--bad-sign", "--expect=403", token=TOKEN)
    assert server.end() == 0


def test_the_example_answers_every_case_of_the_torture_rightly(serve, tc_emulator):
    server = serve(str(ROOT / "examples" / "python" / "server.py"))
    assert "right: all" in tc_emulator.trigger("--torture", token=TOKEN)
    assert server.end() == 0


def test_an_event_that_the_example_does_not_know_is_printed_too(serve, tc_emulator, tmp_path):
    server = serve(str(ROOT / "examples" / "python" / "server.py"))
    body = tmp_path / "body.json"
    body.write_text('{"CallbackCommand":"Room.CallbackAfterSomethingNew","EventTime":1}')
    tc_emulator.trigger("Room.CallbackAfterSomethingNew", f"--body={body}", f"--to={server.url}/callback", token=TOKEN)
    assert "a command that this server does not know" in server.says("SomethingNew")

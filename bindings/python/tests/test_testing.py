"""tc_callback.testing, as a user's own tests use it."""

from __future__ import annotations

import subprocess
import sys

import pytest

import tc_callback
from tc_callback import Client, Product, Receiver, Status, _command, product_commands
from tc_callback.testing import Emulator, callback, sample


def test_a_signed_request_is_accepted_and_one_signed_otherwise_is_not():
    receiver = Receiver(7, tokens=["a token"])
    for token, status in (("a token", Status.OK), ("another", Status.BAD_SIGN), (None, Status.BAD_SIGN)):
        request = callback("Call.CallbackAfterEndCall", token=token, sdk_app_id=7)
        assert receiver.handle(request.query, request.body).status is status


def test_changes_go_into_the_vendors_sample():
    request = callback("Room.CallbackAfterCreateRoom", {"RoomInfo": {"RoomName": "Stand-up"}, "EventTime": 5})
    event = tc_callback.parse_event(request.query, request.body)
    assert (event.room.room_name, event.room.owner_account, event.event_time_ms) == ("Stand-up", "user3", 5)


def test_there_is_a_sample_of_every_command():
    for product in (Product.CONFERENCE, Product.CALL):
        for command in tc_callback.product_commands(product):
            assert sample(command)["CallbackCommand"] == command
    with pytest.raises(KeyError, match=r"no sample of Room\.Nothing; there is one of Call"):
        sample("Room.Nothing")


def test_the_fixture_is_an_emulator_that_answers(tc_emulator):
    with Client(tc_emulator.sdk_app_id, key=tc_emulator.key, endpoint=tc_emulator.endpoint) as client:
        done = client.ensure_callback(Product.CONFERENCE, "https://example.com/", product_commands(Product.CONFERENCE))
        assert done.http_status == 200


def ensure(emulator):
    with Client(emulator.sdk_app_id, key=emulator.key, endpoint=emulator.endpoint, attempts=10) as client:
        return client.ensure_callback(Product.CONFERENCE, "https://example.com/", product_commands(Product.CONFERENCE))


def test_the_factory_makes_emulators_with_faults_of_their_own(tc_emulators):
    failing, working = tc_emulators(fail="60017:100%"), tc_emulators(fail=["60017:0%", "call_config/get_callback=60017:100%"])
    with pytest.raises(tc_callback.RefusedError) as refused:
        ensure(failing)
    assert refused.value.tencent_code == 60017
    assert ensure(working).http_status == 200
    assert failing.endpoint != working.endpoint


def test_the_same_seed_gives_the_same_answers(tc_emulators):
    request_ids = set()
    for _ in range(2):
        with pytest.raises(tc_callback.RefusedError) as refused:
            ensure(tc_emulators(fail="60017:100%", seed=7))
        request_ids.add(refused.value.request_id)
    assert request_ids == {"Id-91f679b682b9f20603b504cf7a6f7a31-O-Seq-1"}


def test_a_client_gets_through_failures_lost_answers_and_a_proxys_pages(tc_emulators):
    faults = {"fail": "100001:20%", "drop": "20%", "drop_before": "10%", "http": "502:10%", "latency": "1ms..2ms"}
    assert ensure(tc_emulators(seed=7, **faults)).http_status == 200


def test_a_state_file_outlives_an_emulator(tmp_path):
    for change in (tc_callback.Change.CREATED, tc_callback.Change.UNCHANGED):
        with Emulator(state=tmp_path / "state.json") as emulator:
            assert ensure(emulator).change is change


def test_a_fault_that_is_none_is_told():
    with pytest.raises(RuntimeError, match=r"'10' for '--drop <PERCENT%>'.*such as 10%"):
        Emulator(drop="10")


def test_a_trigger_that_is_not_answered_rightly_fails_the_test(tc_emulator):
    with pytest.raises(AssertionError, match="the connection was refused"):
        tc_emulator.trigger("Room.CallbackAfterCreateRoom", "--to=http://127.0.0.1:1/callback")


def test_an_emulator_that_cannot_start_says_why(monkeypatch):
    with pytest.raises(RuntimeError, match="did not start"):
        Emulator(sdk_app_id=-1)
    monkeypatch.setenv("TC_CALLBACK_CLI", "/nowhere/tc-callback")
    with pytest.raises(FileNotFoundError, match=r"not at /nowhere/tc-callback\. Set TC_CALLBACK_CLI to its path, or unset it"):
        Emulator()


def test_the_command_is_installed_with_the_package():
    assert _command.find() == _command.BUNDLED
    said = subprocess.run([sys.executable, "-m", "tc_callback", "--version"], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["tc-callback", tc_callback.__version__]

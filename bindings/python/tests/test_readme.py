"""The README's snippets, as they stand."""

from __future__ import annotations

import re
import sys

import pytest
from conftest import PROJECT

import tc_callback
from tc_callback import Command, events, payloads
from tc_callback.testing import Emulator, callback

README = (PROJECT / "README.md").read_text("utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.mark.skipif(sys.version_info < (3, 10), reason="skipped: the snippet has a match statement, which Python 3.9 lacks")
def test_the_handler_prints_what_the_snippet_says(capsys):
    names: dict = {}
    exec(SNIPPETS[0], names)
    for command in ("Room.CallbackAfterCreateRoom", "Call.CallbackAfterEndCall", "Room.CallbackAfterNothing"):
        request = callback(command, {"EventTime": 0} if "Nothing" in command else {})
        names["handle"](tc_callback.parse_event(request.query, request.body))
    assert capsys.readouterr().out.splitlines() == [
        "admin created tandy-test-rest at 2023-12-26 11:25:22+00:00",
        "055662e1-bc8a-469c-a334-1126c8c17d58: NotAnswer",
        "Room.CallbackAfterNothing: {'CallbackCommand': 'Room.CallbackAfterNothing', 'EventTime': 0}",
    ]


def test_both_clients_configure():
    for snippet in SNIPPETS[2:]:
        with Emulator() as emulator:
            there = snippet.replace("key=key", "key=key, endpoint=endpoint")
            if "await" in there:
                lines = "".join(f"    {line}\n" for line in there.splitlines())
                there = f"import asyncio\nasync def main():\n{lines}asyncio.run(main())\n"
            exec(there, {"tc": tc_callback, "key": emulator.key, "endpoint": emulator.endpoint})
            with tc_callback.Client(emulator.sdk_app_id, key=emulator.key, endpoint=emulator.endpoint) as client:
                assert client.get_callback(tc_callback.Product.CONFERENCE).url == "https://example.com/callback"
    assert len(SNIPPETS) == 4


@pytest.mark.skipif(sys.version_info < (3, 10), reason="skipped: the first snippet has a match statement, which Python 3.9 lacks")
def test_what_is_answered_without_an_app():
    names: dict = {}
    exec(SNIPPETS[0] + SNIPPETS[1], names)
    request = callback("Room.CallbackAfterCreateRoom", token="the token of the console")
    assert [names["answer"](request.query, request.body)[0] for _ in range(2)] == [200, 200]
    assert names["answer"]("", b"")[0] == 400


def test_the_table_has_every_command_with_its_class_and_payload():
    rows = re.findall(r"^\| `([A-Z]\w+\.\w+)` \| `(\w+)` \| `(\w+)` \| `(\w+)` \|$", README, re.MULTILINE)
    found = []
    for product in (tc_callback.Product.CONFERENCE, tc_callback.Product.CALL):
        for command in tc_callback.product_commands(product):
            event = tc_callback.parse_event("", callback(command).body)
            (payload,) = event.__match_args__
            found.append((command, type(event).__name__, payload, type(getattr(event, payload)).__name__))
    assert sorted(rows) == sorted(found)


def listed(name: str) -> list[str]:
    """The fields of a class as the table has them."""
    return re.findall(r"`(\w+)`", re.search(rf"^\| {name} \| (.*) \|$", README, re.MULTILINE)[1])


def without_their_other_forms(fields: list[str]) -> set[str]:
    """A word's number and a time's number are told of once."""
    return {name for name in fields if re.sub("_(word|s|ms)$", "", name) not in set(fields) - {name}}


def test_the_table_has_every_field_of_every_class():
    for name in payloads.__all__:
        fields = [field for field in vars(getattr(payloads, name)) if not field.startswith("_")]
        assert sorted(listed(f"`{name}`")) == sorted(without_their_other_forms(fields)), name
    records = {payload for command in Command for payload in events._CLASSES[command].__match_args__} - {"command_word"}
    fields = [field for field in vars(payloads.EventFields) if not field.startswith("_") and field not in records]
    assert sorted(listed("every event")) == sorted(without_their_other_forms([*fields, "duplicate_key"]))

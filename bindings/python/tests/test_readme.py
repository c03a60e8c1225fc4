"""The README's snippets, as they stand."""

from __future__ import annotations

import re
import sys

import pytest
from conftest import PROJECT

import tc_callback
from tc_callback.testing import Emulator, callback

SNIPPETS = re.findall(r"```python\n(.*?)```", (PROJECT / "README.md").read_text("utf-8"), re.DOTALL)


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
    for snippet in SNIPPETS[1:]:
        with Emulator() as emulator:
            there = snippet.replace("key=key", "key=key, endpoint=endpoint")
            if "await" in there:
                lines = "".join(f"    {line}\n" for line in there.splitlines())
                there = f"import asyncio\nasync def main():\n{lines}asyncio.run(main())\n"
            exec(there, {"tc": tc_callback, "key": emulator.key, "endpoint": emulator.endpoint})
            with tc_callback.Client(emulator.sdk_app_id, key=emulator.key, endpoint=emulator.endpoint) as client:
                assert client.get_callback(tc_callback.Product.CONFERENCE).url == "https://example.com/callback"
    assert len(SNIPPETS) == 3

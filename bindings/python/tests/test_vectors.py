"""The vectors that every language runs."""

from __future__ import annotations

import json

import pytest
from conftest import ROOT

from tc_callback import Outcome, Receiver

CASES = json.loads((ROOT / "tests" / "vectors.json").read_text("utf-8"))["cases"]


def outcome(case: dict) -> Outcome:
    """What the last of the case's deliveries comes to."""
    body = bytes.fromhex(case["body_hex"]) if "body_hex" in case else case["body"].encode()
    with Receiver(case["sdk_app_id"], tokens=case["tokens"], max_body_bytes=case.get("max_body_bytes")) as receiver:
        for _ in range(1, case.get("deliveries", 1)):
            receiver.handle(case["query"], body, now_s=case["now_s"])
        return receiver.handle(case["query"], body, now_s=case["now_s"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_vector_holds(case):
    found = outcome(case)
    assert case["expect"] == {
        "status": found.status,
        "http_status": found.http_status,
        "reply": found.reply.decode(),
        "is_duplicate": found.is_duplicate,
        "message": found.error and found.error.message,
        "offset": found.error and found.error.offset,
        "event": found.event and found.event.to_dict(),
    }

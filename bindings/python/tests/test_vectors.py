"""The vectors that every language runs."""

from __future__ import annotations

import json

import pytest
from conftest import ROOT

from tc_callback import Delivery, Outcome, Receiver, Settlement

CASES = json.loads((ROOT / "tests" / "vectors.json").read_text("utf-8"))["cases"]


def outcome(case: dict) -> Outcome:
    """What the last of the case's deliveries comes to. Each that is new is taken."""
    body = bytes.fromhex(case["body_hex"]) if "body_hex" in case else case["body"].encode()
    with Receiver(case["sdk_app_id"], tokens=case["tokens"], max_body_bytes=case.get("max_body_bytes")) as receiver:
        for _ in range(case.get("deliveries", 1)):
            found = receiver.handle(case["query"], body, now_s=case["now_s"])
            if found.delivery is Delivery.NEW:
                found.settle(Settlement.TAKEN)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_vector_holds(case):
    found = outcome(case)
    assert case["expect"] == {
        "status": found.status,
        "http_status": found.http_status,
        "reply": found.reply.decode(),
        "delivery": found.delivery,
        "message": found.error and found.error.message,
        "offset": found.error and found.error.offset,
        "event": found.event and found.event.to_dict(),
    }

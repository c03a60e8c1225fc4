"""The receiver's options and what it remembers."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import pickle
import subprocess
import sys
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import SECRETS

from tc_callback import Delivery, Outcome, Receiver, ResultUnknownError, Settlement, Status, UsageError
from tc_callback.testing import callback

REQUEST = callback("Room.CallbackAfterCreateRoom")
OK = {"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0}


def another(room: str) -> tuple[str, bytes]:
    """Query and body of an event of this room."""
    request = callback("Room.CallbackAfterCreateRoom", {"RoomInfo": {"RoomId": room}, "EventTime": 5})
    return request.query, request.body


def handle(receiver: Receiver) -> Outcome:
    return receiver.handle(REQUEST.query, REQUEST.body)


def test_an_event_is_new_busy_while_it_is_handled_and_done_once_it_was_taken():
    receiver = Receiver(1400000000)
    first = handle(receiver)
    assert (first.delivery, first.http_status, first.status) == (Delivery.NEW, 503, Status.OK)
    busy = handle(receiver)
    assert (busy.delivery, busy.http_status, json.loads(busy.reply)["ActionStatus"]) == (Delivery.BUSY, 503, "FAIL")
    first.settle(Settlement.TAKEN)
    assert (first.http_status, json.loads(first.reply)) == (200, OK)
    done = handle(receiver)
    assert (done.delivery, done.http_status, json.loads(done.reply)) == (Delivery.DONE, 200, OK)
    assert done.event == first.event


def test_a_refused_event_is_answered_503_and_its_next_copy_is_new():
    receiver = Receiver(1400000000)
    first = handle(receiver)
    first.settle(Settlement.REFUSED)
    assert first.http_status == 503
    assert json.loads(first.reply)["ErrorInfo"] == "the event was not taken: deliver it again"
    assert handle(receiver).delivery is Delivery.NEW


def test_an_event_whose_result_is_unknown_stays_busy_until_it_is_settled_again():
    receiver = Receiver(1400000000)
    first = handle(receiver)
    first.settle(Settlement.UNKNOWN)
    assert first.http_status == 503
    assert handle(receiver).delivery is Delivery.BUSY
    first.settle(Settlement.TAKEN)
    assert first.http_status == 200
    assert handle(receiver).delivery is Delivery.DONE


def test_an_outcome_that_is_dropped_unsettled_releases_its_event():
    receiver = Receiver(1400000000)
    outcome = handle(receiver)
    del outcome
    gc.collect()
    assert handle(receiver).delivery is Delivery.NEW


def test_an_unknown_result_is_kept_when_its_outcome_is_dropped():
    receiver = Receiver(1400000000)
    handle(receiver).settle(Settlement.UNKNOWN)
    gc.collect()
    assert handle(receiver).delivery is Delivery.BUSY


@pytest.mark.parametrize(
    ("raised", "next_copy"),
    [
        (ValueError, Delivery.NEW),
        (KeyboardInterrupt, Delivery.NEW),
        (SystemExit, Delivery.NEW),
        (GeneratorExit, Delivery.NEW),
        (asyncio.CancelledError, Delivery.NEW),
        (ResultUnknownError, Delivery.BUSY),
    ],
)
def test_an_exception_that_leaves_the_block_settles_the_outcome(raised, next_copy):
    receiver = Receiver(1400000000)
    with pytest.raises(raised), handle(receiver) as outcome:
        raise raised
    assert outcome.http_status == 503
    assert handle(receiver).delivery is next_copy


def test_a_block_that_settles_nothing_releases_the_event_and_one_that_does_is_left_alone():
    receiver = Receiver(1400000000)
    with handle(receiver) as outcome:
        pass
    assert outcome.http_status == 503
    with contextlib.suppress(ValueError), handle(receiver) as outcome:
        outcome.settle(Settlement.TAKEN)
        raise ValueError
    assert outcome.http_status == 200
    for _ in range(2):
        with handle(receiver) as outcome:
            assert outcome.delivery is Delivery.DONE
    with receiver.handle("", b"") as outcome:
        assert outcome.delivery is Delivery.REJECTED


def test_what_is_settled_cannot_be_settled_otherwise():
    receiver = Receiver(1400000000)
    outcome = handle(receiver)
    outcome.settle(Settlement.TAKEN)
    outcome.settle(Settlement.TAKEN)
    with pytest.raises(UsageError, match="the outcome is settled as TAKEN and cannot become REFUSED"):
        outcome.settle(Settlement.REFUSED)
    with pytest.raises(UsageError, match="nothing to settle: the delivery is DONE, and only NEW is settled"):
        handle(receiver).settle(Settlement.TAKEN)
    with pytest.raises(UsageError, match="the delivery is REJECTED"):
        receiver.handle("", b"").settle(Settlement.REFUSED)
    assert outcome.http_status == 200


@pytest.mark.parametrize("settlement", [1, "TAKEN", None, True, Delivery.NEW])
def test_a_settlement_of_another_type_is_refused_and_changes_nothing(settlement):
    outcome = handle(Receiver(1400000000))
    with pytest.raises(TypeError, match="settlement must be a Settlement, not"):
        outcome.settle(settlement)
    outcome.settle(Settlement.TAKEN)


def test_an_outcome_is_settled_by_another_thread_after_the_answer_and_after_the_receiver():
    with Receiver(1400000000) as receiver:
        outcome = handle(receiver)
        thread = threading.Thread(target=outcome.settle, args=(Settlement.TAKEN,))
        thread.start()
        thread.join()
        assert handle(receiver).delivery is Delivery.DONE
        late = receiver.handle(*another("r2"))
    late.settle(Settlement.TAKEN)
    assert late.http_status == 200


def test_of_threads_that_settle_one_outcome_at_once_all_see_the_same():
    receiver = Receiver(1400000000)

    def settle(outcome: Outcome, settlement: Settlement, start: threading.Barrier) -> Settlement | None:
        start.wait()
        try:
            outcome.settle(settlement)
        except UsageError:
            return None
        return settlement

    with ThreadPoolExecutor(4) as pool:
        for turn in range(100):
            outcome, start = receiver.handle(*another(f"r{turn}")), threading.Barrier(4)
            wanted = [Settlement.TAKEN, Settlement.REFUSED] * 2
            settled = {done.result() for done in [pool.submit(settle, outcome, one, start) for one in wanted]} - {None}
            assert len(settled) == 1
            assert outcome.http_status == (200 if settled == {Settlement.TAKEN} else 503)


def test_of_threads_that_receive_copies_at_once_one_has_the_event():
    receiver = Receiver(1400000000)
    start = threading.Barrier(8)

    def receive(_: int) -> Outcome:
        start.wait()
        return handle(receiver)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(receive, range(8)))
    assert sorted(outcome.delivery.name for outcome in outcomes) == ["BUSY"] * 7 + ["NEW"]


def test_a_handler_that_fails_after_a_copy_came_leaves_the_event_to_the_third():
    receiver = Receiver(1400000000)
    with contextlib.suppress(ValueError), handle(receiver) as first:
        second = handle(receiver)
        raise ValueError
    third = handle(receiver)
    assert [(one.delivery, one.http_status) for one in (first, second)] == [(Delivery.NEW, 503), (Delivery.BUSY, 503)]
    assert third.delivery is Delivery.NEW


def test_an_event_without_a_key_is_always_new():
    receiver = Receiver(1400000000)
    body = b'{"CallbackCommand":"Room.CallbackAfterCreateRoom","RoomInfo":{"RoomId":"r"}}'
    outcomes = [receiver.handle(REQUEST.query, body) for _ in range(2)]
    assert [outcome.delivery for outcome in outcomes] == [Delivery.NEW] * 2
    assert outcomes[0].event.duplicate_key is None
    outcomes[0].settle(Settlement.TAKEN)
    assert outcomes[0].http_status == 200


def test_a_full_window_is_busy_and_never_forgets_what_is_being_handled():
    receiver = Receiver(1400000000, duplicate_window=(2, 600))
    held = [receiver.handle(*another(name)) for name in ("r1", "r2")]
    assert receiver.handle(*another("r3")).delivery is Delivery.BUSY
    held[0].settle(Settlement.TAKEN)
    assert receiver.handle(*another("r3")).delivery is Delivery.NEW
    assert receiver.handle(*another("r2")).delivery is Delivery.BUSY


def test_outcomes_that_live_to_the_end_of_the_process_end_with_it_silently():
    program = """
import tc_callback
from tc_callback.testing import callback

receiver = tc_callback.Receiver(1400000000)
request = callback("Room.CallbackAfterCreateRoom")
kept = [receiver.handle(request.query, request.body)]
kept.append(kept)
"""
    done = subprocess.run([sys.executable, "-X", "dev", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_outcome_is_not_pickled():
    with pytest.raises(TypeError, match="an Outcome cannot be pickled: hand over its event"):
        pickle.dumps(handle(Receiver(1400000000)))


def test_outcomes_that_are_settled_or_dropped_leave_no_memory():
    receiver = Receiver(1400000000, duplicate_window=(100, 600))
    query, body = another("the room")

    def run(times: int) -> None:
        for turn in range(times):
            with receiver.handle(query, body.replace(b"the room", b"%d" % turn)) as outcome:
                if turn % 2:
                    outcome.settle(Settlement.TAKEN)

    run(1000)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        run(2000)
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 50_000


def test_the_duplicate_window_can_be_closed():
    receiver = Receiver(1400000000, duplicate_window=(0, 0))
    for _ in range(2):
        outcome = handle(receiver)
        assert outcome.delivery is Delivery.NEW
        outcome.settle(Settlement.TAKEN)
        assert outcome.http_status == 200


def test_limits_are_options():
    assert Receiver(1400000000, max_depth=1).handle(REQUEST.query, REQUEST.body).status is Status.TOO_DEEP
    assert Receiver(1400000000, max_elements=1).handle(REQUEST.query, REQUEST.body).status is Status.TOO_MANY_ELEMENTS


def test_the_tolerance_of_the_clock_is_an_option():
    signed = callback("Room.CallbackAfterCreateRoom", token="t", now_s=1000)
    assert Receiver(1400000000, tokens=["t"]).handle(signed.query, signed.body, now_s=1100).status is Status.STALE_SIGN
    assert (
        Receiver(1400000000, tokens=["t"], sign_tolerance_s=100).handle(signed.query, signed.body, now_s=1100).status is Status.OK
    )


def test_a_body_may_be_any_bytes_like_and_a_query_text_or_bytes():
    receiver = Receiver(1400000000, duplicate_window=(0, 0))
    for body in (REQUEST.body, bytearray(REQUEST.body), memoryview(REQUEST.body)):
        for query in (REQUEST.query, REQUEST.query.encode(), "/callback?" + REQUEST.query):
            assert receiver.handle(query, body).status is Status.OK


def test_an_option_that_cannot_be_names_itself():
    with pytest.raises(UsageError, match="a token is empty") as raised:
        Receiver(1400000000, tokens=[""])
    assert raised.value.code is Status.INVALID_OPTION
    with pytest.raises(UsageError, match=r"tokens=\[token\]"):
        Receiver(1400000000, tokens="a token")
    with pytest.raises(UsageError, match="sdk_app_id is -1"):
        Receiver(-1)
    with pytest.raises(UsageError, match="max_depth is -5"):
        Receiver(1, max_depth=-5)
    with pytest.raises(UsageError, match="holds a NUL"):
        Receiver(1, tokens=["a\0b"])
    with pytest.raises(TypeError, match="sdk_app_id must be an int, not str"):
        Receiver("1400000000")


@pytest.mark.parametrize("case", SECRETS["refused"], ids=lambda case: repr(case["given"][:16]))
def test_a_token_that_is_certainly_a_mistake_is_refused_with_what_it_looks_like(case):
    with pytest.raises(UsageError, match=case["told"]) as raised:
        Receiver(1400000000, tokens=["right", case["given"]])
    assert raised.value.code is Status.INVALID_OPTION
    assert "5bd2850f" not in str(raised.value)


@pytest.mark.parametrize("token", SECRETS["accepted"])
def test_any_other_token_is_taken(token):
    signed = callback("Room.CallbackAfterCreateRoom", token=token)
    assert Receiver(1400000000, tokens=[token]).handle(signed.query, signed.body).status is Status.OK


def test_a_variable_that_is_not_set_never_means_that_sign_is_not_checked(monkeypatch):
    monkeypatch.delenv("TC_TOKEN", raising=False)
    with pytest.raises(TypeError, match=r"tokens\[0\] must be a str, not None: is the environment variable set"):
        Receiver(1400000000, tokens=[os.environ.get("TC_TOKEN")])
    with pytest.raises(TypeError, match=r"tokens\[1\] must be a str, not None"):
        Receiver(1400000000, tokens=["right", None])
    monkeypatch.setenv("TC_TOKEN", "")
    with pytest.raises(UsageError, match="a token is empty"):
        Receiver(1400000000, tokens=[os.environ.get("TC_TOKEN")])


@pytest.mark.parametrize("tokens", [None, b"token", bytearray(b"token"), memoryview(b"token"), 7, 0, {"token": 1}, True, object()])
def test_tokens_that_are_no_list_are_refused(tokens):
    with pytest.raises(TypeError, match=r"tokens must be a list of str, not "):
        Receiver(1400000000, tokens=tokens)


@pytest.mark.parametrize("token", [7, b"token", ["token"], 1.5])
def test_a_token_of_another_type_is_refused_by_its_index(token):
    with pytest.raises(TypeError, match=r"tokens\[1\] must be a str, not "):
        Receiver(1400000000, tokens=["right", token])


def test_tokens_may_be_any_iterable_of_strings():
    signed = callback("Room.CallbackAfterCreateRoom", token="b")
    for tokens in (["a", "b"], ("a", "b"), {"a", "b"}, iter(["a", "b"]), (token for token in "ab")):
        assert Receiver(1400000000, tokens=tokens).handle(signed.query, signed.body).status is Status.OK


@pytest.mark.parametrize("window", ["", "ab", 0, 600, [10, 10], (1,), (1, 2, 3), ("a", "b"), (None, None), {}])
def test_a_duplicate_window_of_another_type_is_refused(window):
    with pytest.raises(TypeError, match="duplicate_window must be "):
        Receiver(1400000000, duplicate_window=window)


def test_a_closed_receiver_says_so():
    receiver = Receiver(1)
    receiver.close()
    receiver.close()
    assert receiver.closed
    with pytest.raises(UsageError, match="this Receiver is closed"):
        receiver.handle("", b"")


def test_threads_share_a_receiver_and_one_of_them_may_close_it():
    receiver = Receiver(1400000000, duplicate_window=(0, 0))
    started = threading.Barrier(5)

    def work() -> int:
        started.wait()
        done = 0
        while not receiver.closed:
            try:
                assert receiver.handle(REQUEST.query, REQUEST.body).event.room.room_name == "tandy-test-rest"
            except UsageError:
                break
            done += 1
        return done

    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(work) for _ in range(4)]
        started.wait()
        for _ in range(1000):
            receiver.handle(REQUEST.query, REQUEST.body)
        receiver.close()
        assert all(isinstance(done.result(), int) for done in running)


def test_an_event_outlives_its_receiver():
    with Receiver(1400000000) as receiver:
        event = receiver.handle(REQUEST.query, REQUEST.body).event
    assert event.room.room_name == "tandy-test-rest"

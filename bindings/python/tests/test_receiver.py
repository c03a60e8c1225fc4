"""The receiver's options and what it remembers."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import SECRETS

from tc_callback import Receiver, Status, UsageError
from tc_callback.testing import callback

REQUEST = callback("Room.CallbackAfterCreateRoom")


def test_a_callback_that_comes_again_is_marked_until_it_is_forgotten():
    with Receiver(1400000000) as receiver:
        first = receiver.handle(REQUEST.query, REQUEST.body)
        second = receiver.handle(REQUEST.query, REQUEST.body)
        assert (first.is_duplicate, first.event.is_duplicate) == (False, False)
        assert (second.is_duplicate, second.event.is_duplicate) == (True, True)
        receiver.forget(first.event)
        assert not receiver.handle(REQUEST.query, REQUEST.body).is_duplicate


def test_an_event_over_the_default_limits_is_forgotten_too():
    receiver = Receiver(1400000000, max_body_bytes=1 << 22)
    body = REQUEST.body + b" " * (1 << 21)
    receiver.forget(receiver.handle(REQUEST.query, body).event)
    assert not receiver.handle(REQUEST.query, body).is_duplicate


def test_the_duplicate_window_can_be_closed():
    receiver = Receiver(1400000000, duplicate_window=(0, 0))
    assert not any(receiver.handle(REQUEST.query, REQUEST.body).is_duplicate for _ in range(2))


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

"""Handles that were made before fork work in the child."""

from __future__ import annotations

import gc
import multiprocessing
import threading

import pytest

from tc_callback import Client, Delivery, Product, Receiver, Settlement, UsageError, product_commands
from tc_callback.testing import Emulator, callback

URL = "https://example.com/callback"
REQUEST = callback("Room.CallbackAfterCreateRoom")


@pytest.fixture
def emulator():
    with Emulator(rate_limit=1_000_000) as emulator:
        yield emulator


def use(client: Client, receiver: Receiver, answers) -> None:
    with client, receiver, receiver.handle(REQUEST.query, REQUEST.body) as outcome:
        assert outcome.delivery is Delivery.NEW, "a child begins without events"
        outcome.settle(Settlement.TAKEN)
        answers.put((client.get_callback(Product.CALL).url, outcome.event.room.room_name))


can_fork = pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="skipped: this system cannot fork")


def leave_alone(outcome, receiver: Receiver, answers) -> None:
    said = []
    try:
        outcome.settle(Settlement.TAKEN)
    except UsageError as error:
        said.append(str(error))
    with outcome:
        said.append(outcome.http_status)
    del outcome
    gc.collect()
    said.append(receiver.handle(REQUEST.query, REQUEST.body).delivery.name)
    answers.put(said)


@can_fork
def test_an_outcome_of_the_parent_is_neither_settled_nor_released_by_a_child():
    context = multiprocessing.get_context("fork")
    receiver = Receiver(1400000000)
    outcome = receiver.handle(REQUEST.query, REQUEST.body)
    answers = context.SimpleQueue()
    child = context.Process(target=leave_alone, args=(outcome, receiver, answers))
    child.start()
    child.join(60)
    assert child.exitcode == 0
    assert answers.get() == [
        "the event was received by another process: settle its outcome there, claims do not pass a fork",
        503,
        "NEW",
    ]
    assert receiver.handle(REQUEST.query, REQUEST.body).delivery is Delivery.BUSY
    outcome.settle(Settlement.TAKEN)
    assert receiver.handle(REQUEST.query, REQUEST.body).delivery is Delivery.DONE


@can_fork
def test_handles_survive_fork_while_threads_are_inside_calls(emulator):
    context = multiprocessing.get_context("fork")
    client = Client(emulator.sdk_app_id, key=emulator.key, endpoint=emulator.endpoint, rate_limit=0)
    receiver = Receiver(emulator.sdk_app_id)
    client.ensure_callback(Product.CALL, URL, product_commands(Product.CALL))
    stop = threading.Event()

    def keep_calling() -> None:
        while not stop.is_set():
            client.get_callback(Product.CALL)
            receiver.handle(REQUEST.query, REQUEST.body)

    callers = [threading.Thread(target=keep_calling) for _ in range(3)]
    for caller in callers:
        caller.start()
    try:
        for _ in range(10):
            answers = context.SimpleQueue()
            child = context.Process(target=use, args=(client, receiver, answers))
            child.start()
            child.join(60)
            assert child.exitcode == 0
            assert answers.get() == (URL, "tandy-test-rest")
    finally:
        stop.set()
        for caller in callers:
            caller.join()
    assert client.get_callback(Product.CALL).url == URL

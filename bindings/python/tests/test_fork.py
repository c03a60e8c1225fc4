"""Handles that were made before fork work in the child."""

from __future__ import annotations

import multiprocessing
import threading

import pytest

from tc_callback import Client, Product, Receiver
from tc_callback.testing import Emulator, callback

URL = "https://example.com/callback"
REQUEST = callback("Room.CallbackAfterCreateRoom")


@pytest.fixture
def emulator():
    with Emulator(rate_limit=1_000_000) as emulator:
        yield emulator


def use(client: Client, receiver: Receiver, answers) -> None:
    with client, receiver:
        name = receiver.handle(REQUEST.query, REQUEST.body).event.room.room_name
        answers.put((client.get_callback(Product.CALL).url, name))


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="skipped: this system cannot fork")
def test_handles_survive_fork_while_threads_are_inside_calls(emulator):
    context = multiprocessing.get_context("fork")
    client = Client(emulator.sdk_app_id, key=emulator.key, endpoint=emulator.endpoint, rate_limit=0)
    receiver = Receiver(emulator.sdk_app_id)
    client.ensure_callback(Product.CALL, URL)
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

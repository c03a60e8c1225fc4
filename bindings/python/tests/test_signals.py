"""Ctrl-C and other signals while a call waits for Tencent: the deadline of the calls here is an hour away."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys

import pytest
from conftest import PATIENCE_S, PROJECT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="skipped: signals are sent by kill, which Windows lacks")

SETTING = """
import asyncio, os, signal, sys, threading, time
from tc_callback import AsyncClient, Client, Product, TcCallbackError

options = {"key": "k" * 64, "endpoint": sys.argv[1], "timeout_ms": 3_600_000, "attempts": 1}
URL, COMMANDS = "https://example.com/", ["Call.CallbackAfterEndCall"]
"""
OPERATIONS = [
    "set_callback(Product.CALL, URL, COMMANDS)",
    "update_callback(Product.CONFERENCE, URL, ['Room.CallbackAfterCreateRoom'])",
    "ensure_callback(Product.CALL, URL, COMMANDS)",
    "get_callback(Product.CALL)",
    "delete_callback(Product.CALL)",
]


class Waiting:
    """A Python that calls a server which takes the connection and answers nothing until it is told to."""

    def __init__(self, program: str) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        command = [sys.executable, "-c", SETTING + program, endpoint]
        self.process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._server.settimeout(PATIENCE_S)
        self.connection = self._server.accept()[0]
        # The request has come: the call waits for its answer.
        self.connection.settimeout(PATIENCE_S)
        assert self.connection.recv(1)

    def answers(self) -> None:
        config = b'{"Url":"https://a.b/","CallbackCommandList":["Call.CallbackAfterEndCall"]}'
        body = b'{"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":"","RequestId":"r","Response":%s}' % config
        self.connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    def ends(self) -> tuple[int, str, str]:
        said, errors = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, said, errors


@pytest.fixture
def waiting():
    started: list[Waiting] = []

    def start(program: str) -> Waiting:
        started.append(Waiting(program))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()
        one.connection.close()
        one._server.close()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_ctrl_c_ends_every_call_at_once(waiting, operation):
    called = waiting(f"Client(1, **options).{operation}")
    called.process.send_signal(signal.SIGINT)
    code, _, errors = called.ends()
    assert "KeyboardInterrupt" in errors
    assert code in (-signal.SIGINT, 130)


def test_after_ctrl_c_the_client_is_as_good_as_before_and_no_thread_is_left(waiting):
    called = waiting("""
client = Client(1, **options)
try:
    client.get_callback(Product.CALL)
except KeyboardInterrupt:
    print(threading.active_count(), flush=True)
try:
    client.with_timeout_ms(1).get_callback(Product.CALL)
except TcCallbackError as error:
    print(error.code.name)
""")
    called.process.send_signal(signal.SIGINT)
    assert called.ends() == (0, "1\nTIMEOUT\n", "")


def test_what_a_handler_of_sigterm_raises_ends_a_call_at_once(waiting):
    called = waiting("""
signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
Client(1, **options).get_callback(Product.CALL)
""")
    called.process.send_signal(signal.SIGTERM)
    assert called.ends()[0] == 7


def test_sigterm_without_a_handler_ends_the_process_at_once(waiting):
    called = waiting("Client(1, **options).get_callback(Product.CALL)")
    called.process.send_signal(signal.SIGTERM)
    assert called.ends()[0] == -signal.SIGTERM


def test_a_handler_that_raises_nothing_runs_at_once_and_the_call_goes_on(waiting):
    called = waiting("""
signal.signal(signal.SIGUSR1, lambda *_: print("handled", flush=True))
print(Client(1, **options).get_callback(Product.CALL).url)
""")
    called.process.send_signal(signal.SIGUSR1)
    assert called.process.stdout.readline() == "handled\n"
    called.answers()
    assert called.ends() == (0, "https://a.b/\n", "")


def test_a_call_of_another_thread_needs_no_further_thread_and_leaves_the_main_one_to_signals(waiting):
    called = waiting(
        """
def call():
    Client(1, **options).get_callback(Product.CALL)

try:
    threading.Thread(target=call, daemon=True).start()
    while True:
        time.sleep(PATIENCE)
except KeyboardInterrupt:
    print(threading.active_count())
""".replace("PATIENCE", str(PATIENCE_S))
    )
    called.process.send_signal(signal.SIGINT)
    assert called.ends() == (0, "2\n", "")


def test_ctrl_c_cancels_a_call_that_asyncio_awaits(waiting):
    called = waiting("""
async def main():
    async with AsyncClient(1, **options) as client:
        await client.get_callback(Product.CALL)

asyncio.run(main())
""")
    called.process.send_signal(signal.SIGINT)
    code, _, errors = called.ends()
    assert "KeyboardInterrupt" in errors
    assert code in (-signal.SIGINT, 130)


def test_a_call_of_the_main_thread_says_what_failed_as_any_other(waiting):
    called = waiting("""
try:
    Client(1, **options).get_callback(Product.CALL)
except TcCallbackError as error:
    print(type(error).__name__, error.code.name, threading.active_count())
""")
    called.connection.close()
    assert called.ends() == (0, "UnreachableError CONNECTION 1\n", "")


def test_where_no_thread_can_be_had_the_call_is_made_all_the_same(waiting):
    called = waiting("""
def start(_thread):
    raise RuntimeError("can't start new thread")

threading.Thread.start = start
print(Client(1, **options).get_callback(Product.CALL).url)
""")
    called.answers()
    assert called.ends() == (0, "https://a.b/\n", "")


def test_a_call_at_the_end_of_the_process_is_made_all_the_same(waiting):
    called = waiting("""
import atexit
client = Client(1, **options)
atexit.register(lambda: print(client.get_callback(Product.CALL).url))
""")
    called.answers()
    assert called.ends() == (0, "https://a.b/\n", "")

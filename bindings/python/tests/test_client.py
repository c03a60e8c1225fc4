"""The client against the emulator."""

from __future__ import annotations

import asyncio
import gc
import logging
import pickle
import socket
import threading

import pytest
from conftest import SECRETS

from tc_callback import (
    AsyncClient,
    Cancel,
    Change,
    Client,
    Command,
    Level,
    Product,
    RefusedError,
    Status,
    UnreachableError,
    UsageError,
    _log,
    product_commands,
)
from tc_callback.testing import Emulator

URL = "https://example.com/callback"
CREATE = "Room.CallbackAfterCreateRoom"


@pytest.fixture
def emulator():
    """One of its own, since what is configured is kept."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def client(emulator):
    with Client(emulator.sdk_app_id, key=emulator.key, endpoint=emulator.endpoint) as client:
        yield client


def test_ensure_creates_then_finds_unchanged_then_updates(client):
    created = client.ensure_callback(Product.CONFERENCE, URL, [Command.ROOM_AFTER_CREATE_ROOM])
    assert (created.change, created.previous) == (Change.CREATED, None)
    assert created.request_id
    assert client.ensure_callback(Product.CONFERENCE, URL, [CREATE]).change is Change.UNCHANGED
    updated = client.ensure_callback(Product.CONFERENCE, URL, product_commands(Product.CONFERENCE))
    assert updated.change is Change.UPDATED
    assert (updated.previous.url, updated.previous.commands) == (URL, (CREATE,))
    assert client.get_callback(Product.CONFERENCE).commands == tuple(product_commands(Product.CONFERENCE))


def test_the_five_operations(client):
    assert client.set_callback(Product.CALL, URL, ["Call.CallbackAfterEndCall"]).http_status == 200
    assert client.get_callback(Product.CALL).url == URL
    assert client.delete_callback(Product.CALL).change is Change.DELETED
    client.set_callback(Product.CONFERENCE, URL, product_commands(Product.CONFERENCE))
    assert client.update_callback(Product.CONFERENCE, URL + "/2", [CREATE]).change is Change.UPDATED
    assert client.get_callback(Product.CONFERENCE).url == URL + "/2"


def test_a_refusal_has_tencents_words(client):
    with pytest.raises(RefusedError) as raised:
        client.get_callback(Product.CONFERENCE)
    error = raised.value
    assert (error.code, error.tencent_code, error.http_status, error.attempts) == (Status.NOT_FOUND, 100301, 200, 1)
    assert error.request_id
    assert error.tencent_info
    assert not error.retryable
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.code, copy.request_id, str(copy)) == (error.code, error.request_id, str(error))


def test_a_wrong_key_is_unauthorized_and_never_shown(emulator):
    with Client(emulator.sdk_app_id, key="not the key at all", endpoint=emulator.endpoint) as client:
        with pytest.raises(RefusedError) as raised:
            client.get_callback(Product.CALL)
        assert raised.value.code is Status.UNAUTHORIZED
        assert "not the key" not in repr(raised.value) + repr(client)


def test_nobody_listening_is_unreachable_and_retryable():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{taken.getsockname()[1]}"
        client = Client(1, key="k", endpoint=endpoint, attempts=1, timeout_ms=5000)
        with pytest.raises(UnreachableError) as raised:
            client.get_callback(Product.CALL)
    assert raised.value.code is Status.CONNECTION
    assert raised.value.retryable


def test_wrong_use_is_refused_before_anything_is_sent(client):
    for code, use in {
        Status.INVALID_URL: lambda: client.set_callback(Product.CALL, "example.com", ["Call.CallbackAfterEndCall"]),
        Status.EMPTY_COMMAND_LIST: lambda: client.set_callback(Product.CALL, URL, []),
        Status.UNKNOWN_COMMAND: lambda: client.set_callback(Product.CALL, URL, [CREATE]),
        Status.UNSUPPORTED_OPERATION: lambda: client.update_callback(Product.CALL, URL, product_commands(Product.CALL)),
    }.items():
        with pytest.raises(UsageError) as raised:
            use()
        assert (raised.value.code, raised.value.attempts) == (code, 0)
    with pytest.raises(UsageError, match=r"commands=\[command\]"):
        client.set_callback(Product.CONFERENCE, URL, CREATE)


def test_an_empty_key_says_where_to_find_it():
    with pytest.raises(UsageError) as raised:
        Client(1400000000, key="")
    assert str(raised.value) == "tc_client_options_set_key: the key is empty: copy the SecretKey from the console"
    with pytest.raises(UsageError, match="set_key or set_usersig: set one of the two"):
        Client(1400000000)


@pytest.mark.parametrize("case", SECRETS["refused"], ids=lambda case: repr(case["given"][:16]))
def test_a_key_that_is_certainly_a_mistake_is_refused_with_what_it_looks_like(case):
    with pytest.raises(UsageError, match=case["told"]) as raised:
        Client(1400000000, key=case["given"])
    assert raised.value.code is Status.INVALID_OPTION
    assert str(raised.value).startswith("tc_client_options_set_key: the key ")
    assert "5bd2850f" not in str(raised.value)


STRINGS = ("key", "usersig", "administrator", "endpoint", "ca_file", "crl_file", "proxy", "user_agent")


@pytest.mark.parametrize("name", STRINGS)
def test_an_option_that_is_a_string_is_refused_when_it_is_empty_or_of_another_type(name):
    other = {} if name in ("key", "usersig") else {"key": "0123456789abcdef"}
    with pytest.raises(UsageError, match=name) as raised:
        Client(1400000000, **{name: ""}, **other)
    assert raised.value.code is Status.INVALID_OPTION
    for value in (7, b"bytes", ["string"], ("string", "string")):
        with pytest.raises(TypeError, match=f"{name} must be a str, not "):
            Client(1400000000, **{name: value}, **other)


@pytest.mark.parametrize("commands", [b"Call.CallbackAfterStartCall", bytearray(b"x"), 7, 0, {CREATE: 1}, True, object()])
def test_commands_that_are_no_list_are_refused(client, commands):
    for write in (client.set_callback, client.update_callback, client.ensure_callback):
        with pytest.raises(TypeError, match="commands must be a list of str, not "):
            write(Product.CONFERENCE, URL, commands)


@pytest.mark.parametrize("command", [None, 7, b"Room.CallbackAfterCreateRoom", [CREATE]])
def test_a_command_of_another_type_is_refused_by_its_index(client, command):
    with pytest.raises(TypeError, match=r"commands\[1\] must be a str, not "):
        client.set_callback(Product.CONFERENCE, URL, [CREATE, command])


def test_an_empty_command_is_refused_even_where_unknown_ones_are_allowed(emulator):
    options = {"key": emulator.key, "endpoint": emulator.endpoint}
    with Client(emulator.sdk_app_id, allow_unknown_commands=True, **options) as client:
        for commands in ([""], [CREATE, ""], [f"{CREATE}\n"]):
            with pytest.raises(UsageError, match="empty or has white space") as raised:
                client.set_callback(Product.CONFERENCE, URL, commands)
            assert raised.value.code is Status.UNKNOWN_COMMAND


def test_unknown_commands_are_sent_if_allowed(emulator):
    options = {"key": emulator.key, "endpoint": emulator.endpoint}
    with Client(emulator.sdk_app_id, allow_unknown_commands=True, **options) as client, pytest.raises(RefusedError):
        client.set_callback(Product.CONFERENCE, URL, ["Room.CallbackAfterNothing"])


def test_the_log_goes_to_a_function_or_a_logger_and_is_let_go(emulator, caplog):
    lines = []
    options = {"key": emulator.key, "endpoint": emulator.endpoint}
    with Client(emulator.sdk_app_id, log=lambda level, line: lines.append((level, line)), **options) as client:
        gc.collect()
        client.ensure_callback(Product.CALL, URL, product_commands(Product.CALL))
    assert {level for level, _ in lines} <= set(Level)
    assert any("call_config" in line for _, line in lines)
    client = Client(1, log=logging.getLogger("mine"), **options)
    with caplog.at_level(logging.DEBUG, "mine"), client, pytest.raises(RefusedError):
        client.get_callback(Product.CALL)
    assert caplog.records
    assert emulator.key not in caplog.text + repr(lines)
    with pytest.raises(UsageError):
        Client(-1, log=print)
    gc.collect()
    assert not _log._held


def test_a_closed_client_says_so(client):
    client.close()
    with pytest.raises(UsageError, match="this Client is closed"):
        client.get_callback(Product.CALL)


def test_a_client_cannot_be_pickled_and_says_what_to_do(client):
    with pytest.raises(TypeError, match="make one in each process, or before the process forks"):
        pickle.dumps(client)


class Silence:
    """A server that takes connections and does not answer until it is told to."""

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.is_connected = threading.Event()
        self.connections = []
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def accept(self):
        self.connections.append(self.socket.accept()[0])
        self.is_connected.set()

    def end(self):
        self.connections[0].close()

    def __exit__(self, *_):
        self.socket.close()


def test_other_threads_run_while_a_call_waits():
    with Silence() as server, Client(1, key="k", endpoint=server.endpoint, attempts=1) as client:

        def call():
            with pytest.raises(UnreachableError):
                client.get_callback(Product.CALL)

        caller = threading.Thread(target=call)
        caller.start()
        # Had the call kept the GIL, this thread would come here only after the deadline.
        server.is_connected.wait()
        assert caller.is_alive()
        server.end()
        caller.join()


def test_a_client_with_an_earlier_deadline_keeps_it_and_outlives_the_first():
    with Silence() as server:
        first = Client(1, key="k", endpoint=server.endpoint, timeout_ms=3_600_000)
        with first.with_timeout_ms(1) as hasty:
            first.close()
            with pytest.raises(UnreachableError) as raised:
                hasty.get_callback(Product.CALL)
    assert raised.value.code is Status.TIMEOUT


def test_another_thread_gives_a_call_up():
    with Silence() as server, Client(1, key="k", endpoint=server.endpoint, timeout_ms=3_600_000) as client:
        cancel = Cancel()

        def give_up():
            server.is_connected.wait()
            cancel.request()

        threading.Thread(target=give_up).start()
        with pytest.raises(UnreachableError, match=r"cancelled by the caller.*may have been made all the same") as raised:
            client.with_cancel(cancel).set_callback(Product.CALL, URL, product_commands(Product.CALL))
        assert raised.value.code is Status.CANCELLED
        assert not raised.value.retryable
        cancel.close()
        with pytest.raises(UsageError):
            client.with_cancel(cancel)


def test_the_call_of_a_cancelled_task_is_given_up():
    async def cancelled(endpoint: str, is_connected: threading.Event) -> None:
        async with AsyncClient(1, key="k", endpoint=endpoint, timeout_ms=3_600_000) as client:
            waiting = asyncio.create_task(client.get_callback(Product.CALL))
            while not is_connected.is_set():
                await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting

    with Silence() as server:
        # The loop ends when its threads have: here after an hour, if the call went on.
        asyncio.run(cancelled(server.endpoint, server.is_connected))


def test_the_event_loop_runs_while_a_call_waits():
    async def both() -> int:
        with Silence() as server:
            async with AsyncClient(1, key="k", endpoint=server.endpoint, attempts=1) as client:
                waiting = asyncio.create_task(client.ensure_callback(Product.CALL, URL, product_commands(Product.CALL)))
                turns = 0
                while not server.is_connected.is_set():
                    turns += 1
                    await asyncio.sleep(0)
                assert not waiting.done()
                server.end()
                with pytest.raises(UnreachableError):
                    await waiting
                return turns

    assert asyncio.run(both()) > 0


def test_the_async_client_has_every_operation(emulator, client):
    async def all_of_them():
        async with AsyncClient(emulator.sdk_app_id, key=emulator.key, endpoint=emulator.endpoint) as mine:
            every = product_commands(Product.CONFERENCE)
            assert (await mine.ensure_callback(Product.CONFERENCE, URL, every)).change is Change.CREATED
            assert (await mine.get_callback(Product.CONFERENCE)).url == URL
            assert (await mine.update_callback(Product.CONFERENCE, URL, [CREATE])).change is Change.UPDATED
            assert (await mine.delete_callback(Product.CONFERENCE)).change is Change.DELETED
            assert (await mine.set_callback(Product.CALL, URL, product_commands(Product.CALL))).http_status == 200
        async with AsyncClient(client) as borrowed:
            assert (await borrowed.get_callback(Product.CALL)).url == URL
        assert not client.closed

    asyncio.run(all_of_them())


def test_greenlets_run_while_a_thread_of_gevents_calls():
    gevent = pytest.importorskip("gevent", reason="skipped: gevent is not installed: pip could not have it")
    with Silence() as server, Client(1, key="k", endpoint=server.endpoint, attempts=1) as client:
        calling = gevent.spawn(gevent.get_hub().threadpool.apply, client.get_callback, (Product.CALL,))
        turns = 0
        while not server.is_connected.is_set():
            turns += 1
            gevent.sleep(0.001)
        assert not calling.ready()
        server.end()
        with pytest.raises(UnreachableError):
            calling.get()
        assert turns > 0

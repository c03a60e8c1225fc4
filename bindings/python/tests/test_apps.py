"""What the apps answer, whatever the framework."""

from __future__ import annotations

import asyncio
import functools
import gc
import io
import json
import logging
import multiprocessing
import threading

import pytest
from conftest import PATIENCE_S

import tc_callback.asgi
import tc_callback.wsgi
from tc_callback import Receiver, ResultUnknownError, UsageError
from tc_callback.testing import SignedRequest, callback

REQUEST = callback("Room.CallbackAfterCreateRoom", token="t")
OK = {"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0}


class Wsgi:
    """A WSGI app as a server sees it."""

    def __init__(self, handler, **options) -> None:
        self.receiver = Receiver(1400000000, tokens=["t"], max_body_bytes=4096)
        self.app = tc_callback.wsgi.App(self.receiver, handler, **options)

    def send(self, request: SignedRequest, method: str = "POST", **environ: object) -> tuple[int, dict, dict]:
        answered = []
        stream = io.BytesIO(request.body)
        asked = {
            "REQUEST_METHOD": method,
            "PATH_INFO": "/callback",
            "QUERY_STRING": request.query,
            "CONTENT_LENGTH": str(len(request.body)),
            "wsgi.input": stream,
            **environ,
        }
        body = b"".join(self.app(asked, lambda status, headers: answered.append((status, dict(headers)))))
        ((status, headers),) = answered
        assert headers["Content-Length"] == str(len(body))
        return int(status.split()[0]), headers, json.loads(body)


class Asgi:
    """An ASGI app as a server sees it."""

    def __init__(self, handler, **options) -> None:
        self.receiver = Receiver(1400000000, tokens=["t"], max_body_bytes=4096)
        self.app = tc_callback.asgi.App(self.receiver, handler, **options)

    def send(self, request: SignedRequest, method: str = "POST", *, chunk: int = 100) -> tuple[int, dict, dict]:
        return asyncio.run(self.sent(request, method, chunk))

    async def sent(self, request: SignedRequest, method: str = "POST", chunk: int = 100) -> tuple[int, dict, dict]:
        scope = {"type": "http", "method": method, "path": "/callback", "query_string": request.query.encode(), "headers": []}
        pieces = [request.body[at : at + chunk] for at in range(0, len(request.body), chunk)]
        answers = []

        async def receive():
            piece = pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

        async def send(message):
            answers.append(message)

        await self.app(scope, receive, send)
        start, body = answers
        headers = {name.decode().title(): value.decode() for name, value in start["headers"]}
        return start["status"], headers, json.loads(body["body"])


BOTH = pytest.mark.parametrize("kind", [Wsgi, Asgi])


@BOTH
def test_an_event_is_handed_over_and_answered_as_tencent_asks(kind):
    events = []
    assert kind(events.append).send(REQUEST)[::2] == (200, OK)
    assert [event.room.room_name for event in events] == ["tandy-test-rest"]


@BOTH
def test_an_event_that_comes_again_is_answered_and_not_handled(kind):
    events = []
    app = kind(events.append)
    assert [app.send(REQUEST)[::2] for _ in range(3)] == [(200, OK)] * 3
    assert len(events) == 1


class Timeout(BaseException):
    """As gevent's: no Exception."""


# Raised on a thread of its own, none of them is anybody's but the handler's.
FAILURES = [ValueError, StopIteration, asyncio.CancelledError, SystemExit, KeyboardInterrupt, GeneratorExit, Timeout]


def failing_once(raised: type[BaseException], calls: list):
    def handler(event):
        calls.append(event)
        if len(calls) == 1:
            raise raised("the database is away")

    return handler


@BOTH
@pytest.mark.parametrize("raised", FAILURES)
def test_a_handler_that_raises_whatever_it_is_answered_503_and_asked_again(kind, raised, caplog):
    calls = []
    app = kind(failing_once(raised, calls))
    status, _, reply = app.send(REQUEST)
    assert (status, reply["ActionStatus"], reply["ErrorInfo"]) == (503, "FAIL", "the event was not taken: deliver it again")
    assert "Room.CallbackAfterCreateRoom tandy-test-rest: it was not taken" in caplog.text
    assert "the database is away" in caplog.text
    assert [app.send(REQUEST)[0] for _ in range(2)] == [200, 200]
    assert len(calls) == 2


@pytest.mark.parametrize("raised", [ValueError, asyncio.CancelledError, Timeout])
def test_a_handler_on_the_requests_own_thread_that_raises_is_answered_503_and_asked_again(raised):
    calls = []
    app = Wsgi(failing_once(raised, calls), deadline_s=None)
    assert [app.send(REQUEST)[0] for _ in range(3)] == [503, 200, 200]
    assert len(calls) == 2


@pytest.mark.parametrize("raised", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_what_ends_the_requests_own_thread_goes_on_to_the_server_and_releases_the_event(raised):
    calls = []
    app = Wsgi(failing_once(raised, calls), deadline_s=None)
    with pytest.raises(raised):
        app.send(REQUEST)
    assert app.send(REQUEST)[0] == 200
    assert len(calls) == 2


def test_gevents_greenlet_exit_goes_on_to_the_server_and_its_timeout_is_a_failure():
    gevent = pytest.importorskip("gevent", reason="skipped: gevent is not installed: pip could not have it")
    calls = []
    app = Wsgi(failing_once(gevent.GreenletExit, calls), deadline_s=None)
    with pytest.raises(gevent.GreenletExit):
        app.send(REQUEST)
    assert app.send(REQUEST)[0] == 200
    app = Wsgi(failing_once(lambda _: gevent.Timeout(1), []), deadline_s=None)
    assert [app.send(REQUEST)[0] for _ in range(2)] == [503, 200]


def awaited(raised: type[BaseException], calls: list):
    async def handler(event):
        await asyncio.sleep(0)
        failing_once(raised, calls)(event)

    return handler


@pytest.mark.parametrize("raised", [ValueError, asyncio.CancelledError, GeneratorExit, Timeout])
def test_a_coroutine_that_raises_is_answered_503_and_asked_again(raised):
    async def sent():
        calls = []
        app = Asgi(awaited(raised, calls))
        assert [(await app.sent(REQUEST))[0] for _ in range(3)] == [503, 200, 200]
        assert len(calls) == 2

    asyncio.run(sent())


@pytest.mark.parametrize("raised", [SystemExit, KeyboardInterrupt])
def test_what_ends_the_event_loop_ends_it_and_releases_the_event(raised):
    calls = []
    app = Asgi(awaited(raised, calls))
    with pytest.raises(raised):
        app.send(REQUEST)
    assert app.send(REQUEST)[0] == 200
    assert len(calls) == 2


@BOTH
def test_a_result_that_is_unknown_is_answered_503_and_the_event_not_handled_again(kind, caplog):
    calls = []
    app = kind(failing_once(ResultUnknownError, calls))
    assert [app.send(REQUEST)[0] for _ in range(2)] == [503, 503]
    assert len(calls) == 1
    assert "it is not known whether it was taken" in caplog.text


@BOTH
@pytest.mark.parametrize("deadline_s", [None, 60])
@pytest.mark.parametrize(("fails", "answers", "handled"), [(True, [503, 503, 200], 2), (False, [200, 503, 200], 1)])
def test_a_copy_that_comes_while_the_event_is_handled_is_answered_503(kind, deadline_s, fails, answers, handled):
    """Before, it was answered with 200, and the event lost when the handler then failed."""
    has_begun, may_end, calls = threading.Event(), threading.Event(), []

    def handler(event):
        calls.append(event)
        if len(calls) == 1:
            has_begun.set()
            may_end.wait(PATIENCE_S)
            if fails:
                raise ValueError("the database is away")

    app = kind(handler, deadline_s=deadline_s)

    def sent_by_threads():
        found = []
        first = threading.Thread(target=lambda: found.append(app.send(REQUEST)[0]))
        first.start()
        assert has_begun.wait(PATIENCE_S)
        second = app.send(REQUEST)[0]
        may_end.set()
        first.join()
        return [*found, second, app.send(REQUEST)[0]]

    async def sent_by_tasks():
        first = asyncio.create_task(app.sent(REQUEST))
        await asyncio.to_thread(has_begun.wait, PATIENCE_S)
        second = (await app.sent(REQUEST))[0]
        may_end.set()
        return [(await first)[0], second, (await app.sent(REQUEST))[0]]

    assert (sent_by_threads() if kind is Wsgi else asyncio.run(sent_by_tasks())) == answers
    assert len(calls) == handled


@pytest.mark.parametrize(("fails", "answers", "handled"), [(True, [503, 503, 200], 2), (False, [200, 503, 200], 1)])
def test_a_copy_that_comes_while_a_coroutine_handles_the_event_is_answered_503(fails, answers, handled):
    async def sent():
        has_begun, may_end, calls = asyncio.Event(), asyncio.Event(), []

        async def handler(event):
            calls.append(event)
            if len(calls) == 1:
                has_begun.set()
                await may_end.wait()
                if fails:
                    raise ValueError("the database is away")

        app = Asgi(handler, deadline_s=60)
        first = asyncio.create_task(app.sent(REQUEST))
        await has_begun.wait()
        second = (await app.sent(REQUEST))[0]
        may_end.set()
        assert [(await first)[0], second, (await app.sent(REQUEST))[0]] == answers
        assert len(calls) == handled

    asyncio.run(sent())


def test_a_request_that_is_cancelled_leaves_its_handler_running_and_the_event_claimed():
    async def sent():
        has_begun, may_end, calls = asyncio.Event(), asyncio.Event(), []

        async def handler(event):
            calls.append(event)
            has_begun.set()
            await may_end.wait()

        app = Asgi(handler)
        first = asyncio.create_task(app.sent(REQUEST))
        await has_begun.wait()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert (await app.sent(REQUEST))[0] == 503
        may_end.set()
        await app.app.drain()
        assert (await app.sent(REQUEST))[0] == 200
        assert len(calls) == 1

    asyncio.run(sent())


def test_a_loop_that_ends_while_a_coroutine_handles_an_event_releases_it():
    calls = []

    async def handler(event):
        calls.append(event)
        if len(calls) == 1:
            await asyncio.Event().wait()

    app = Asgi(handler, deadline_s=0.01)
    # asyncio.run cancels what still runs.
    assert app.send(REQUEST)[0] == 503
    assert app.send(REQUEST)[0] == 200
    assert len(calls) == 2


@BOTH
def test_a_forged_request_is_answered_403_and_logged_without_the_token(kind, caplog):
    events = []
    status, _, reply = kind(events.append).send(callback("Room.CallbackAfterCreateRoom", token="another"))
    assert (status, reply["ActionStatus"], events) == (403, "FAIL", [])
    assert "refused with 403" in caplog.text


@BOTH
@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD"])
def test_anything_but_post_is_answered_405(kind, method):
    status, headers, _ = kind(print).send(REQUEST, method)
    assert (status, headers["Allow"]) == (405, "POST")


@BOTH
def test_a_body_over_the_limit_is_answered_413(kind):
    huge = SignedRequest(REQUEST.query, b"x" * 100_000)
    assert kind(print).send(huge)[0] == 413


class Late:
    """A handler that goes on until it is told to end, and then fails, if it is to."""

    def __init__(self, fails: bool) -> None:
        self.fails = fails
        self.calls = 0
        self.may_end = threading.Event()

    def __call__(self, _event) -> None:
        self.calls += 1
        if self.calls == 1:
            assert self.may_end.wait(PATIENCE_S)
            if self.fails:
                raise ValueError("the database is away")


def answers_of_a_late_handler(kind, handler: Late, **options) -> list[int]:
    """At the deadline; to a copy, while the handler still runs; and to another, when it has ended."""
    app = kind(handler, deadline_s=0.01, **options)

    def by_threads() -> list[int]:
        before = [app.send(REQUEST)[0] for _ in range(2)]
        (run,) = next(iter(app.app._running.values()))
        handler.may_end.set()
        assert run.finished.wait(PATIENCE_S)
        return [*before, app.send(REQUEST)[0]]

    async def by_tasks() -> list[int]:
        before = [(await app.sent(REQUEST))[0] for _ in range(2)]
        handler.may_end.set()
        await app.app.drain()
        return [*before, (await app.sent(REQUEST))[0]]

    return by_threads() if kind is Wsgi else asyncio.run(by_tasks())


@BOTH
def test_a_late_handler_is_answered_503_until_it_has_taken_the_event(kind, caplog):
    handler = Late(fails=False)
    assert answers_of_a_late_handler(kind, handler) == [503, 503, 200]
    assert handler.calls == 1
    assert "is still being handled after 0.01 s; answered 503, until the handler has returned" in caplog.text


@BOTH
def test_a_late_handler_that_fails_is_asked_again(kind, caplog):
    handler = Late(fails=True)
    assert answers_of_a_late_handler(kind, handler) == [503, 503, 200]
    assert handler.calls == 2
    assert "the database is away" in caplog.text


@BOTH
def test_late_failures_are_lost_by_an_option_that_says_so_and_by_no_other(kind, caplog):
    handler = Late(fails=True)
    assert answers_of_a_late_handler(kind, handler, may_lose_late_failures=True) == [200, 503, 200]
    assert "answered 200: lost, should the handler fail" in caplog.text
    assert "the database is away" in caplog.text


@BOTH
def test_with_no_room_for_another_handler_the_answer_is_503_and_the_event_asked_again(kind, caplog):
    handler = Late(fails=False)
    app = kind(handler, deadline_s=0.01, max_running=1)
    second = callback("Room.CallbackAfterCreateRoom", {"RoomInfo": {"RoomId": "r2"}}, token="t")

    async def by_tasks() -> list[int]:
        answers = [(await app.sent(request))[0] for request in (REQUEST, second)]
        handler.may_end.set()
        await app.app.drain()
        return [*answers, (await app.sent(second))[0]]

    def by_threads() -> list[int]:
        answers = [app.send(request)[0] for request in (REQUEST, second)]
        (run,) = next(iter(app.app._running.values()))
        handler.may_end.set()
        assert run.finished.wait(PATIENCE_S)
        return [*answers, app.send(second)[0]]

    assert (by_threads() if kind is Wsgi else asyncio.run(by_tasks())) == [503, 503, 200]
    assert "r2 was not handled: 1 handlers still run" in caplog.text
    assert handler.calls == 2


@BOTH
def test_two_hundred_events_leave_no_handler_and_no_object(kind):
    events = []
    app = kind(events.append, max_running=2)
    requests = [callback("Room.CallbackAfterCreateRoom", {"RoomInfo": {"RoomId": f"r{n}"}}, token="t") for n in range(200)]

    async def by_tasks() -> list[int]:
        return [(await app.sent(request))[0] for request in requests]

    answers = [app.send(request)[0] for request in requests] if kind is Wsgi else asyncio.run(by_tasks())
    assert answers == [200] * 200
    assert len(events) == 200
    gc.collect()
    assert not [thing for thing in gc.get_objects() if isinstance(thing, (tc_callback.Outcome, tc_callback.wsgi._Run))]


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="skipped: this system cannot fork")
def test_a_forked_child_has_room_for_its_own_handlers_while_the_parents_run():
    handler = Late(fails=False)
    app = Wsgi(handler, deadline_s=0.01, max_running=1)
    assert app.send(REQUEST)[0] == 503
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    child = context.Process(target=lambda: answers.put(app.send(REQUEST)[0]))
    child.start()
    child.join(PATIENCE_S)
    handler.may_end.set()
    assert (child.exitcode, answers.get()) == (0, 200)


@pytest.mark.parametrize("raised", [RuntimeError("can't start new thread"), KeyboardInterrupt()])
def test_a_thread_that_cannot_be_started_leaves_no_event_claimed(monkeypatch, caplog, raised):
    def start(_thread):
        raise raised

    events = []
    app = Wsgi(events.append)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", start)
        if isinstance(raised, RuntimeError):
            assert app.send(REQUEST)[0] == 503
            assert "can't start new thread" in caplog.text
        else:
            with pytest.raises(KeyboardInterrupt):
                app.send(REQUEST)
    raised.__traceback__ = None
    gc.collect()
    assert app.send(REQUEST)[0] == 200
    assert len(events) == 1


def test_a_coroutine_function_is_refused_where_nobody_awaits_it(caplog):
    async def handler(_event):
        raise AssertionError("nobody awaits it")

    class Handler:
        async def __call__(self, event):
            await handler(event)

    for wrong in (handler, Handler(), functools.partial(handler)):
        with pytest.raises(TypeError, match=r"handler is a coroutine function.*use tc_callback\.asgi\.App"):
            Wsgi(wrong)
    # What cannot be seen before it is called is a failure, and not an event that nobody handled.
    for kind in (Wsgi, Asgi):
        assert kind(lambda event: handler(event)).send(REQUEST)[0] == 503
        assert "a function that has handled the event when it returns, not coroutine" in caplog.text


@BOTH
@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        ({"receiver": 1400000000}, TypeError, "receiver must be a Receiver, not int"),
        ({"receiver": None}, TypeError, "receiver must be a Receiver, not None"),
        ({"handler": None}, TypeError, "handler must be a function, not None"),
        ({"handler": "print"}, TypeError, "handler must be a function, not str"),
        ({"deadline_s": "1.5"}, TypeError, "deadline_s must be a number of seconds, not str"),
        ({"deadline_s": True}, TypeError, "deadline_s must be a number of seconds, not bool"),
        ({"deadline_s": 0}, UsageError, "deadline_s is 0; it must be more than 0 seconds"),
        ({"deadline_s": -1}, UsageError, "deadline_s is -1"),
        ({"deadline_s": float("nan")}, UsageError, "deadline_s is nan"),
        ({"deadline_s": float("inf")}, UsageError, "deadline_s is inf"),
        ({"max_running": "64"}, TypeError, "max_running must be an int, not str"),
        ({"max_running": None}, TypeError, "max_running must be an int, not None"),
        ({"max_running": True}, TypeError, "max_running must be an int, not bool"),
        ({"max_running": 0}, UsageError, "max_running is 0; it must be from 1"),
        ({"may_lose_late_failures": 1}, TypeError, "may_lose_late_failures must be a bool, not int"),
        ({"may_lose_late_failures": None}, TypeError, "may_lose_late_failures must be a bool, not None"),
    ],
)
def test_an_argument_of_an_app_is_refused_by_its_name(kind, arguments, error, told):
    app = type(kind(print).app)
    wanted = {"receiver": Receiver(1), "handler": print, **arguments}
    with pytest.raises(error, match=told):
        app(wanted.pop("receiver"), wanted.pop("handler"), **wanted)


@pytest.mark.parametrize("module", [tc_callback.wsgi, tc_callback.asgi])
def test_an_argument_of_mount_is_refused_by_its_name(module):
    app = module.App(Receiver(1), print)
    for arguments, error, told in [
        ((None, "/callback", app), TypeError, "application must be a function, not None"),
        ((print, None, app), TypeError, "path must be a str, not None"),
        ((print, "callback", app), UsageError, "path is 'callback'; it must begin with a slash"),
        ((print, "/callback", print), TypeError, "app must be a tc_callback"),
    ]:
        with pytest.raises(error, match=told):
            module.mount(*arguments)


def test_a_query_that_is_no_latin_1_is_refused_and_not_an_error_of_the_server():
    assert Wsgi(print).send(REQUEST, QUERY_STRING="SdkAppid=\udcff\ud800&x=名")[0] == 400


def test_without_a_deadline_the_handler_runs_on_the_requests_thread():
    threads = []
    assert Wsgi(lambda _event: threads.append(threading.current_thread()), deadline_s=None).send(REQUEST)[0] == 200
    assert threads == [threading.current_thread()]


def test_a_handler_may_be_a_coroutine_function_or_an_object_with_one():
    class Handler:
        def __init__(self):
            self.events = []

        async def __call__(self, event):
            await asyncio.sleep(0)
            self.events.append(event)

    handler = Handler()
    assert Asgi(handler).send(REQUEST)[0] == 200
    assert len(handler.events) == 1


@pytest.mark.parametrize("kind", [Wsgi])
def test_a_body_that_was_read_before_is_said_in_a_sentence(kind, caplog):
    status, _, reply = kind(print).send(REQUEST, **{"wsgi.input": io.BytesIO(b"")})
    assert status == 500
    assert reply["ErrorInfo"].startswith(
        "the body was read before it reached tc_callback: a framework or a middleware has parsed it."
    )
    assert "Receiver.handle" in caplog.text


def test_a_body_that_asgi_middleware_has_read_is_said_in_a_sentence():
    async def sent():
        scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": [(b"content-length", b"9")]}
        answers = []

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            answers.append(message)

        await Asgi(print).app(scope, receive, send)
        return answers

    start, body = asyncio.run(sent())
    assert start["status"] == 500
    assert b"the body was read before it reached tc_callback" in body["body"]


def test_a_body_without_a_length_is_read_if_the_server_ends_it():
    events = []
    app = Wsgi(events.append)
    assert app.send(REQUEST, CONTENT_LENGTH="", **{"wsgi.input_terminated": True})[0] == 200
    assert app.send(REQUEST, CONTENT_LENGTH="")[0] == 400
    assert len(events) == 1


def test_a_client_that_goes_away_is_not_answered():
    async def sent():
        async def receive():
            return {"type": "http.disconnect"}

        async def send(_message):
            raise AssertionError("nobody is there")

        scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": []}
        await Asgi(print).app(scope, receive, send)

    asyncio.run(sent())


def test_the_servers_lifespan_waits_for_the_handlers(caplog):
    caplog.set_level(logging.INFO)

    async def lived():
        app = Asgi(print).app
        asked, answered = ["lifespan.startup", "lifespan.shutdown"], []

        async def receive():
            return {"type": asked.pop(0)}

        async def send(message):
            answered.append(message["type"])

        await app({"type": "lifespan"}, receive, send)
        return answered

    assert asyncio.run(lived()) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_mount_leaves_every_other_path_to_the_application():
    def application(environ, start_response):
        start_response("204 No Content", [])
        return [environ["PATH_INFO"].encode()]

    mounted = tc_callback.wsgi.mount(application, "/callback", Wsgi(print).app)
    assert mounted({"PATH_INFO": "/callbacks"}, lambda *_: None) == [b"/callbacks"]
    assert b"FAIL" in mounted({"PATH_INFO": "/callback", "REQUEST_METHOD": "GET"}, lambda *_: None)[0]

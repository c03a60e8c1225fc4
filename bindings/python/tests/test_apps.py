"""What the apps answer, whatever the framework."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import threading

import pytest

import tc_callback.asgi
import tc_callback.wsgi
from tc_callback import Receiver
from tc_callback.testing import SignedRequest, callback

REQUEST = callback("Room.CallbackAfterCreateRoom", token="t")


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
    assert kind(events.append).send(REQUEST)[::2] == (200, {"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0})
    assert [event.room.room_name for event in events] == ["tandy-test-rest"]


@BOTH
def test_an_event_that_comes_again_is_answered_and_not_handled(kind):
    events = []
    app = kind(events.append)
    assert [app.send(REQUEST)[0] for _ in range(2)] == [200, 200]
    assert len(events) == 1


@BOTH
def test_a_handler_that_raises_is_answered_500_and_asked_again(kind, caplog):
    calls = []

    def handler(event):
        calls.append(event)
        if len(calls) == 1:
            raise ValueError("the database is away")

    app = kind(handler)
    status, _, reply = app.send(REQUEST)
    assert (status, reply["ActionStatus"], reply["ErrorInfo"]) == (500, "FAIL", "the event could not be taken")
    assert "the database is away" in caplog.text
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


@BOTH
def test_a_handler_that_is_late_is_answered_ok_and_goes_on(kind, caplog):
    may_go_on, has_ended = threading.Event(), threading.Event()

    def handler(_event):
        may_go_on.wait()
        has_ended.set()

    app = kind(handler, deadline_s=0.01)

    def send():
        assert app.send(REQUEST)[0] == 200
        assert not has_ended.is_set()
        may_go_on.set()
        has_ended.wait()

    async def sent():
        assert (await app.sent(REQUEST))[0] == 200
        assert not has_ended.is_set()
        may_go_on.set()
        await app.app.drain()
        assert has_ended.is_set()

    if kind is Wsgi:
        send()
    else:
        asyncio.run(sent())
    assert "is still being handled after 0.01 s; answered OK" in caplog.text


@BOTH
def test_with_no_room_for_another_handler_the_answer_is_500(kind, caplog):
    status, _, _ = kind(print, max_running=0).send(REQUEST)
    assert status == 500
    assert "was not handled: 0 handlers still run" in caplog.text


def test_a_thread_that_cannot_be_started_is_answered_500_and_asked_again(monkeypatch, caplog):
    def start(_thread):
        raise RuntimeError("can't start new thread")

    events = []
    app = Wsgi(events.append)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", start)
        assert app.send(REQUEST)[0] == 500
    assert "can't start new thread" in caplog.text
    assert app.send(REQUEST)[0] == 200
    assert len(events) == 1


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

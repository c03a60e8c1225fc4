"""An ASGI app that takes callbacks: for Starlette, FastAPI, Django, Quart, uvicorn, hypercorn.

callbacks = tc_callback.asgi.App(receiver, handler)
app.add_route("/callback", callbacks)                                                           # Starlette, FastAPI
application = tc_callback.asgi.mount(get_asgi_application(), "/callback", callbacks)            # Django's asgi.py
"""

from __future__ import annotations

import asyncio
import inspect

from ._http import CONSUMED, FAILED, ONLY_POST, Answer, Intake, log

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from typing import Any

    from .events import Event
    from .receiver import Receiver

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

__all__ = ["App", "mount"]


class App:
    """Answers callbacks and hands each event to `handler`: a coroutine function of one Event, or a plain function, which runs on
    one of the event loop's threads.

    Tencent waits 2 seconds for the answer. When the handler returns within `deadline_s`, the answer is OK; when it raises, the
    answer is 500, and the event is forgotten, so that it is handled again should Tencent deliver it again. When it takes longer,
    the answer is OK at the deadline and the handler goes on; what it raises then is logged. Beyond `max_running` handlers at once
    the answer is 500. With `deadline_s=None` the answer waits for the handler.

    `await drain()` when your app shuts down, so that handlers come to their end; where this app is the whole application, the
    server's lifespan does it. An event that this process has had before is answered and not handled; with several processes,
    compare `duplicate_key` in a store that they share. Anything but POST is answered with 405, whatever the path. The logger is
    "tc_callback".
    """

    def __init__(
        self,
        receiver: Receiver,
        handler: Callable[[Event], Awaitable[object]] | Callable[[Event], object],
        *,
        deadline_s: float | None = 1.5,
        max_running: int = 64,
    ) -> None:
        self._intake = Intake(receiver, deadline_s, max_running)
        self._handler: Callable[[Event], Any] = handler
        is_async = inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(type(handler).__call__)
        self._run = self._await if is_async else self._run_on_a_thread
        self._running: set[asyncio.Task[bool]] = set()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answers a request."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            raise RuntimeError(f"callbacks are HTTP requests, not {scope['type']}")
        answer = await self._answer(scope, receive)
        if answer is not None:
            headers = [(name.lower().encode(), value.encode()) for name, value in answer.headers]
            await send({"type": "http.response.start", "status": answer.status, "headers": headers})
            await send({"type": "http.response.body", "body": answer.body})

    async def drain(self) -> None:
        """Waits for the handlers that still run."""
        while self._running:
            await asyncio.wait(self._running)

    async def _answer(self, scope: MutableMapping[str, Any], receive: Receive) -> Answer | None:
        if scope["method"] != "POST":
            return Answer.refusing(405, ONLY_POST)
        body = await _read(receive, self._intake.receiver.max_body_bytes + 1)
        if body is None:
            return None
        if not body and dict(scope["headers"]).get(b"content-length", b"0") != b"0":
            log.error("%s", CONSUMED)
            return Answer.refusing(500, CONSUMED)
        outcome = self._intake.receive(scope["query_string"], body)
        event = outcome.event
        if event is not None and not outcome.is_duplicate and not await self._handle(event):
            return Answer.refusing(500, FAILED)
        return Answer.of(outcome)

    async def _handle(self, event: Event) -> bool:
        """Whether the event was taken."""
        if self._intake.has_no_room(event, len(self._running)):
            return False
        task = asyncio.create_task(self._guarded(event))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        done, _ = await asyncio.wait({task}, timeout=self._intake.deadline_s)
        if not done:
            self._intake.is_late(event)
        return task.result() if done else True

    async def _guarded(self, event: Event) -> bool:
        try:
            await self._run(event)
        except Exception as error:
            self._intake.failed(event, error)
            return False
        return True

    async def _await(self, event: Event) -> None:
        await self._handler(event)

    async def _run_on_a_thread(self, event: Event) -> None:
        await asyncio.to_thread(self._handler, event)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await self.drain()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return


async def _read(receive: Receive, limit: int) -> bytes | None:
    """The body, up to a limit; None if the client went away."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False) or len(body) >= limit:
            return bytes(body[:limit])


def mount(application: Application, path: str, app: App) -> Application:
    """An application that hands requests for exactly this path to `app` and all others to `application`."""

    async def mounted(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        is_callback = scope["type"] == "http" and scope["path"] == path
        await (app if is_callback else application)(scope, receive, send)

    return mounted

"""An ASGI app that takes callbacks: for Starlette, FastAPI, Django, Quart, uvicorn, hypercorn.

callbacks = tc_callback.asgi.App(receiver, handler)
app.add_route("/callback", callbacks)                                                           # Starlette, FastAPI
application = tc_callback.asgi.mount(get_asgi_application(), "/callback", callbacks)            # Django's asgi.py
"""

from __future__ import annotations

import asyncio
import time

from ._arguments import function, instance
from ._arguments import path as checked_path
from ._http import CONSUMED, ONLY_POST, Answer, Intake, is_coroutine_function, log
from .words import Delivery, Settlement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from typing import Any

    from .events import Event
    from .receiver import Outcome, Receiver

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

__all__ = ["App", "mount"]


class App:
    """Answers callbacks and hands each event to `handler`, once: a coroutine function of one Event, or a plain function, which
    runs on one of the event loop's threads.

    The answer is 200 when the handler has returned: somebody has the event. When it raises, whatever it raises, the answer is
    503, and the event is handled again should Tencent deliver it again; after ResultUnknownError it is not, for 60 s. While an
    event is being handled, copies of it are answered with 503; once it was taken, with 200.

    Tencent waits 2 seconds for the answer. When the handler has not returned `deadline_s` after the request came, the answer is
    503 and the handler goes on: when it returns, the event counts as taken, and the next copy is answered with 200; when it
    raises, the next copy is handled. With `may_lose_late_failures=True` the answer is 200 at the deadline: Tencent then does not
    deliver the event again, and it is lost if the handler fails after that, which is logged. Beyond `max_running` handlers at
    once the answer is 503. With `deadline_s=None` the answer waits for the handler.

    A request that is cancelled leaves its handler running. SystemExit and KeyboardInterrupt of a coroutine function go on to the
    event loop, once the event is released.

    `await drain()` when your app shuts down, so that handlers come to their end; where this app is the whole application, the
    server's lifespan does it. Each process knows which events it has had; with several, compare `duplicate_key` in a store that
    they share. Anything but POST is answered with 405, whatever the path. The logger is "tc_callback".
    """

    def __init__(
        self,
        receiver: Receiver,
        handler: Callable[[Event], Awaitable[object]] | Callable[[Event], object],
        *,
        deadline_s: float | None = 1.5,
        max_running: int = 64,
        may_lose_late_failures: bool = False,
    ) -> None:
        self._intake = Intake(receiver, handler, deadline_s, max_running, may_lose_late_failures)
        self._run = self._await if is_coroutine_function(handler) else self._run_on_a_thread
        self._running: set[asyncio.Task[None]] = set()

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
        arrived = time.monotonic()
        if scope["method"] != "POST":
            return Answer.saying(405, ONLY_POST)
        body = await _read(receive, self._intake.receiver.max_body_bytes + 1)
        if body is None:
            return None
        if not body and dict(scope["headers"]).get(b"content-length", b"0") != b"0":
            log.error("%s", CONSUMED)
            return Answer.saying(500, CONSUMED)
        outcome = self._intake.receive(scope["query_string"], body)
        return await self._handled(outcome, arrived) if outcome.delivery is Delivery.NEW else Answer.of(outcome)

    async def _handled(self, outcome: Outcome, arrived: float) -> Answer:
        """The answer to a new event."""
        if len(self._running) >= self._intake.max_running:
            return self._intake.has_no_room(outcome)
        unsettled = Answer.of(outcome)
        # A task of its own: it goes on when the request is cancelled.
        task = asyncio.create_task(self._run(outcome))
        self._running.add(task)
        task.add_done_callback(self._ended)
        done, _ = await asyncio.wait({task}, timeout=self._intake.left_s(arrived))
        return Answer.of(outcome) if done else self._intake.late(outcome, unsettled)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            # Logged already.
            task.exception()

    async def _await(self, outcome: Outcome) -> None:
        try:
            await self._intake.handler(outcome.event)
        except BaseException as error:
            self._intake.failed(outcome, error)
            if not isinstance(error, Exception):
                # The event loop's, which ends a task, or itself, by it.
                raise
        else:
            outcome.settle(Settlement.TAKEN)

    async def _run_on_a_thread(self, outcome: Outcome) -> None:
        # The thread settles it: when this task is cancelled, the handler goes on.
        await asyncio.to_thread(self._intake.run, outcome)

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
    function("application", application)
    checked_path("path", path)
    instance("app", "a tc_callback.asgi.App", app, App)

    async def mounted(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        is_callback = scope["type"] == "http" and scope["path"] == path
        await (app if is_callback else application)(scope, receive, send)

    return mounted

"""A WSGI app that takes callbacks: for Flask, Django, gunicorn, uWSGI, wsgiref.

callbacks = tc_callback.wsgi.App(receiver, handler)
app.wsgi_app = tc_callback.wsgi.mount(app.wsgi_app, "/callback", callbacks)                       # Flask
application = tc_callback.wsgi.mount(get_wsgi_application(), "/callback", callbacks)            # Django's wsgi.py
"""

from __future__ import annotations

import os
import sys
import threading
import time

from ._arguments import function, instance
from ._arguments import path as checked_path
from ._http import CONSUMED, ONLY_POST, REASONS, Answer, Intake, is_coroutine_function, log
from .words import Delivery

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from .events import Event
    from .receiver import Outcome, Receiver

    Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

__all__ = ["App", "mount"]


class App:
    """Answers callbacks and hands each event to `handler`, a function of one Event, once.

    The answer is 200 when the handler has returned: somebody has the event. When it raises, whatever it raises, the answer is
    503, and the event is handled again should Tencent deliver it again; after ResultUnknownError it is not, for 60 s. While an
    event is being handled, copies of it are answered with 503; once it was taken, with 200.

    Tencent waits 2 seconds for the answer. The handler runs on a thread of its own. When it has not returned `deadline_s` after
    the request came, the answer is 503 and the handler goes on: when it returns, the event counts as taken, and the next copy is
    answered with 200; when it raises, the next copy is handled. With `may_lose_late_failures=True` the answer is 200 at the
    deadline: Tencent then does not deliver the event again, and it is lost if the handler fails after that, which is logged. The
    process does not end before its handlers do. Beyond `max_running` handlers at once the answer is 503.

    With `deadline_s=None` no thread is started: the handler runs on the request's own, and the answer waits for it. SystemExit,
    KeyboardInterrupt, GeneratorExit and gevent's GreenletExit then go on to the server, once the event is released.

    Each process knows which events it has had; with several, compare `duplicate_key` in a store that they share. Anything but POST
    is answered with 405, whatever the path. The logger is "tc_callback".
    """

    def __init__(
        self,
        receiver: Receiver,
        handler: Callable[[Event], object],
        *,
        deadline_s: float | None = 1.5,
        max_running: int = 64,
        may_lose_late_failures: bool = False,
    ) -> None:
        self._intake = Intake(receiver, handler, deadline_s, max_running, may_lose_late_failures)
        if is_coroutine_function(handler):
            raise TypeError("handler is a coroutine function, which a WSGI server cannot await: use tc_callback.asgi.App")
        if deadline_s is not None:
            _warn_of_stalled_threads()
        # The handlers that have not finished, by process: a fork leaves them to the parent. They are not asked whether they are
        # alive, since gevent may have replaced Python's threads in between.
        self._running: dict[int, set[_Run]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answers a request."""
        answer = self._answer(environ)
        start_response(f"{answer.status} {REASONS.get(answer.status, 'Internal Server Error')}", answer.headers)
        return [answer.body]

    def _answer(self, environ: dict[str, Any]) -> Answer:
        arrived = time.monotonic()
        if environ["REQUEST_METHOD"] != "POST":
            return Answer.saying(405, ONLY_POST)
        body = _read(environ, self._intake.receiver.max_body_bytes + 1)
        if body is None:
            log.error("%s", CONSUMED)
            return Answer.saying(500, CONSUMED)
        # PEP 3333: characters of Latin-1 stand for bytes.
        outcome = self._intake.receive(environ.get("QUERY_STRING", "").encode("latin-1", "replace"), body)
        return self._handled(outcome, arrived) if outcome.delivery is Delivery.NEW else Answer.of(outcome)

    def _handled(self, outcome: Outcome, arrived: float) -> Answer:
        """The answer to a new event."""
        intake = self._intake
        if intake.deadline_s is None:
            error = intake.run(outcome)
            if error is not None and _is_the_servers(error):
                raise error
            return Answer.of(outcome)
        unsettled = Answer.of(outcome)
        running = self._running.setdefault(os.getpid(), set())
        run = _Run(intake, outcome, running)
        running.add(run)
        try:
            if len(running) > intake.max_running:
                running.discard(run)
                return intake.has_no_room(outcome)
            run.start()
        except RuntimeError as error:
            running.discard(run)
            return intake.could_not_start(outcome, error)
        except BaseException:
            # If it has started, it settles the outcome. If not, the outcome is released with it.
            running.discard(run)
            raise
        is_finished = run.finished.wait(intake.left_s(arrived))
        return Answer.of(outcome) if is_finished else intake.late(outcome, unsettled)


class _Run:
    """A handler at work on one event."""

    def __init__(self, intake: Intake, outcome: Outcome, running: set[_Run]) -> None:
        self.finished = threading.Event()
        self._intake = intake
        self._outcome = outcome
        self._running = running

    def start(self) -> None:
        threading.Thread(target=self._work, name="tc_callback handler", daemon=False).start()

    def _work(self) -> None:
        try:
            self._intake.run(self._outcome)
        finally:
            self._running.discard(self)
            self.finished.set()


def _warn_of_stalled_threads() -> None:
    options = getattr(sys.modules.get("uwsgi"), "opt", {})
    if options and not {"enable-threads", "threads", "gevent"} & set(options):
        log.warning(
            "uWSGI runs threads during requests only: a handler that is late pauses until the next one. Start it with "
            "--enable-threads, or make the app with deadline_s=None"
        )


def _is_the_servers(error: BaseException) -> bool:
    """Whether it ends the thread or greenlet that it is raised in, and so is not for the app to keep."""
    greenlet = sys.modules.get("greenlet")
    return isinstance(error, (SystemExit, KeyboardInterrupt, GeneratorExit)) or (
        greenlet is not None and isinstance(error, greenlet.GreenletExit)
    )


def _read(environ: dict[str, Any], limit: int) -> bytes | None:
    """The body, up to a limit; None if somebody has read it before."""
    length = environ.get("CONTENT_LENGTH", "")
    stream = environ["wsgi.input"]
    if not length:
        return stream.read(limit) if environ.get("wsgi.input_terminated") else b""
    wanted = min(int(length), limit) if length.isdecimal() else 0
    body: bytes = stream.read(wanted)
    return None if wanted and not body else body


def mount(application: Application, path: str, app: App) -> Application:
    """An application that hands requests for exactly this path to `app` and all others to `application`."""
    function("application", application)
    checked_path("path", path)
    instance("app", "a tc_callback.wsgi.App", app, App)

    def mounted(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        is_callback = environ.get("PATH_INFO") == path
        return (app if is_callback else application)(environ, start_response)

    return mounted

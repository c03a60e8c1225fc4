"""A WSGI app that takes callbacks: for Flask, Django, gunicorn, uWSGI, wsgiref.

callbacks = tc_callback.wsgi.App(receiver, handler)
app.wsgi_app = tc_callback.wsgi.mount(app.wsgi_app, "/callback", callbacks)                       # Flask
application = tc_callback.wsgi.mount(get_wsgi_application(), "/callback", callbacks)            # Django's wsgi.py
"""

from __future__ import annotations

import threading

from ._http import CONSUMED, FAILED, ONLY_POST, REASONS, Answer, Intake, log

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from .events import Event
    from .receiver import Receiver

    Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

__all__ = ["App", "mount"]


class App:
    """Answers callbacks and hands each event to `handler`, a function of one Event.

    Tencent waits 2 seconds for the answer. The handler runs on a thread of its own; when it returns within `deadline_s`, the
    answer is OK; when it raises, the answer is 500, and the event is forgotten, so that it is handled again should Tencent deliver
    it again. When it takes longer, the answer is OK at the deadline and the handler goes on; what it raises then is logged. The
    process does not end before its handlers do. Beyond `max_running` handlers at once the answer is 500.

    With `deadline_s=None` no thread is started: the handler runs on the request's own, and the answer waits for it.

    An event that this process has had before is answered and not handled; with several processes, compare `duplicate_key` in a
    store that they share. Anything but POST is answered with 405, whatever the path. The logger is "tc_callback".
    """

    def __init__(
        self,
        receiver: Receiver,
        handler: Callable[[Event], object],
        *,
        deadline_s: float | None = 1.5,
        max_running: int = 64,
    ) -> None:
        self._intake = Intake(receiver, deadline_s, max_running)
        self._handler = handler
        self._running: set[_Run] = set()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answers a request."""
        answer = self._answer(environ)
        start_response(f"{answer.status} {REASONS.get(answer.status, 'Internal Server Error')}", answer.headers)
        return [answer.body]

    def _answer(self, environ: dict[str, Any]) -> Answer:
        if environ["REQUEST_METHOD"] != "POST":
            return Answer.refusing(405, ONLY_POST)
        body = _read(environ, self._intake.receiver.max_body_bytes + 1)
        if body is None:
            log.error("%s", CONSUMED)
            return Answer.refusing(500, CONSUMED)
        outcome = self._intake.receive(environ.get("QUERY_STRING", "").encode("latin-1"), body)
        event = outcome.event
        if event is not None and not outcome.is_duplicate and not self._handle(event):
            return Answer.refusing(500, FAILED)
        return Answer.of(outcome)

    def _handle(self, event: Event) -> bool:
        """Whether the event was taken."""
        run = _Run(self._intake, self._handler, event)
        if self._intake.deadline_s is None:
            run.run()
            return run.is_well
        # A process that was forked has none of its parent's threads.
        self._running = {run for run in self._running.copy() if run.is_alive()}
        if self._intake.has_no_room(event, len(self._running)):
            return False
        self._running.add(run)
        try:
            run.start()
        except RuntimeError as error:
            self._intake.failed(event, error)
            return False
        run.join(self._intake.deadline_s)
        if run.is_alive():
            self._intake.is_late(event)
        return run.is_well


class _Run(threading.Thread):
    """A handler at work on one event."""

    def __init__(self, intake: Intake, handler: Callable[[Event], object], event: Event) -> None:
        super().__init__(name="tc_callback handler", daemon=False)
        self.is_well = True
        self._intake = intake
        self._handler = handler
        self._event = event

    def run(self) -> None:
        try:
            self._handler(self._event)
        except Exception as error:
            self.is_well = False
            self._intake.failed(self._event, error)


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

    def mounted(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        is_callback = environ.get("PATH_INFO") == path
        return (app if is_callback else application)(environ, start_response)

    return mounted

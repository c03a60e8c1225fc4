"""What the WSGI and the ASGI app have in common."""

from __future__ import annotations

import inspect
import json
import logging
import time

from ._arguments import function, instance, seconds, unsigned, wrong_type
from .errors import ResultUnknownError
from .receiver import Receiver
from .words import Delivery, Settlement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .events import Event
    from .receiver import Outcome

log = logging.getLogger("tc_callback")
REASONS = {
    200: "OK",
    400: "Bad Request",
    403: "Forbidden",
    405: "Method Not Allowed",
    413: "Content Too Large",
    503: "Service Unavailable",
}
CONSUMED = (
    "the body was read before it reached tc_callback: a framework or a middleware has parsed it. Mount the app where requests "
    "are still untouched, or hand the raw bytes to Receiver.handle yourself"
)
ONLY_POST = "callbacks are posted"


class Answer:
    """What to send back."""

    def __init__(self, status: int, body: bytes, content_type: str = "application/json") -> None:
        self.status = status
        self.body = body
        self.headers = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
        if status == 405:
            self.headers.append(("Allow", "POST"))

    @classmethod
    def saying(cls, status: int, reason: str = "") -> Answer:
        word, code = ("OK", 0) if status == 200 else ("FAIL", -1)
        return cls(status, json.dumps({"ActionStatus": word, "ErrorInfo": reason, "ErrorCode": code}).encode())

    @classmethod
    def of(cls, outcome: Outcome) -> Answer:
        return cls(outcome.http_status, outcome.reply, outcome.content_type)


class Intake:
    """Takes requests in, and settles what becomes of their events."""

    def __init__(
        self,
        receiver: Receiver,
        handler: Callable[[Event], Any],
        deadline_s: float | None,
        max_running: int,
        may_lose_late_failures: bool,
    ) -> None:
        self.receiver = instance("receiver", "a Receiver", receiver, Receiver)
        self.handler = function("handler", handler)
        self.deadline_s = None if deadline_s is None else seconds("deadline_s", deadline_s)
        self.max_running = unsigned("max_running", max_running, 31, least=1)
        self.may_lose_late_failures = instance("may_lose_late_failures", "a bool", may_lose_late_failures, bool)

    def receive(self, query: bytes, body: bytes) -> Outcome:
        outcome = self.receiver.handle(query, body)
        event = outcome.event
        if event is None:
            log.warning("refused with %d: %s", outcome.http_status, outcome.error)
        elif outcome.delivery is not Delivery.NEW:
            what = "was taken before" if outcome.delivery is Delivery.DONE else "is being handled"
            log.info("delivered again: %s %s %s", event.command_word, event.duplicate_key, what)
        return outcome

    def left_s(self, arrived: float) -> float | None:
        """How long the answer to a request may wait that arrived at this moment of time.monotonic()."""
        return None if self.deadline_s is None else max(0.0, self.deadline_s - (time.monotonic() - arrived))

    def run(self, outcome: Outcome) -> BaseException | None:
        """Runs a plain handler, and settles the outcome with what comes of it: what the handler raised, if anything."""
        try:
            self.check_returned(self.handler(outcome.event))
        except BaseException as error:
            self.failed(outcome, error)
            return error
        outcome.settle(Settlement.TAKEN)
        return None

    def check_returned(self, returned: object) -> None:
        """A coroutine that nobody awaits has not handled anything."""
        if inspect.isawaitable(returned):
            if inspect.iscoroutine(returned):
                returned.close()
            raise wrong_type("handler", "a function that has handled the event when it returns", returned)

    def failed(self, outcome: Outcome, error: BaseException) -> None:
        """A handler raised."""
        is_unknown = isinstance(error, ResultUnknownError)
        outcome.settle(Settlement.UNKNOWN if is_unknown else Settlement.REFUSED)
        what = "it is not known whether it was taken" if is_unknown else "it was not taken"
        log.error("%s: %s", _name(outcome), what, exc_info=error)

    def could_not_start(self, outcome: Outcome, error: BaseException) -> Answer:
        """There is no thread for the handler."""
        self.failed(outcome, error)
        return Answer.of(outcome)

    def has_no_room(self, outcome: Outcome) -> Answer:
        outcome.settle(Settlement.REFUSED)
        log.error("%s was not handled: %d handlers still run", _name(outcome), self.max_running)
        return Answer.of(outcome)

    def late(self, outcome: Outcome, unsettled: Answer) -> Answer:
        """The handler still runs at the deadline; it settles the outcome when it ends."""
        answer = Answer.saying(200) if self.may_lose_late_failures else unsettled
        log.warning(
            "%s is still being handled after %s s; answered %d%s",
            _name(outcome),
            self.deadline_s,
            answer.status,
            ": lost, should the handler fail" if self.may_lose_late_failures else ", until the handler has returned",
        )
        return answer


def is_coroutine_function(handler: Callable[..., Any]) -> bool:
    return inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(type(handler).__call__)


def _name(outcome: Outcome) -> str:
    return f"{outcome.event.command_word} {outcome.event.subject}" if outcome.event else ""

"""What the WSGI and the ASGI app have in common."""

from __future__ import annotations

import json
import logging

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .events import Event
    from .receiver import Outcome, Receiver

log = logging.getLogger("tc_callback")
REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 405: "Method Not Allowed", 413: "Content Too Large"}
CONSUMED = (
    "the body was read before it reached tc_callback: a framework or a middleware has parsed it. Mount the app where requests "
    "are still untouched, or hand the raw bytes to Receiver.handle yourself"
)
ONLY_POST = "callbacks are posted"
FAILED = "the event could not be taken"


class Answer:
    """What to send back."""

    def __init__(self, status: int, body: bytes, content_type: str = "application/json") -> None:
        self.status = status
        self.body = body
        self.headers = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
        if status == 405:
            self.headers.append(("Allow", "POST"))

    @classmethod
    def refusing(cls, status: int, reason: str) -> Answer:
        return cls(status, json.dumps({"ActionStatus": "FAIL", "ErrorInfo": reason, "ErrorCode": -1}).encode())

    @classmethod
    def of(cls, outcome: Outcome) -> Answer:
        return cls(outcome.http_status, outcome.reply, outcome.content_type)


class Intake:
    """Takes requests in and keeps count of what becomes of their events."""

    def __init__(self, receiver: Receiver, deadline_s: float | None, max_running: int) -> None:
        self.receiver = receiver
        self.deadline_s = deadline_s
        self.max_running = max_running

    def receive(self, query: bytes, body: bytes) -> Outcome:
        outcome = self.receiver.handle(query, body)
        if outcome.error:
            log.warning("refused with %d: %s", outcome.http_status, outcome.error)
        elif outcome.is_duplicate and outcome.event:
            log.info("delivered again: %s %s", outcome.event.command_word, outcome.event.duplicate_key)
        return outcome

    def failed(self, event: Event, error: BaseException) -> None:
        """A handler raised: the same event, should it come again, is to be handled."""
        self.receiver.forget(event)
        log.error("%s %s could not be handled", event.command_word, event.subject, exc_info=error)

    def has_no_room(self, event: Event, running: int) -> bool:
        if running < self.max_running:
            return False
        self.receiver.forget(event)
        log.error("%s %s was not handled: %d handlers still run", event.command_word, event.subject, running)
        return True

    def is_late(self, event: Event) -> None:
        log.warning("%s %s is still being handled after %s s; answered OK", event.command_word, event.subject, self.deadline_s)

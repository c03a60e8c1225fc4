"""Inbound: a Receiver checks and parses what Tencent posts."""

from __future__ import annotations

from ctypes import byref, c_int, c_void_p, sizeof, string_at

from . import errors
from ._arguments import encoded, listed, raw, signed
from ._arguments import query as query_bytes
from ._handle import Handle, call, result_of
from ._header import tc_outcome, tc_request
from ._library import QUICK_BYTES, library, without_letting_others_in
from ._options import make
from .errors import TcCallbackError
from .events import event_at
from .words import Status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from .events import Event

__all__ = ["Outcome", "Receiver"]

_handle_quickly = without_letting_others_in("tc_receiver_handle", c_int)


class Outcome:
    """What to answer to a request, and what was received."""

    __slots__ = ("content_type", "error", "event", "http_status", "is_duplicate", "reply", "status")
    __match_args__ = ("event",)

    status: Status | int
    """Status.OK, or why the request was refused."""
    http_status: int
    """HTTP status to answer with: 200, 400, 403, 413 or 500."""
    reply: bytes
    """JSON to answer with."""
    content_type: str
    """Content-Type to answer with."""
    is_duplicate: bool
    """Whether this callback has been delivered before. It is answered alike."""
    event: Event | None
    """The event; None if the request was refused."""
    error: TcCallbackError | None
    """Why the request was refused; None if it was not."""

    def __init__(self, pointer: int) -> None:
        outcome = tc_outcome.from_address(pointer)
        self.error = errors.view(outcome.error) if outcome.error else None
        self.status = self.error.code if self.error else Status.OK
        self.http_status = outcome.http_status
        self.reply = string_at(outcome.reply.ptr, outcome.reply.len)
        self.content_type = string_at(outcome.content_type.ptr, outcome.content_type.len).decode()
        self.is_duplicate = outcome.is_duplicate == 1
        self.event = event_at(outcome.event, self.is_duplicate) if outcome.event else None

    def __repr__(self) -> str:
        return f"Outcome(status={self.status!r}, http_status={self.http_status}, event={self.event!r}, error={self.error!r})"


class Receiver(Handle):
    """Checks and parses the callbacks that Tencent posts to one application.

        receiver = Receiver(1400000000, tokens=[token])
        outcome = receiver.handle(query_string, body)
        # answer with outcome.http_status, outcome.content_type and outcome.reply; outcome.event is what happened

    tokens: the tokens one of which Sign must have been made with: two at once while a token is replaced. Without any, Sign is
        not asked for, and whoever can reach the URL can post events. One that is None, empty, or has white space, quotes, NAME= or
        the like around it is refused.
    sign_tolerance_s: how far RequestTime may be from the clock, in seconds. Default 60, the vendor's own figure.
    max_body_bytes: the largest body that is looked at. Default 1048576 (1 MiB).
    max_depth: how deep objects and arrays may be nested: at most 256. Default 127.
    max_elements: how many elements all lists of an event may have together. Default 65536.
    duplicate_window: how many events are remembered, and for how many seconds, to mark those that are delivered again.
        Default (10000, 600). 0 of either: none are marked. Each process has a window of its own.

    Raises UsageError with Status.INVALID_OPTION, and TypeError for a wrong type. Any number of threads may use one receiver, and
    so may processes that are forked after it was made.
    """

    def __init__(
        self,
        sdk_app_id: int,
        *,
        tokens: Iterable[str] = (),
        sign_tolerance_s: int | None = None,
        max_body_bytes: int | None = None,
        max_depth: int | None = None,
        max_elements: int | None = None,
        duplicate_window: tuple[int, int] | None = None,
    ) -> None:
        given = listed("tokens", tokens)
        for index, token in enumerate(given):
            encoded(f"tokens[{index}]", token)
        pointer = make(
            "receiver",
            sdk_app_id,
            [
                *(("add_token", token) for token in given),
                ("set_sign_tolerance_s", sign_tolerance_s),
                ("set_max_body_bytes", max_body_bytes),
                ("set_max_depth", max_depth),
                ("set_max_elements", max_elements),
                ("set_duplicate_window", duplicate_window),
            ],
        )
        self._own(pointer, library.tc_receiver_free)
        self.max_body_bytes: int = 1 << 20 if max_body_bytes is None else max_body_bytes

    def handle(self, query: str | bytes, body: bytes, *, now_s: int | None = None) -> Outcome:
        """Takes a request: checks size, query, SDKAppID, Sign and RequestTime, parses, looks for duplicates, in this order.

        `query` is the URL's query as received, percent-encoded (or a whole path); `body` the raw bytes of the body, not what a
        framework made of them. `now_s` is the time in seconds since 1970; by default the system's clock is read.

        A request that is refused has an outcome too, which says why and what to answer. Does no I/O and does not wait, so
        asynchronous code may call it.
        """
        query_raw, body_raw = query_bytes(query), raw("body", body)
        request = tc_request(
            sizeof(tc_request), query_raw, len(query_raw), body_raw, len(body_raw), 0 if now_s is None else signed("now_s", now_s)
        )
        owned = self._use()
        handle = _handle_quickly if len(query_raw) + len(body_raw) < QUICK_BYTES else library.tc_receiver_handle
        pointer = result_of(handle, c_void_p(owned.pointer), byref(request))
        try:
            return Outcome(pointer)
        finally:
            library.tc_outcome_free(pointer)

    def forget(self, event: Event) -> None:
        """Forgets that an event has been delivered, for when it could not be taken and is answered with an error: if Tencent
        delivers it again, it is then not marked as a duplicate."""
        key = (event.duplicate_key or "").encode()
        owned = self._use()
        call(library.tc_receiver_forget, owned.pointer, key, len(key))

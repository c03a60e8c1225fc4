"""Inbound: a Receiver checks and parses what Tencent posts."""

from __future__ import annotations

import os
from _thread import allocate_lock
from ctypes import byref, c_int, c_void_p, sizeof, string_at

from . import errors
from ._arguments import body as body_bytes
from ._arguments import encoded, enumerator, listed, signed
from ._arguments import query as query_bytes
from ._handle import Handle, call
from ._header import tc_outcome, tc_request
from ._library import QUICK_BYTES, library, without_letting_others_in
from ._options import make
from .errors import ResultUnknownError, TcCallbackError, UsageError
from .events import event_at
from .words import Delivery, Settlement, Status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from .events import Event

__all__ = ["Outcome", "Receiver"]

_handle_quickly = without_letting_others_in("tc_receiver_handle", c_int)


class _Held:
    """An outcome of the library, freed with this, which releases its event unless it was settled; a child of fork releases nothing.

    It is made before the library fills it, so that nothing that is raised in between leaves the event claimed."""

    __slots__ = ("lock", "pointer", "process")

    _free = staticmethod(library.tc_outcome_free)

    def __init__(self) -> None:
        self.pointer = c_void_p()
        # The library settles an outcome for one thread at a time.
        self.lock = allocate_lock()
        self.process = os.getpid()

    def __del__(self) -> None:
        self._free(self.pointer)

    def view(self) -> tc_outcome:
        return tc_outcome.from_address(self.pointer.value or 0)


class Outcome:
    """What to answer to a request, and what was received.

    An event whose `delivery` is NEW is yours: hand it over, `settle()` the outcome with what became of it, then answer. Until
    then `http_status` is 503, and copies of the event are BUSY. An outcome that is dropped unsettled releases its event, so that
    the next copy of it is NEW. As a context manager

        with receiver.handle(query, body) as outcome:
            if outcome.delivery is Delivery.NEW:
                take(outcome.event)
                outcome.settle(Settlement.TAKEN)

    it is released at the end, if it is not settled by then, and settled by an exception that leaves the block: as UNKNOWN by
    ResultUnknownError, as REFUSED by any other. It may be settled by another thread, and after the answer; but not by a process
    that was forked after the event was received.
    """

    __slots__ = ("__weakref__", "_answer", "_held", "_settlement", "content_type", "delivery", "error", "event", "status")
    __match_args__ = ("event",)

    status: Status | int
    """Status.OK, or why the request was rejected."""
    content_type: str
    """Content-Type to answer with."""
    delivery: Delivery
    """Whether the event is to be handled: if it is NEW."""
    event: Event | None
    """The event; None if the request was rejected."""
    error: TcCallbackError | None
    """Why the request was rejected; None if it was not."""

    def __init__(self, held: _Held) -> None:
        outcome = held.view()
        self.error = errors.view(outcome.error) if outcome.error else None
        self.status = self.error.code if self.error else Status.OK
        self.content_type = string_at(outcome.content_type.ptr, outcome.content_type.len).decode()
        self.delivery = Delivery(outcome.delivery)
        self.event = event_at(outcome.event) if outcome.event else None
        self._answer = _answer(outcome)
        self._settlement: Settlement | None = None
        # Kept as long as there is something to settle.
        self._held = held if self.delivery is Delivery.NEW else None

    @property
    def http_status(self) -> int:
        """HTTP status to answer with: 200, 400, 403, 413 or 503."""
        return self._answer[0]

    @property
    def reply(self) -> bytes:
        """JSON to answer with."""
        return self._answer[1]

    def settle(self, settlement: Settlement) -> None:
        """Reports what became of a NEW event, which decides `http_status` and `reply`: 200 for Settlement.TAKEN, otherwise 503.

        TAKEN: you have it, and copies of it are answered with 200. REFUSED: nothing happened, and the next copy of it is NEW.
        UNKNOWN: it cannot be known, as after a time-out towards a database: copies are BUSY for 60 s, or until it is settled
        again, which after UNKNOWN may be done once.

        Raises UsageError if the delivery is not NEW, if it was settled otherwise, or in a process that was forked after the event
        was received. Nothing has changed then.
        """
        enumerator("settlement", settlement, Settlement)
        if self.delivery is not Delivery.NEW:
            raise UsageError(f"nothing to settle: the delivery is {self.delivery.name}, and only NEW is settled")
        held = self._held
        if held is not None:
            if held.process != os.getpid():
                raise UsageError("the event was received by another process: settle its outcome there, claims do not pass a fork")
            with held.lock:
                if self._held is not None:
                    self._settle(held, settlement)
                    return
        if self._settlement is not settlement:
            settled = self._settlement.name if self._settlement else "REFUSED"
            raise UsageError(f"the outcome is settled as {settled} and cannot become {settlement.name}")

    def _settle(self, held: _Held, settlement: Settlement) -> None:
        call(library.tc_outcome_settle, held.pointer, int(settlement))
        self._answer = _answer(held.view())
        self._settlement = settlement
        if settlement is not Settlement.UNKNOWN:
            self._held = None

    def __enter__(self) -> Outcome:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        held = self._held
        if held is not None and self._settlement is None and held.process == os.getpid():
            try:
                self.settle(Settlement.UNKNOWN if isinstance(error, ResultUnknownError) else Settlement.REFUSED)
            except UsageError:
                # A signal's handler raised just after the block had settled it: what it raised goes on.
                return

    def __repr__(self) -> str:
        return (
            f"Outcome(delivery={self.delivery!r}, status={self.status!r}, http_status={self.http_status}, event={self.event!r}, "
            f"error={self.error!r})"
        )

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("an Outcome cannot be pickled: hand over its event, which can, and settle the outcome here")


def _answer(outcome: tc_outcome) -> tuple[int, bytes]:
    """Status and reply, which change together."""
    return outcome.http_status, string_at(outcome.reply.ptr, outcome.reply.len)


class Receiver(Handle):
    """Checks and parses the callbacks that Tencent posts to one application.

        receiver = Receiver(1400000000, tokens=[token])
        with receiver.handle(query, body) as outcome:
            if outcome.delivery is Delivery.NEW:
                take(outcome.event)
                outcome.settle(Settlement.TAKEN)
        # answer with outcome.http_status, outcome.content_type and outcome.reply

    tokens: the tokens one of which Sign must have been made with: two at once while a token is replaced. Without any, Sign is
        not asked for, and whoever can reach the URL can post events. One that is None, empty, or has white space, quotes, NAME= or
        the like around it is refused.
    sign_tolerance_s: how far RequestTime may be from the clock, in seconds. Default 60, the vendor's own figure.
    max_body_bytes: the largest body that is looked at. Default 1048576 (1 MiB).
    max_depth: how deep objects and arrays may be nested: at most 256. Default 127.
    max_elements: how many elements all lists of an event may have together. Default 65536.
    duplicate_window: how many events are remembered, and for how many seconds after they were taken, so that copies of them are not
        handled again. Default (10000, 600). (0, 0): none, and every event is NEW. Each process has a window of its own.

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
        """Takes a request: checks size, query, SDKAppID, Sign and RequestTime, parses, and claims the event, in this order.

        `query` is the URL's query as received, percent-encoded (or a whole path); `body` the raw bytes of the body, not what a
        framework made of them. `now_s` is the time in seconds since 1970; by default the system's clock is read.

        A request that is rejected has an outcome too, which says why and what to answer. An event that is NEW belongs to this
        request until its outcome is settled. Does no I/O and does not wait, so asynchronous code may call it.
        """
        query_raw, body_raw = query_bytes(query), body_bytes(body)
        request = tc_request(
            sizeof(tc_request), query_raw, len(query_raw), body_raw, len(body_raw), 0 if now_s is None else signed("now_s", now_s)
        )
        owned = self._use()
        handle = _handle_quickly if len(query_raw) + len(body_raw) < QUICK_BYTES else library.tc_receiver_handle
        held = _Held()
        call(handle, c_void_p(owned.pointer), byref(request), byref(held.pointer))
        return Outcome(held)

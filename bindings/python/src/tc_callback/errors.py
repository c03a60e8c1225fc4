"""Errors by category; `code` tells them apart within one.

TcCallbackError
    UsageError        the call itself is wrong: an argument, an option, a URL, a command (also a ValueError)
    UnreachableError  Tencent could not be asked: time, name, connection, TLS, proxy, HTTP
    RefusedError      Tencent was asked and said no
    CallbackError     a request is not a callback, or not one for this application
    UserSigError      a UserSig is malformed, expired, forged or for somebody else
    InternalError     a fault in the library, or memory could not be had

ResultUnknownError is none of these: a handler raises it.
"""

from __future__ import annotations

from ._header import TC_ABSENT, tc_error
from ._library import library
from ._memory import text
from .words import Status

__all__ = [
    "CallbackError",
    "InternalError",
    "RefusedError",
    "ResultUnknownError",
    "TcCallbackError",
    "UnreachableError",
    "UsageError",
    "UserSigError",
]


class TcCallbackError(Exception):
    """Why a call failed. Its text says what happened, where, and what to do; it never holds a key or a UserSig."""

    code: Status | int
    """What it came to, such as Status.TIMEOUT."""
    message: str
    """What happened, where, and what to do, in a sentence."""
    retryable: bool
    """Whether the same call may succeed later without any change."""
    http_status: int | None
    """HTTP status of the last answer; None when there was none."""
    attempts: int
    """How many requests were sent."""
    tencent_code: int | None
    """Tencent's `ErrorCode`; None when it did not answer."""
    tencent_info: str | None
    """Tencent's `ErrorInfo`."""
    request_id: str | None
    """Tencent's `RequestId`: quote it to their support."""
    offset: int | None
    """The byte of the input at which the error lies; None when there is none."""

    def __init__(
        self,
        message: str,
        code: Status | int = Status.INVALID_ARGUMENT,
        *,
        retryable: bool = False,
        http_status: int | None = None,
        attempts: int = 0,
        tencent_code: int | None = None,
        tencent_info: str | None = None,
        request_id: str | None = None,
        offset: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.retryable = retryable
        self.http_status = http_status
        self.attempts = attempts
        self.tencent_code = tencent_code
        self.tencent_info = tencent_info
        self.request_id = request_id
        self.offset = offset

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.message, self.code), self.__dict__


class UsageError(TcCallbackError, ValueError):
    """The call itself is wrong: an argument, an option, a URL or a command."""


class UnreachableError(TcCallbackError):
    """Tencent could not be asked, or its answer not be read. After a time-out or a lost connection a write may have succeeded."""


class RefusedError(TcCallbackError):
    """Tencent was asked and said no: `tencent_code` and `tencent_info` are its words."""


class CallbackError(TcCallbackError):
    """A request is not a callback, or not one for this application, or a value is not in it."""


class UserSigError(TcCallbackError):
    """A UserSig is malformed, expired, forged or for somebody else."""


class InternalError(TcCallbackError):
    """A fault in the library, which is reported with its message, or memory could not be had."""


class ResultUnknownError(Exception):
    """Raised by a handler of `tc_callback.wsgi` or `tc_callback.asgi`, or in a block with an Outcome: it cannot be known whether
    the event was taken, as after a time-out towards a database.

    Settles the outcome as Settlement.UNKNOWN: the answer is 503, and copies of the event are not handled for 60 s. Any other
    exception says that nothing happened (Settlement.REFUSED), and the next copy is handled.
    """


_CATEGORIES = {1: UsageError, 2: UnreachableError, 3: RefusedError, 4: CallbackError, 5: UserSigError}


def category(code: int) -> type[TcCallbackError]:
    """The class of a status."""
    if code in (Status.NULL_POINTER, Status.INVALID_ARGUMENT):
        return UsageError
    return _CATEGORIES.get(code // 100, InternalError)


def view(pointer: int) -> TcCallbackError:
    """The exception for an error of the library."""
    error = tc_error.from_address(pointer)
    return category(error.status)(
        text(error.message) or "",
        Status(error.status) if error.status in Status._value2member_map_ else error.status,
        retryable=error.is_retryable == 1,
        http_status=error.http_status or None,
        attempts=error.attempts,
        tencent_code=None if error.tencent_code == TC_ABSENT else error.tencent_code,
        tencent_info=text(error.tencent_info),
        request_id=text(error.request_id),
        offset=None if error.offset == TC_ABSENT else error.offset,
    )


def take(pointer: int) -> TcCallbackError:
    """The exception for an error of the library, which is freed."""
    try:
        return view(pointer)
    finally:
        library.tc_error_free(pointer)

"""What a Client and a Receiver have in common: they are closed, and what they hold is freed then."""

from __future__ import annotations

from ctypes import byref, c_void_p

from . import errors
from .errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    Self = TypeVar("Self", bound="Handle")


class _Owned:
    """Frees a pointer when nobody uses it any more. A call holds it, so that a thread may close a handle while another is
    inside: no lock, which a fork could inherit held."""

    __slots__ = ("free", "pointer")

    def __init__(self, pointer: int, free: Any) -> None:
        self.pointer = pointer
        self.free = free

    def __del__(self) -> None:
        self.free(self.pointer)


class Handle:
    """Closed by `close()`, by `with`, or when it is collected. Any number of threads may use it, and processes forked later."""

    _owned: _Owned | None = None

    def _own(self, pointer: int, free: Any) -> None:
        self._owned = _Owned(pointer, free)

    def _use(self) -> _Owned:
        owned = self._owned
        if owned is None:
            raise UsageError(f"this {type(self).__name__} is closed")
        return owned

    def close(self) -> None:
        """Closes it; closing again does nothing. What other threads are doing with it comes to its end first."""
        self._owned = None

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._owned is None

    def __enter__(self: Self) -> Self:
        self._use()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def __reduce__(self) -> tuple[object, ...]:
        name = type(self).__name__
        raise TypeError(f"a {name} cannot be pickled: make one in each process, or before the process forks")


def call(function: Any, *arguments: Any) -> None:
    """Calls a function that takes a tc_error ** last, and raises what it reports."""
    error = c_void_p()
    if function(*arguments, byref(error)):
        raise errors.take(error.value or 0)


def result_of(function: Any, *arguments: Any) -> int:
    """Calls a function whose last arguments are a result and a tc_error **, and returns the result."""
    result = c_void_p()
    error = c_void_p()
    if function(*arguments, byref(result), byref(error)):
        raise errors.take(error.value or 0)
    return result.value or 0

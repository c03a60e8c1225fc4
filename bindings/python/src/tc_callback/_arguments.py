"""Arguments on their way in: what ctypes would take and cut off without a word is refused here."""

from __future__ import annotations

from .errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeVar

    T = TypeVar("T")


def encoded(name: str, value: str) -> bytes:
    """A text that goes in NUL-terminated."""
    if value is None:
        raise TypeError(f"{name} must be a str, not None: is the environment variable set that it comes from?")
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, not {type(value).__name__}")
    try:
        raw = value.encode()
    except UnicodeEncodeError:
        raise UsageError(f"{name} is not Unicode text: it holds a lone surrogate") from None
    if b"\0" in raw:
        raise UsageError(f"{name} holds a NUL")
    return raw


def listed(name: str, values: Iterable[T]) -> list[T]:
    """A list of strings: `name` is its plural. A string would be taken for the list of its letters, and bytes for numbers."""
    if isinstance(values, str):
        one = name[:-1]
        raise UsageError(f"{name} is a list of {name}, not a {one}: write {name}=[{one}]")
    if values is None or isinstance(values, (bytes, bytearray, memoryview, dict)) or not hasattr(values, "__iter__"):
        raise TypeError(f"{name} must be a list of str, not {'None' if values is None else type(values).__name__}")
    return list(values)


def unsigned(name: str, value: int, bits: int) -> int:
    """A number that ctypes would cut off silently."""
    if not isinstance(value, int):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    if not 0 <= value < 1 << bits:
        raise UsageError(f"{name} is {value}; it must be from 0 to {(1 << bits) - 1}")
    return value


def signed(name: str, value: int) -> int:
    """A number of 64 bits that ctypes would cut off silently."""
    unsigned(name, value if value >= 0 else -value - 1, 63)
    return value


def raw(name: str, value: bytes | bytearray | memoryview) -> bytes:
    """What came off the wire."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    raise TypeError(
        f"{name} must be the raw bytes of the request, not {type(value).__name__}. If the framework has parsed it already, "
        "ask it for the bytes: request.get_data() in Flask, request.body in Django, await request.body() in Starlette and "
        "FastAPI"
    )


def query(value: str | bytes) -> bytes:
    """A URL's query, as a server gives it."""
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else raw("query", value)

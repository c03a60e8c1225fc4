"""Arguments on their way in: their types and ranges are checked here, by name, before the library or ctypes sees them.

A wrong type is a TypeError, a wrong value a UsageError (which is a ValueError)."""

from __future__ import annotations

from .errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeVar

    Kind = TypeVar("Kind")
    T = TypeVar("T")

PARSED = (
    ". If the framework has parsed it already, ask it for the bytes: request.get_data() in Flask, request.body in Django, await "
    "request.body() in Starlette and FastAPI"
)


def wrong_type(name: str, wanted: str, value: object) -> TypeError:
    """Says what was wanted, and what was found: its type only, since it may be a secret."""
    return TypeError(f"{name} must be {wanted}, not {'None' if value is None else type(value).__name__}")


def instance(name: str, wanted: str, value: Any, kind: type[Kind]) -> Kind:
    """An object of a class; a bool is no int here."""
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise wrong_type(name, wanted, value)
    return value


def function(name: str, value: Callable[..., Any]) -> Callable[..., Any]:
    """Something that can be called."""
    if not callable(value):
        raise wrong_type(name, "a function", value)
    return value


def enumerator(name: str, value: Any, kind: type[Kind]) -> Kind:
    """A member of an enum: neither its number nor a member of another enum."""
    return instance(name, f"a {kind.__name__}", value, kind)


def encoded(name: str, value: str) -> bytes:
    """A string that goes in NUL-terminated."""
    if value is None:
        raise TypeError(f"{name} must be a str, not None: is the environment variable set that it comes from?")
    try:
        raw = instance(name, "a str", value, str).encode()
    except UnicodeEncodeError:
        raise _surrogate(name) from None
    if b"\0" in raw:
        raise UsageError(f"{name} holds a NUL")
    return raw


def path(name: str, value: str) -> str:
    """The path of a URL."""
    encoded(name, value)
    if not value.startswith("/"):
        raise UsageError(f"{name} is {value!r}; it must begin with a slash")
    return value


def _surrogate(name: str) -> UsageError:
    return UsageError(f"{name} is not Unicode text: it holds a lone surrogate")


def listed(name: str, values: Iterable[T]) -> list[T]:
    """A list of strings: `name` is its plural. A string would be taken for the list of its letters, and bytes for numbers."""
    if isinstance(values, str):
        one = name[:-1]
        raise UsageError(f"{name} is a list of {name}, not a {one}: write {name}=[{one}]")
    if values is None or isinstance(values, (bytes, bytearray, memoryview, dict)) or not hasattr(values, "__iter__"):
        raise wrong_type(name, "a list of str", values)
    return list(values)


def unsigned(name: str, value: int, bits: int, *, least: int = 0) -> int:
    """A number that ctypes would cut off silently."""
    if not least <= instance(name, "an int", value, int) < 1 << bits:
        raise UsageError(f"{name} is {value}; it must be from {least} to {(1 << bits) - 1}")
    return value


def signed(name: str, value: int) -> int:
    """A number of 64 bits that ctypes would cut off silently."""
    return unsigned(name, value, 63, least=-(1 << 63))


def seconds(name: str, value: float) -> float:
    """A length of time."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise wrong_type(name, "a number of seconds", value)
    if not 0 < value < float("inf"):
        raise UsageError(f"{name} is {value}; it must be more than 0 seconds")
    return value


def raw(name: str, value: bytes | bytearray | memoryview, wanted: str = "bytes", advice: str = "") -> bytes:
    """Bytes."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    raise TypeError(f"{wrong_type(name, wanted, value)}{advice}")


def body(value: bytes | bytearray | memoryview) -> bytes:
    """The body of a request."""
    return raw("body", value, "the raw bytes of the request", PARSED)


def query(value: str | bytes) -> bytes:
    """The query of a request's URL, as a server gives it."""
    if not isinstance(value, str):
        return raw("query", value, "the query of the URL as it was received, a str or bytes")
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise _surrogate("query") from None

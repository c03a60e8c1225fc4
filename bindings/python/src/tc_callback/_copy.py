"""From a request to a copy of its event's block, in one call of the library."""

from __future__ import annotations

import sys
from ctypes import PyDLL, addressof, byref, c_char, c_void_p, sizeof, string_at

from . import errors
from ._header import tc_event, tc_event_copy
from ._library import library

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Up to so many bytes of query and body are parsed in microseconds, for which other threads need not be let in.
QUICK_BYTES = 16 << 10
BUFFER_BYTES = 32 << 10


def _buffer() -> tuple[Any, ...]:
    """What the library writes to: memory, what is said about it, an error. Behind them the last two as arguments, made once because
    byref takes as long as passing it."""
    memory = (c_char * BUFFER_BYTES)()
    copied = tc_event_copy(sizeof(tc_event_copy), addressof(memory), BUFFER_BYTES)
    failure = c_void_p()
    return memory, copied, failure, byref(copied), byref(failure)


# Those that no call uses just now.
_buffers: list[tuple[Any, ...]] = []


def _quick_call() -> Any:
    """The function without letting other threads in, and without argument types: these cost more than all else in a short call.
    Lengths then go in as C's int, which QUICK_BYTES bounds."""
    if sys.implementation.name != "cpython":
        return library.tc_parse_event_copy
    return PyDLL(None, handle=library._handle).tc_parse_event_copy


_parse_quickly = _quick_call()
_parse = library.tc_parse_event_copy


def parsed(query: bytes, body: bytes) -> tuple[bytes, int]:
    """The block of the event, and the address that it had."""
    try:
        buffer = _buffers.pop()
    except IndexError:
        buffer = _buffer()
    memory, copied, failure, copied_to, failed_to = buffer
    query_len, body_len = len(query), len(body)
    parse = _parse_quickly if query_len + body_len < QUICK_BYTES else _parse
    if parse(query, query_len, body, body_len, copied_to, failed_to):
        error = errors.take(failure.value)
        _buffers.append(buffer)
        raise error
    size, base = copied.block_size, copied.base
    if size <= BUFFER_BYTES:
        block = memory[:size]
    else:
        block = string_at(base, size)
        library.tc_event_free(base)
    _buffers.append(buffer)
    return block, base


def block_at(address: int) -> tuple[bytes, int]:
    """The block of an event that the library owns."""
    return string_at(address, tc_event.from_address(address).block_size), address

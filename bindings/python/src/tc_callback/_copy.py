"""From a request to a copy of its event's block, in one call of the library."""

from __future__ import annotations

from ctypes import addressof, byref, c_char, sizeof, string_at

from ._handle import result_of
from ._header import tc_event, tc_event_copy
from ._library import QUICK_BYTES, library, quick

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BUFFER_BYTES = 32 << 10


def _buffer() -> tuple[Any, ...]:
    """What the library writes to: memory, and what is said about it. Behind them the latter as an argument, made once because byref
    takes as long as passing it."""
    memory = (c_char * BUFFER_BYTES)()
    copied = tc_event_copy(sizeof(tc_event_copy), addressof(memory), BUFFER_BYTES)
    return memory, copied, byref(copied)


# Those that no call uses just now.
_buffers: list[tuple[Any, ...]] = []
_parse_quickly = quick("tc_parse_event_copy")
_parse = library.tc_parse_event_copy


def parsed(query: bytes, body: bytes) -> tuple[bytes, int]:
    """The block of the event, and the address that it had."""
    try:
        buffer = _buffers.pop()
    except IndexError:
        buffer = _buffer()
    memory, copied, copied_to = buffer
    query_len, body_len = len(query), len(body)
    parse = _parse_quickly if query_len + body_len < QUICK_BYTES else _parse
    # Asking for the error as well takes longer than all but a few calls need.
    if parse(query, query_len, body, body_len, copied_to, None):
        _buffers.append(buffer)
        return _taken(result_of(library.tc_parse_event, query, query_len, body, body_len))
    size: int = copied.block_size
    base: int = copied.base
    if size > BUFFER_BYTES:
        _buffers.append(buffer)
        return _taken(base)
    block: bytes = memory[:size]
    _buffers.append(buffer)
    return block, base


def _taken(event: int) -> tuple[bytes, int]:
    """The same of an event that is then freed."""
    try:
        return block_at(event)
    finally:
        library.tc_event_free(event)


def block_at(address: int) -> tuple[bytes, int]:
    """The block of an event that the library owns."""
    return string_at(address, tc_event.from_address(address).block_size), address

"""The same as _objects.py for a Python whose objects have no place in memory (PyPy): the library is handed functions written in
Python, and numbers in place of objects."""

from __future__ import annotations

from _thread import get_ident
from ctypes import CFUNCTYPE, addressof, byref, c_int, c_int64, c_ssize_t, c_void_p, cast, sizeof, string_at

from . import errors
from ._header import tc_event_kind, tc_object_factory
from ._library import library
from ._record import Record, record_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_ABSENT, _YES, _NO = 1, 2, 3


class _Filling:
    """A tuple that is being filled."""

    def __init__(self, kind: type[Record] | None, length: int) -> None:
        self.kind = kind
        self.elements: list[object] = [None] * length

    def filled(self) -> object:
        return tuple(self.elements) if self.kind is None else record_of(self.kind, self.elements)


class Maker:
    """Makes records of these kinds, and events of the kind for their command."""

    def __init__(self, records: list[type[Record]], events: dict[int, tuple[type[Record], str | None]]) -> None:
        self._kinds = [*records, *(kind for kind, _ in events.values())]
        # What each thread's call has made; its handles are places here, counted from 1.
        self._made: dict[int, list[Any]] = {}
        record_kinds = (c_void_p * len(records))(*range(1, len(records) + 1))
        event_kinds = (tc_event_kind * len(events))(
            *(tc_event_kind(command, kind, None) for kind, command in enumerate(events, len(records) + 1))
        )
        functions = {
            "retain": _function(None, lambda _handle: None, c_void_p),
            "release": _function(None, lambda _handle: None, c_void_p),
            "text": _function(c_void_p, lambda at, length: self._new(string_at(at, length).decode()), c_void_p, c_ssize_t),
            "bytes": _function(c_void_p, lambda at, length: self._new(string_at(at, length)), c_void_p, c_ssize_t),
            "integer": _function(c_void_p, self._new, c_int64),
            "list": _function(c_void_p, lambda length: self._new(_Filling(None, length)), c_ssize_t),
            "record": _function(
                c_void_p, lambda kind, length: self._new(_Filling(self._kinds[kind - 1], length)), c_void_p, c_ssize_t
            ),
            "put": _function(c_int, self._put, c_void_p, c_ssize_t, c_void_p),
            "item": _function(
                c_void_p,
                lambda container, place: self._new(self._mine()[container - 1].elements[place]),
                c_void_p,
                c_ssize_t,
            ),
            "read": _function(c_int, lambda _handle, _bytes, _length: -1, c_void_p, c_void_p, c_void_p),
        }
        # What the library goes on looking at.
        self._kept = record_kinds, event_kinds, functions
        self._factory = tc_object_factory(
            sizeof(tc_object_factory),
            absent=_ABSENT,
            yes=_YES,
            no=_NO,
            record_kinds=addressof(record_kinds),
            record_kind_count=len(records),
            event_kinds=addressof(event_kinds),
            event_kind_count=len(events),
            **{name: cast(function, c_void_p).value for name, function in functions.items()},
        )

    def event(self, event: int) -> Any:
        """The event that stands at this address."""
        thread = get_ident()
        # A finalizer that runs in the middle may call this too.
        outer = self._made.get(thread)
        made = self._made[thread] = [None, True, False]
        try:
            error = c_void_p()
            handle = library.tc_event_to_object(event, self._factory, byref(error))
            if error.value:
                raise errors.take(error.value)
            if not handle:
                raise MemoryError
            return made[handle - 1].filled()
        finally:
            if outer is None:
                del self._made[thread]
            else:
                self._made[thread] = outer

    def event_of_request(self, _query: bytes, _body: bytes) -> None:
        """There is no quick way here."""

    def _mine(self) -> list[Any]:
        return self._made[get_ident()]

    def _new(self, value: object) -> int:
        made = self._mine()
        made.append(value)
        return len(made)

    def _put(self, container: int, place: int, handle: int) -> int:
        made = self._mine()
        value = made[handle - 1]
        made[container - 1].elements[place] = value.filled() if isinstance(value, _Filling) else value
        return 0


def _function(result: Any, called: Callable[..., Any], *parameters: Any) -> Any:
    return CFUNCTYPE(result, *parameters)(called)

"""Has the library make CPython's objects: it is handed the functions for it, which are CPython's own. _objects_pypy.py is for
others."""

from __future__ import annotations

from ctypes import (
    Structure,
    addressof,
    c_char_p,
    c_int,
    c_ssize_t,
    c_uint,
    c_void_p,
    cast,
    memmove,
    py_object,
    pythonapi,
    sizeof,
)

from ._header import TC_FACTORY_OFFSET, tc_event_kind, tc_object_factory
from ._library import QUICK_BYTES, library, without_letting_others_in
from ._record import FIRST_PLACE, keep_forever

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._record import Record

# https://docs.python.org/3/c-api/stable.html
FUNCTIONS = {
    "retain": "Py_IncRef",
    "release": "Py_DecRef",
    "text": "PyUnicode_FromStringAndSize",
    "bytes": "PyBytes_FromStringAndSize",
    "integer": "PyLong_FromLongLong",
    "list": "PyTuple_New",
    "record": "PyType_GenericAlloc",
    "put": "PyTuple_SetItem",
    "item": "PyTuple_GetItem",
    "read": "PyBytes_AsStringAndSize",
}
METH_FASTCALL = 0x80


class PyMethodDef(Structure):
    """https://docs.python.org/3/c-api/structures.html#c.PyMethodDef"""

    _fields_ = [("name", c_char_p), ("function", c_void_p), ("flags", c_int), ("doc", c_char_p)]


class PyTypeSpec(Structure):
    """https://docs.python.org/3/c-api/type.html#c.PyType_Spec"""

    _fields_ = [("name", c_char_p), ("size", c_int), ("item_size", c_int), ("flags", c_uint), ("slots", c_void_p)]


def _python(name: str, *parameters: Any) -> Any:
    """A function of CPython that makes an object."""
    function = pythonapi[name]
    function.argtypes, function.restype = parameters, py_object
    return function


class Maker:
    """Makes records of these kinds, and events of the kind for their command, whose word goes with it."""

    def __init__(self, records: list[type[Record]], events: dict[int, tuple[type[Record], str | None]]) -> None:
        keep_forever(self)
        self._kept = records, events
        self._record_kinds = (c_void_p * len(records))(*map(id, records))
        event_kinds = [tc_event_kind(command, id(kind), id(word) if word else None) for command, (kind, word) in events.items()]
        self._event_kinds = (tc_event_kind * len(events))(*event_kinds)
        self._factory = tc_object_factory(
            sizeof(tc_object_factory),
            absent=id(None),
            yes=id(True),
            no=id(False),
            record_kinds=addressof(self._record_kinds),
            record_kind_count=len(records),
            event_kinds=addressof(self._event_kinds),
            event_kind_count=len(events),
            longest_request=QUICK_BYTES,
            first_place=FIRST_PLACE,
            **{name: cast(pythonapi[function], c_void_p).value for name, function in FUNCTIONS.items()},
        )
        self._make = without_letting_others_in("tc_event_to_object", py_object, [c_void_p, c_void_p, c_void_p])
        self.event_of_request = self._function()

    def event(self, event: int) -> Any:
        """The event that stands at this address."""
        return self._make(event, addressof(self._factory), None)

    def _function(self) -> Any:
        """Takes query and body, and returns the event, or None if it is long or refused: the library's function as one of Python's
        own, of an object that has the factory. A call by ctypes takes 200 ns more."""
        no_slots = (c_void_p * 2)()
        size = TC_FACTORY_OFFSET + sizeof(tc_object_factory)
        self._spec = PyTypeSpec(b"tc_callback.Host", size, slots=addressof(no_slots))
        kind = _python("PyType_FromSpec", c_void_p)(addressof(self._spec))
        host = _python("PyType_GenericAlloc", py_object, c_ssize_t)(kind, 0)
        memmove(id(host) + TC_FACTORY_OFFSET, addressof(self._factory), sizeof(tc_object_factory))
        self._method = PyMethodDef(b"event_of_request", cast(library.tc_request_to_object, c_void_p), METH_FASTCALL)
        return _python("PyCFunction_NewEx", c_void_p, py_object, c_void_p)(addressof(self._method), host, None)

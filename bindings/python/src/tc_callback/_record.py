"""Records: tuples whose fields have names. The library fills them (_objects.py)."""

from __future__ import annotations

from ctypes import Structure, addressof, c_char_p, c_int, c_ssize_t, c_void_p
from operator import itemgetter

from ._library import IS_CPYTHON
from ._word import Word

# Importing typing takes longer than importing all of this package.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import Any, Generic, TypeVar, overload

    Value = TypeVar("Value", covariant=True)
    Kind = TypeVar("Kind", bound="Record", covariant=True)
    Number = TypeVar("Number", bound="Word", covariant=True)
    Self = TypeVar("Self")
    # That it is a tuple is nobody's business.
    Base = object
else:
    Base = tuple

    class Generic:
        """So that `Generic[Value]` needs no typing."""

        def __class_getitem__(cls, _parameters: object) -> type:
            return cls

    Value = Kind = Number = None

_tuple: Any = tuple


def _first_place() -> int:
    """Where a tuple's elements begin in its memory, if they stand there in a row; otherwise 0."""
    if not IS_CPYTHON:
        return 0
    elements = object(), object()
    place: int = tuple.__basicsize__
    found = (c_void_p * 2).from_address(id(elements) + place)
    return place if list(found) == [id(element) for element in elements] else 0


FIRST_PLACE = _first_place()


class Record(Base):
    """What was received. Never changes; `to_dict()` gives all of it."""

    __slots__ = ()

    _names: tuple[str, ...] = ()

    def __new__(cls, *_arguments: object) -> Record:
        raise TypeError(f"{cls.__name__} is made by parse_event() and Receiver.handle()")

    def __init_subclass__(cls) -> None:
        fields = [(name, field) for name, field in vars(cls).items() if isinstance(field, Field)]
        for name, field in fields:
            setattr(cls, name, field.descriptor(cls, name))
        cls._names = (*cls._names, *(name for name, field in fields if not isinstance(field, (Time, Pointer))))

    def __setattr__(self, name: str, _value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is what was received: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is what was received: {name} cannot be deleted")

    def _values(self) -> dict[str, Any]:
        """The fields by name, as the library declares them."""
        return {name: getattr(self, name) for name in self._names}

    def to_dict(self) -> dict[str, Any]:
        """All fields by name, as values that `json.dumps` takes: absent ones are None, words both as text and as number."""
        return {name: _plain(value) for name, value in self._values().items()}

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and bool(_tuple.__eq__(self, other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        # Of a tuple that Python made: from 3.14 on a tuple keeps its hash, which a record of the library would have as 0.
        return hash((type(self), _tuple(self)))

    # Records have no order.
    def __lt__(self, _other: object) -> bool:
        return NotImplemented

    __le__ = __gt__ = __ge__ = __lt__

    def __repr__(self) -> str:
        sent = ", ".join(f"{name}={value!r}" for name, value in self._values().items() if value is not None and value != ())
        return f"{type(self).__name__}({sent})"

    def __reduce__(self) -> tuple[object, ...]:
        return record_of, (type(self), _tuple(self))


def record_of(kind: type[Kind], elements: Iterable[object]) -> Kind:
    """The record of this kind with these elements."""
    record: Kind = _tuple.__new__(kind, elements)
    return record


def _plain(value: object) -> object:
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, tuple):
        return [_plain(element) for element in value]
    return int(value) if isinstance(value, Word) else value


class Field(Generic[Value]):
    """An attribute, by its place in the tuple."""

    gives = "int"

    def __init__(self, place: int, doc: str = "") -> None:
        self.place = place
        self.doc = doc

    if TYPE_CHECKING:

        @overload
        def __get__(self: Self, record: None, owner: type) -> Self: ...
        @overload
        def __get__(self, record: Record, owner: type) -> Value: ...
        def __get__(self, record: Record | None, owner: type) -> Any: ...

    def descriptor(self, owner: type, name: str) -> Any:
        """What the class has in its place."""
        doc = f"{self.gives}: {self.doc}"
        return member(owner, name, self.place, doc) if FIRST_PLACE else property(itemgetter(self.place), doc=doc)


class PyMemberDef(Structure):
    """https://docs.python.org/3/c-api/structures.html#c.PyMemberDef"""

    _fields_ = [("name", c_char_p), ("type", c_int), ("offset", c_ssize_t), ("flags", c_int), ("doc", c_char_p)]


_OBJECT = 16  # T_OBJECT_EX, Py_T_OBJECT_EX
_READ_ONLY = 1


def member(owner: type, name: str, place: int, doc: str) -> Any:
    """What reads an element fastest: what `__slots__` would make."""
    offset = FIRST_PLACE + place * tuple.__itemsize__
    definition = PyMemberDef(name.encode(), _OBJECT, offset, _READ_ONLY, doc.encode())
    keep_forever(definition)
    return _new_member(owner, addressof(definition))


if IS_CPYTHON:
    from ctypes import py_object, pythonapi

    keep_forever = pythonapi["Py_IncRef"]
    """Of what the interpreter reads without owning it: it does so to its very end, when modules have lost what they had."""
    keep_forever.argtypes, keep_forever.restype = [py_object], None
    _new_member = pythonapi["PyDescr_NewMember"]
    _new_member.argtypes, _new_member.restype = [py_object, c_void_p], py_object


class Text(Field["str | None"]):
    gives = "str or None"


class Raw(Field[bytes]):
    gives = "bytes"


class Integer(Field["int | None"]):
    gives = "int or None"


class Unsigned(Field[int]):
    pass


class Boolean(Field["bool | None"]):
    gives = "bool or None"


class Texts(Field["tuple[str, ...]"]):
    gives = "tuple of str"


class Records(Field["tuple[Kind, ...]"], Generic[Kind]):
    def __init__(self, place: int, kind: type[Kind], doc: str = "") -> None:
        super().__init__(place, doc)
        self.gives = f"tuple of {kind.__name__}"


class Payload(Field[Kind], Generic[Kind]):
    """The payload of an event that has one of this kind."""

    def __init__(self, kind: type[Kind]) -> None:
        super().__init__(0, kind.__doc__ or "")
        self.gives = kind.__name__


class Pointer(Field["Kind | None"], Generic[Kind]):
    """The payload of an event that has none of this kind."""

    def __init__(self, kind: type[Kind], doc: str = "") -> None:
        super().__init__(0, doc)
        self.gives = f"{kind.__name__} or None"

    def descriptor(self, _owner: type, _name: str) -> Any:
        return property(lambda _event: None, doc=f"{self.gives}: {self.doc}")


class Time(Field["datetime | None"]):
    """A datetime in UTC, beside the number that was received; None also for 0, which the vendor sends for "never", and
    beyond the year 9999."""

    gives = "datetime in UTC or None"

    def __init__(self, place: int, ticks: int, source: str) -> None:
        super().__init__(place, f"`{source}` as a datetime in UTC; None also for 0 and beyond the year 9999.")
        self.ticks = ticks

    def descriptor(self, _owner: type, _name: str) -> Any:
        place, milliseconds = self.place, 1000 // self.ticks

        def read(record: Any) -> datetime | None:
            from datetime import datetime, timedelta, timezone

            value = record[place]
            try:
                since = timedelta(milliseconds=value * milliseconds) if value else None
                return None if since is None else datetime(1970, 1, 1, tzinfo=timezone.utc) + since
            except OverflowError:
                return None

        return property(read, doc=f"{self.gives}: {self.doc}")


class Enumerated(Field["Number | None"], Generic[Number]):
    """A word as a number, and the place of the word."""

    def __init__(self, place: int, kind: type[Number], word: int | None, doc: str = "") -> None:
        super().__init__(place, doc)
        self.gives = f"{kind.__name__} or None"
        self.kind = kind
        self.word = word

    def descriptor(self, _owner: type, _name: str) -> Any:
        place, kind, word = self.place, self.kind, self.word
        members: Any = kind._value2member_map_

        def read(record: Any) -> Word | None:
            value = record[place]
            if value is None:
                return None
            known: Word | None = members.get(value)
            if known is None or (value == 0 and word is not None):
                return kind.unknown((record[word] if word is not None else "") or "", value)
            return known

        return property(read, doc=f"{self.gives}: {self.doc}")

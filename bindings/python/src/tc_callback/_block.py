"""Records read from an event's block: a copy of the memory that the library filled, decoded when asked and then kept."""

from __future__ import annotations

from struct import Struct, unpack_from

from ._header import TC_ABSENT, TC_NOT_SENT
from ._word import Word

# Importing typing takes longer than importing all of this package.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any, Generic, TypeVar, overload

    Value = TypeVar("Value", covariant=True)
    Kind = TypeVar("Kind", bound="Record", covariant=True)
    Number = TypeVar("Number", bound="Word", covariant=True)
    Self = TypeVar("Self")
    Offset = Any
else:

    class Generic:
        """So that `Generic[Value]` needs no typing."""

        def __class_getitem__(cls, _parameters: object) -> type:
            return cls

    Value = Kind = Number = None

_INT32 = Struct("i").unpack_from
_UINT32 = Struct("I").unpack_from
_INT64 = Struct("q").unpack_from
_SIZE = Struct("N").unpack_from
_POINTER = Struct("P").unpack_from
_TEXT = Struct("PN").unpack_from
_TEXT_ITER = Struct("PN").iter_unpack
_TEXT_SIZE = Struct("PN").size


class Record:
    """What stands at one place of a block. Never changes; `to_dict()` gives all of it."""

    __slots__ = ("__dict__", "__weakref__", "_place")

    _place: tuple[bytes, int, int]
    """The block, the address that the memory it was copied from had, and where in it this record is. Addresses inside the block
    are those of that memory."""

    def __setattr__(self, name: str, _value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is what was received: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is what was received: {name} cannot be deleted")

    def _values(self) -> dict[str, Any]:
        """The fields by name, as the library declares them."""
        names = [name for name, field in vars(type(self)).items() if isinstance(field, Field) and not isinstance(field, Time)]
        return {name: getattr(self, name) for name in names}

    def to_dict(self) -> dict[str, Any]:
        """All fields by name, as values that `json.dumps` takes: absent ones are None, words both as text and as number."""
        return {name: _plain(value) for name, value in self._values().items()}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and type(self) is type(other) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        sent = ", ".join(f"{name}={value!r}" for name, value in self._values().items() if value is not None and value != ())
        return f"{type(self).__name__}({sent})"

    def __reduce__(self) -> tuple[object, ...]:
        return record_at, (type(self), *self._place)


# Past __setattr__.
set_place = Record.__dict__["_place"].__set__


def record_at(kind: type[Kind], block: bytes, base: int, at: int) -> Kind:
    """The record of this kind at a place of a block."""
    record = kind()
    set_place(record, (block, base, at))
    return record


def _plain(value: object) -> object:
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, tuple):
        return [_plain(element) for element in value]
    return int(value) if isinstance(value, Word) else value


class Field(Generic[Value]):
    """An attribute that is decoded when it is first read, and then is a plain attribute of its record."""

    def __init__(self, offset: Offset = None, *, doc: str = "") -> None:
        self.at: int = offset.offset if offset is not None else 0
        self.__doc__ = doc

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        # What help() shows.
        return f"<{self.gives()}>"

    def gives(self) -> str:
        """What the attribute is, in words."""
        return "int"

    if TYPE_CHECKING:

        @overload
        def __get__(self: Self, record: None, owner: type) -> Self: ...
        @overload
        def __get__(self, record: Record, owner: type) -> Value: ...

    def __get__(self, record: Record | None, owner: type) -> Any:
        if record is None:
            return self
        block, base, at = record._place
        value = record.__dict__[self.name] = self.decode(record, block, base, at + self.at)
        return value

    def decode(self, record: Record, block: bytes, base: int, at: int) -> Any:
        """The value of the field, which stands at `at` of the block."""
        raise NotImplementedError


class Text(Field["str | None"]):
    def gives(self) -> str:
        return "str or None"

    if not TYPE_CHECKING:
        # Most of what is read is text: in one step, without `decode`.
        def __get__(self, record, owner):
            if record is None:
                return self
            block, base, at = record._place
            pointer, length = _TEXT(block, at + self.at)
            if pointer:
                start = pointer - base
                text = block[start : start + length].decode()
            else:
                text = None
            record.__dict__[self.name] = text
            return text


class Raw(Field[bytes]):
    def gives(self) -> str:
        return "bytes"

    def decode(self, _record: Record, block: bytes, base: int, at: int) -> bytes:
        pointer, length = _TEXT(block, at)
        return block[pointer - base : pointer - base + length]


class Integer(Field["int | None"]):
    def gives(self) -> str:
        return "int or None"

    if not TYPE_CHECKING:
        # Likewise.
        def __get__(self, record, owner):
            if record is None:
                return self
            block, _, at = record._place
            (value,) = _INT64(block, at + self.at)
            if value == TC_ABSENT:
                value = None
            record.__dict__[self.name] = value
            return value


class Unsigned(Field[int]):
    def decode(self, _record: Record, block: bytes, _base: int, at: int) -> int:
        value: int = _UINT32(block, at)[0]
        return value


class Size(Field[int]):
    def decode(self, _record: Record, block: bytes, _base: int, at: int) -> int:
        value: int = _SIZE(block, at)[0]
        return value


class Boolean(Field["bool | None"]):
    def gives(self) -> str:
        return "bool or None"

    def decode(self, _record: Record, block: bytes, _base: int, at: int) -> bool | None:
        value = _INT32(block, at)[0]
        return None if value == TC_NOT_SENT else value == 1


class Time(Field["datetime | None"]):
    """A datetime in UTC, beside the number that was received; None also for 0, which the vendor sends for "never", and
    beyond the year 9999."""

    def __init__(self, source: str, ticks: int) -> None:
        super().__init__(doc=f"`{source}` as a datetime in UTC; None also for 0 and beyond the year 9999.")
        self.source = source
        self.ticks = ticks

    def gives(self) -> str:
        return "datetime in UTC or None"

    def decode(self, record: Record, _block: bytes, _base: int, _at: int) -> datetime | None:
        from datetime import datetime, timedelta, timezone

        value = getattr(record, self.source)
        try:
            since = timedelta(milliseconds=value * (1000 // self.ticks)) if value else None
            return None if since is None else datetime(1970, 1, 1, tzinfo=timezone.utc) + since
        except OverflowError:
            return None


class Enumerated(Field["Number | None"], Generic[Number]):
    """A word as a number."""

    def __init__(self, offset: Offset, kind: type[Number], word: str | None, *, wide: bool = False, doc: str = "") -> None:
        super().__init__(offset, doc=doc)
        self.word = word
        self.read = _INT64 if wide else _INT32
        self.absent = TC_ABSENT if wide else TC_NOT_SENT
        self.members: Any = kind._value2member_map_
        self.kind = kind

    def gives(self) -> str:
        return f"{self.kind.__name__} or None"

    def decode(self, record: Record, block: bytes, _base: int, at: int) -> Word | None:
        value = self.read(block, at)[0]
        if value == self.absent:
            return None
        member: Word | None = self.members.get(value)
        if member is None or (value == 0 and self.word):
            return self.kind.unknown((self.word and getattr(record, self.word)) or "", value)
        return member


class Texts(Field["tuple[str, ...]"]):
    def __init__(self, offset: Offset, count: Offset, *, doc: str = "") -> None:
        super().__init__(offset, doc=doc)
        self.count: int = count.offset

    def gives(self) -> str:
        return "tuple of str"

    def decode(self, record: Record, block: bytes, base: int, at: int) -> tuple[str, ...]:
        count = _SIZE(block, record._place[2] + self.count)[0]
        if count == 0:
            return ()
        first = _POINTER(block, at)[0] - base
        places = _TEXT_ITER(block[first : first + count * _TEXT_SIZE])
        return tuple([block[pointer - base : pointer - base + length].decode() if pointer else "" for pointer, length in places])


class Records(Field["tuple[Kind, ...]"], Generic[Kind]):
    def __init__(self, offset: Offset, count: Offset, kind: type[Kind], *, doc: str = "") -> None:
        super().__init__(offset, doc=doc)
        self.count: int = count.offset
        self.kind = kind

    def gives(self) -> str:
        return f"tuple of {self.kind.__name__}"

    def decode(self, record: Record, block: bytes, base: int, at: int) -> tuple[Record, ...]:
        count = _SIZE(block, record._place[2] + self.count)[0]
        if count == 0:
            return ()
        kind = self.kind
        addresses = unpack_from(f"{count}P", block, _POINTER(block, at)[0] - base)
        records = []
        for address in addresses:
            record = kind()
            set_place(record, (block, base, address - base))
            records.append(record)
        return tuple(records)


class Pointer(Field["Kind | None"], Generic[Kind]):
    def __init__(self, offset: Offset, kind: type[Kind], *, doc: str = "") -> None:
        super().__init__(offset, doc=doc)
        self.kind = kind

    def gives(self) -> str:
        return f"{self.kind.__name__} or None"

    def decode(self, _record: Record, block: bytes, base: int, at: int) -> Record | None:
        address = _POINTER(block, at)[0]
        return record_at(self.kind, block, base, address - base) if address else None


class Payload(Pointer[Kind], Generic[Kind]):
    """A pointer that is never NULL for the event's command."""

    def __init__(self, source: Pointer[Kind]) -> None:
        self.at, self.kind, self.__doc__ = source.at, source.kind, source.kind.__doc__

    def gives(self) -> str:
        return self.kind.__name__

    if TYPE_CHECKING:

        @overload
        def __get__(self: Self, record: None, owner: type) -> Self: ...
        @overload
        def __get__(self, record: Record, owner: type) -> Kind: ...
        def __get__(self, record: Record | None, owner: type) -> Any: ...

"""What the library owns."""

from __future__ import annotations

from ctypes import Structure, string_at
from struct import Struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def text(value: Any) -> str | None:
    """A tc_str."""
    return None if value.ptr is None else string_at(value.ptr, value.len).decode()


def reader(struct: type[Structure]) -> Any:
    """What reads all fields of a struct at once, those of structs inside it in their place: one by one takes ten times as long."""
    return Struct(_format(struct)).unpack_from


def _format(kind: Any) -> str:
    if issubclass(kind, Structure):
        return "".join([_format(field[1]) for field in kind._fields_])
    code: str = kind._type_
    return code

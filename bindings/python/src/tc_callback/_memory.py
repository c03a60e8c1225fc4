"""What the library owns."""

from __future__ import annotations

from ctypes import string_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def text(value: Any) -> str | None:
    """A tc_str."""
    return None if value.ptr is None else string_at(value.ptr, value.len).decode()

"""Options as keywords: each goes to the setter of the same name, whose types are the option's."""

from __future__ import annotations

from ctypes import c_char_p, c_int32, c_size_t, c_uint32, c_uint64

from ._arguments import encoded, unsigned, wrong_type
from ._handle import result_of
from ._library import library

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BITS = {c_int32: 31, c_uint32: 32, c_uint64: 64, c_size_t: 64}


def make(kind: str, sdk_app_id: int, options: list[tuple[str, Any]]) -> int:
    """Makes a client or a receiver. An option that is None keeps its default; a tuple is a setter's several arguments."""
    handle = getattr(library, f"tc_{kind}_options_new")(unsigned("sdk_app_id", sdk_app_id, 32))
    try:
        for setter, value in options:
            if value is not None:
                _set(getattr(library, f"tc_{kind}_options_{setter}"), setter.partition("_")[2], handle, value)
        return result_of(getattr(library, f"tc_{kind}_new"), handle)
    finally:
        getattr(library, f"tc_{kind}_options_free")(handle)


def _set(setter: Any, name: str, handle: int, value: Any) -> None:
    if name == "log":
        from ._log import setter_arguments

        setter(handle, *setter_arguments(value))
        return
    kinds = setter.argtypes[1:]
    values = (value,) if len(kinds) == 1 else value
    if not isinstance(values, tuple) or len(values) != len(kinds):
        raise wrong_type(name, f"a tuple of {len(kinds)} int", value)
    setter(handle, *(_converted(name, kind, one) for kind, one in zip(kinds, values)))


def _converted(name: str, kind: Any, value: Any) -> Any:
    if kind is c_char_p:
        return encoded(name, value)
    return unsigned(name, value, BITS[kind])

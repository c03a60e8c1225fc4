"""Words of the protocol."""

from __future__ import annotations

from enum import IntEnum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    Self = TypeVar("Self", bound="Word")


class Word(IntEnum):
    """A word of the protocol as a number. `word` keeps one that this release does not know, which is equal to UNKNOWN."""

    word: str
    """The word as received if this release does not know it, otherwise empty. The attribute of the payload that ends in
    `_word` has every word as received."""

    def __init__(self, _value: int) -> None:
        self.word = ""

    @classmethod
    def _missing_(cls, value: object) -> Word | None:
        return cls.unknown("", value) if isinstance(value, int) else None

    @classmethod
    def unknown(cls: type[Self], word: str, value: int = 0) -> Self:
        """UNKNOWN, with the word that was received."""
        member: Any = int.__new__(cls, value)
        member._name_ = "UNKNOWN"
        member._value_ = value
        member.word = word
        known: Self = member
        return known

    def __repr__(self) -> str:
        return f"<{type(self).__name__}.{self._name_}{': ' + repr(self.word) if self.word else ''}>"

    def __reduce_ex__(self, protocol: object) -> tuple[object, ...]:
        return (type(self).unknown, (self.word, self._value_)) if self.word else (type(self), (self._value_,))

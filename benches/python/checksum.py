"""What every candidate of a row must agree on."""

from __future__ import annotations


def fold(hashed: int, value: int) -> int:
    return (hashed * 31 + value) & 0xFFFFFFFFFFFFFFFF


def fold_text(hashed: int, text: str | None) -> int:
    raw = (text or "").encode()
    return fold(hashed, len(raw) + (raw[0] << 8) + (raw[-1] << 16) if raw else 0)


def fold_any(hashed: int, value: str | int | None) -> int:
    return fold(hashed, value) if isinstance(value, int) else fold_text(hashed, value)

"""UserSigs: by which a user's client or the REST API proves who it is."""

from __future__ import annotations

import time
from ctypes import string_at

from ._arguments import encoded, raw, signed, unsigned, wrong_type
from ._handle import result_of
from ._header import tc_usersig
from ._library import library
from ._memory import text

__all__ = ["UserSig", "sign_private_map_key", "sign_usersig", "verify_usersig"]


class UserSig:
    """What a UserSig says."""

    __slots__ = ("expire_s", "identifier", "sdk_app_id", "time_s", "userbuf")

    identifier: str
    """UserID that it is for."""
    sdk_app_id: int
    """SDKAppID that it is for."""
    time_s: int
    """When it was signed: seconds since 1970."""
    expire_s: int
    """How long it is valid from then on: seconds."""
    userbuf: bytes | None
    """Its userbuf, if it has one."""

    def __init__(self, usersig: tc_usersig) -> None:
        self.identifier = text(usersig.identifier) or ""
        self.sdk_app_id = usersig.sdk_app_id
        self.time_s = usersig.time_s
        self.expire_s = usersig.expire_s
        self.userbuf = string_at(usersig.userbuf, usersig.userbuf_len) if usersig.userbuf else None

    def __repr__(self) -> str:
        return (
            f"UserSig(identifier={self.identifier!r}, sdk_app_id={self.sdk_app_id}, time_s={self.time_s}, expire_s={self.expire_s})"
        )


def sign_usersig(
    sdk_app_id: int,
    key: str,
    identifier: str,
    *,
    expire_s: int = 86400,
    now_s: int | None = None,
    userbuf: bytes | None = None,
) -> str:
    """Signs a UserSig for the UserID `identifier` with the application's SecretKey, valid for `expire_s` seconds from `now_s`
    (seconds since 1970; by default now)."""
    buffer = None if userbuf is None else raw("userbuf", userbuf)
    pointer = result_of(
        library.tc_usersig_sign, *_signing(sdk_app_id, key, identifier, now_s, expire_s), buffer, len(buffer or b"")
    )
    return _text(pointer)


def sign_private_map_key(
    sdk_app_id: int,
    key: str,
    identifier: str,
    room: int | str,
    privileges: int,
    *,
    expire_s: int = 86400,
    now_s: int | None = None,
) -> str:
    """Signs a PrivateMapKey: a UserSig that lets its user do no more than `privileges` (of Privilege, joined by |) in one room,
    which has a number or a string for its name."""
    if not isinstance(room, (int, str)) or isinstance(room, bool):
        raise wrong_type("room", "an int or a str", room)
    number, name = (0, encoded("room", room)) if isinstance(room, str) else (unsigned("room", room, 32), None)
    pointer = result_of(
        library.tc_usersig_sign_private_map_key,
        *_signing(sdk_app_id, key, identifier, now_s, expire_s),
        number,
        name,
        unsigned("privileges", privileges, 32),
    )
    return _text(pointer)


def verify_usersig(sdk_app_id: int, key: str, usersig: str, *, identifier: str | None = None, now_s: int | None = None) -> UserSig:
    """Verifies that a UserSig was signed with this key for this application, that it has not expired at `now_s` (by default
    now), and, if `identifier` is given, that it is for this UserID. Raises UserSigError."""
    pointer = result_of(
        library.tc_usersig_verify,
        unsigned("sdk_app_id", sdk_app_id, 32),
        encoded("key", key),
        None if identifier is None else encoded("identifier", identifier),
        encoded("usersig", usersig),
        _now(now_s),
    )
    try:
        return UserSig(tc_usersig.from_address(pointer))
    finally:
        library.tc_usersig_free(pointer)


def _signing(sdk_app_id: int, key: str, identifier: str, now_s: int | None, expire_s: int) -> tuple[int, bytes, bytes, int, int]:
    return (
        unsigned("sdk_app_id", sdk_app_id, 32),
        encoded("key", key),
        encoded("identifier", identifier),
        _now(now_s),
        signed("expire_s", expire_s),
    )


def _now(now_s: int | None) -> int:
    return int(time.time()) if now_s is None else signed("now_s", now_s)


def _text(pointer: int) -> str:
    try:
        return text(tc_usersig.from_address(pointer).text) or ""
    finally:
        library.tc_usersig_free(pointer)

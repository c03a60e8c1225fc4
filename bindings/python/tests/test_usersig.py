"""UserSigs."""

from __future__ import annotations

import pytest
from conftest import SECRETS

from tc_callback import Privilege, Status, UsageError, UserSigError, sign_private_map_key, sign_usersig, verify_usersig

KEY = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"


def test_a_usersig_says_what_was_signed():
    usersig = sign_usersig(1400000000, KEY, "ann", expire_s=60, now_s=1000, userbuf=b"\0bytes")
    verified = verify_usersig(1400000000, KEY, usersig, identifier="ann", now_s=1059)
    assert (verified.identifier, verified.sdk_app_id, verified.time_s, verified.expire_s) == ("ann", 1400000000, 1000, 60)
    assert verified.userbuf == b"\0bytes"
    assert usersig not in repr(verified)


def test_what_is_wrong_with_a_usersig_is_told_apart():
    usersig = sign_usersig(1400000000, KEY, "ann", expire_s=60, now_s=1000)
    for code, arguments in {
        Status.EXPIRED_USER_SIG: {"now_s": 1061},
        Status.USER_SIG_MISMATCH: {"identifier": "bob", "now_s": 1000},
        Status.FORGED_USER_SIG: {"key": "another", "now_s": 1000},
        Status.MALFORMED_USER_SIG: {"usersig": "rubbish", "now_s": 1000},
    }.items():
        with pytest.raises(UserSigError) as raised:
            verify_usersig(**{"sdk_app_id": 1400000000, "key": KEY, "usersig": usersig, **arguments})
        assert raised.value.code is code


def test_by_default_it_is_now():
    assert verify_usersig(1, KEY, sign_usersig(1, KEY, "ann")).expire_s == 86400


def test_a_private_map_key_is_for_a_room_with_a_number_or_a_name():
    privileges = Privilege.ENTER_ROOM | Privilege.RECEIVE_AUDIO
    for room in (1234, "stand-up"):
        usersig = sign_private_map_key(1, KEY, "ann", room, privileges)
        assert verify_usersig(1, KEY, usersig).userbuf
    with pytest.raises(UsageError, match="room is -1"):
        sign_private_map_key(1, KEY, "ann", -1, privileges)


@pytest.mark.parametrize("case", SECRETS["refused"], ids=lambda case: repr(case["given"][:16]))
def test_a_key_that_is_certainly_a_mistake_is_refused_with_what_it_looks_like(case):
    key = case["given"]
    usersig = sign_usersig(1, KEY, "ann")
    for use in (
        lambda: sign_usersig(1, key, "ann"),
        lambda: sign_private_map_key(1, key, "ann", 7, Privilege.ENTER_ROOM),
        lambda: verify_usersig(1, key, usersig),
    ):
        with pytest.raises(UsageError, match=case["told"]) as raised:
            use()
        assert raised.value.code is Status.INVALID_ARGUMENT
        assert "5bd2850f" not in str(raised.value)


@pytest.mark.parametrize("key", [None, 7, b"key", ["key"]])
def test_a_key_of_another_type_is_refused_by_its_name(key):
    for use in (lambda: sign_usersig(1, key, "ann"), lambda: verify_usersig(1, key, "eJw")):
        with pytest.raises(TypeError, match="key must be a str, not "):
            use()


def test_a_usersig_that_came_with_more_than_itself_is_said_why():
    usersig = sign_usersig(1, KEY, "ann")
    for given, told in [(usersig + "\n", "line feed"), (f'"{usersig}"', "quotes"), ("\ufeff" + usersig, "byte order mark")]:
        with pytest.raises(UserSigError, match=told) as raised:
            verify_usersig(1, KEY, given)
        assert raised.value.code is Status.MALFORMED_USER_SIG

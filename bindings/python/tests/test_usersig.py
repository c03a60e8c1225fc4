"""UserSigs."""

from __future__ import annotations

import pytest

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

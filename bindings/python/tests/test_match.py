"""`match` on event classes."""

from __future__ import annotations

from test_events import event

from tc_callback import CallEnded, CallResult, MemberChange, MembersLeft, RoomCreated, RoomInfo, UnknownEvent


def in_words(found):
    match found:
        case RoomCreated(room=RoomInfo(room_name=name, max_member_count=int(count))) if count > 100:
            return f"big room {name}"
        case RoomCreated(room):
            return f"room {room.room_name}"
        case MembersLeft(members, operator_account=who) if members.change == MemberChange.KICKED:
            return f"kicked by {who}"
        case CallEnded(call_end) if call_end.result is CallResult.NOT_ANSWER:
            return "nobody answered"
        case UnknownEvent(word):
            return f"new: {word}"
        case _:
            return "other"


def test_match_tells_events_apart_and_binds_their_fields():
    assert in_words(event("Room.CallbackAfterCreateRoom")) == "big room tandy-test-rest"
    assert in_words(event("Room.CallbackAfterCreateRoom", {"RoomInfo": {"MaxMemberCount": 5}})) == "room tandy-test-rest"
    assert in_words(event("Room.CallbackAfterMemberLeave", {"Type": "Kicked", "Operator_Account": "ann"})) == "kicked by ann"
    assert in_words(event("Call.CallbackAfterEndCall")) == "nobody answered"
    assert in_words(event("Live.CallbackAfterSomething")) == "new: Live.CallbackAfterSomething"
    assert in_words(event("Room.CallbackAfterDestroyRoom")) == "other"

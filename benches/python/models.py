"""The bodies' types, as one who reads the vendor's pages writes them for msgspec or pydantic: every documented field."""

from __future__ import annotations

from types import new_class
from typing import Any

ROOM_INFO = {
    "RoomId": str,
    "RoomName": str,
    "Owner_Account": str,
    "TakeSeatMode": str,
    "MaxMemberCount": int,
    "IsVideoDisabled": bool,
    "IsAudioDisabled": bool,
    "IsMessageDisabled": bool,
    "IsScreenSharingDisabled": bool,
    "IsCloudRecordingDisabled": str,
    "CustomInfo": str,
}
SEAT = {"Index": int, "Member_Account": str, "IsTakenDisabled": bool, "IsVideoDisabled": bool, "IsAudioDisabled": bool}
CALL_RECORD = {
    "CallId": str,
    "Caller_Account": str,
    "MediaType": str,
    "CallType": str,
    "StartTime": int,
    "EndTime": int,
    "AcceptTime": int,
    "CallResult": str,
    "CalleeList_Account": list[str],
    "RoomId": str,
    "RoomIdType": int,
}


def of(base: type) -> dict[str, Any]:
    """The models of the families a to d."""

    def model(name: str, fields: dict[str, Any]) -> Any:
        return new_class(name, (base,), exec_body=lambda body: body.update(__annotations__=fields, __module__=__name__))

    event = {"CallbackCommand": str, "EventTime": int}
    operator = {**event, "Operator_Account": str}
    return {
        "a": model("RoomUpdated", {**operator, "RoomInfo": model("RoomInfo", ROOM_INFO)}),
        "b": model("MemberEntered", {**operator, "RoomId": str, "MemberCount": int, "Type": str, "MemberList_Account": list[str]}),
        "c": model("SeatsChanged", {**operator, "RoomId": str, "SeatList": list[model("Seat", SEAT)]}),  # type: ignore[misc]
        "d": model("CallEnded", {**event, "CallRecord": model("CallRecord", CALL_RECORD)}),
    }

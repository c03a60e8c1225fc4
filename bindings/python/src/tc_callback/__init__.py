"""Tencent RTC's server-side callbacks: configure them over REST, check and parse what arrives.

Inbound, for each request that your HTTP server receives on the callback URL:

    receiver = tc_callback.Receiver(1400000000, tokens=[token])
    outcome = receiver.handle(query_string, body)
    match outcome.event:
        case tc_callback.RoomCreated(room=room):
            print(room.room_name, room.create_time)
    # answer with outcome.http_status, outcome.content_type and outcome.reply

`tc_callback.wsgi` and `tc_callback.asgi` have apps that do this in any framework and hand events to a function.

Outbound, when your server is deployed:

    with tc_callback.Client(1400000000, key=key) as client:
        client.ensure_callback(tc_callback.Product.CONFERENCE, "https://example.com/callback")

`tc_callback.AsyncClient` does the same for asyncio. `tc_callback.testing` makes signed requests for your own tests and starts an
emulator of Tencent's side.

The environment variable TC_CALLBACK_LIBRARY names another library than the one in the package.
"""

from __future__ import annotations

from . import _header
from ._library import LibraryError
from .client import CallbackConfig, Cancel, Client, Response, product_commands
from .errors import (
    CallbackError,
    InternalError,
    RefusedError,
    TcCallbackError,
    UnreachableError,
    UsageError,
    UserSigError,
)
from .events import (
    CallEnded,
    CallMembersChanged,
    CallRecordingChanged,
    CallStarted,
    Event,
    MembersEntered,
    MembersLeft,
    RoomCreated,
    RoomDestroyed,
    RoomInfoChanged,
    SeatsChanged,
    UnknownEvent,
    parse_event,
)
from .payloads import (
    CallChange,
    CallEnd,
    CallMembers,
    CallRecord,
    CallStart,
    CallUser,
    RoomInfo,
    RoomMembers,
    RoomSeats,
    Seat,
)
from .receiver import Outcome, Receiver
from .usersig import UserSig, sign_private_map_key, sign_usersig, verify_usersig
from .words import (
    CallAction,
    CallResult,
    CallType,
    CallUserStatus,
    Change,
    Command,
    Level,
    MediaType,
    MemberChange,
    Platform,
    Privilege,
    Product,
    Region,
    RoomIdType,
    RoomStatus,
    RoomType,
    Status,
    TakeSeatMode,
)

__version__ = _header.TC_VERSION_STRING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .aio import AsyncClient

__all__ = [
    "AsyncClient",
    "CallAction",
    "CallChange",
    "CallEnd",
    "CallEnded",
    "CallMembers",
    "CallMembersChanged",
    "CallRecord",
    "CallRecordingChanged",
    "CallResult",
    "CallStart",
    "CallStarted",
    "CallType",
    "CallUser",
    "CallUserStatus",
    "CallbackConfig",
    "CallbackError",
    "Cancel",
    "Change",
    "Client",
    "Command",
    "Event",
    "InternalError",
    "Level",
    "LibraryError",
    "MediaType",
    "MemberChange",
    "MembersEntered",
    "MembersLeft",
    "Outcome",
    "Platform",
    "Privilege",
    "Product",
    "Receiver",
    "RefusedError",
    "Region",
    "Response",
    "RoomCreated",
    "RoomDestroyed",
    "RoomIdType",
    "RoomInfo",
    "RoomInfoChanged",
    "RoomMembers",
    "RoomSeats",
    "RoomStatus",
    "RoomType",
    "Seat",
    "SeatsChanged",
    "Status",
    "TakeSeatMode",
    "TcCallbackError",
    "UnknownEvent",
    "UnreachableError",
    "UsageError",
    "UserSig",
    "UserSigError",
    "__version__",
    "parse_event",
    "product_commands",
    "sign_private_map_key",
    "sign_usersig",
    "verify_usersig",
]


def __getattr__(name: str) -> object:
    # asyncio takes longer to import than everything else here.
    if name == "AsyncClient":
        from .aio import AsyncClient

        return AsyncClient
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

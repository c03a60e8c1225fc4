"""Tencent RTC's server-side callbacks: configure them over REST, check and parse what arrives.

Inbound, for each request that your HTTP server receives on the callback URL:

    receiver = tc_callback.Receiver(1400000000, tokens=[token])
    with receiver.handle(query, body) as outcome:
        if outcome.delivery is tc_callback.Delivery.NEW:
            match outcome.event:
                case tc_callback.RoomCreated(room=room):
                    print(room.room_name, room.create_time)
            outcome.settle(tc_callback.Settlement.TAKEN)
    # answer with outcome.http_status, outcome.content_type and outcome.reply

An event is answered with 200 only when it was taken. `tc_callback.wsgi` and `tc_callback.asgi` have apps that do this in any
framework and hand events to a function.

Outbound, when your server is deployed:

    with tc_callback.Client(1400000000, key=key) as client:
        product = tc_callback.Product.CONFERENCE
        client.ensure_callback(product, "https://example.com/callback", tc_callback.product_commands(product))

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
    ResultUnknownError,
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
    Delivery,
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
    Settlement,
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
    "Delivery",
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
    "ResultUnknownError",
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
    "Settlement",
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


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> object:
    # asyncio takes longer to import than everything else here.
    if name == "AsyncClient":
        from .aio import AsyncClient

        return AsyncClient
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""A back end on the standard library that registers its callbacks when it starts and prints each event in words.

    TC_SDK_APP_ID=... TC_SECRET_KEY=... python server.py [port [public-url]]

TC_ENDPOINT points at the emulator, TC_TOKEN asks for signed callbacks. Port 0, the default, takes a free one.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from wsgiref.simple_server import make_server

import tc_callback as tc
import tc_callback.wsgi


def in_words(event: tc.Event) -> str:
    """What happened."""
    who = event.operator_account
    if isinstance(event, tc.RoomCreated):
        return f'{who} created the room "{event.room.room_name}", invited: {", ".join(event.room.schedule_invitee_accounts)}'
    if isinstance(event, tc.RoomInfoChanged):
        recording = {
            True: ", cloud recording is forbidden",
            False: ", cloud recording is allowed",
            None: "",
        }
        return f'{who} changed the room "{event.room.room_name}"{recording[event.room.is_cloud_recording_disabled]}'
    if isinstance(event, tc.RoomDestroyed):
        return f"{who} destroyed the room"
    if isinstance(event, (tc.MembersEntered, tc.MembersLeft)) and event.members is not None:
        members = event.members
        return f"{', '.join(members.member_accounts)}: {members.change_word}, members now: {members.member_count}"
    if isinstance(event, tc.SeatsChanged):
        return "; ".join(f"seat {seat.index}: {seat.member_account}" for seat in event.seats.seats)
    if isinstance(event, tc.CallStarted):
        call = event.call_start
        users = " ".join(f"{user.account} ({user.status_word})" for user in call.users)
        return f"a call ({call.media_type_word}) of {users}"
    if isinstance(event, tc.CallMembersChanged):
        return "; ".join(f"{change.account}: {change.action_word}" for change in event.call_members.changes)
    if isinstance(event, tc.CallEnded):
        call_end = event.call_end
        lasted = call_end.end_time - call_end.start_time if call_end.end_time and call_end.start_time else "an unknown time"
        return f"the call of {call_end.caller_account} ended after {lasted}: {call_end.result_word}"
    if isinstance(event, tc.CallRecordingChanged):
        return f"recording event {event.call_record.event_type}: {event.call_record.payload_json}"
    return f"a command that this server does not know: {event.json()}"


def handle(event: tc.Event) -> None:
    print(f"{event.command_word} [{event.subject}] {in_words(event)}", flush=True)


def variable(name: str) -> str | None:
    """A variable of the environment; None if it is not set. One that is empty was meant to hold something."""
    value = os.environ.get(name)
    if value == "":
        sys.exit(f"{name} is set but empty: give it a value, or unset it")
    return value


def required(name: str, what: str) -> str:
    value = variable(name)
    if value is None:
        sys.exit(f"{name} is not set: set it to {what}")
    return value


def number(name: str, value: str, most: int) -> int:
    if not (value.isascii() and value.isdigit() and int(value) <= most):
        sys.exit(f"{name} must be a number from 0 to {most}")
    return int(value)


def serve() -> None:
    app = number("TC_SDK_APP_ID", required("TC_SDK_APP_ID", "the application's SDKAppID"), 2**32 - 1)
    token = variable("TC_TOKEN")
    receiver = tc.Receiver(app, tokens=[] if token is None else [token])
    key = required("TC_SECRET_KEY", "the application's SecretKey")
    client = tc.Client(app, key=key, endpoint=variable("TC_ENDPOINT"))
    port = number("the port", sys.argv[1], 65535) if len(sys.argv) > 1 else 0
    try:
        server = make_server("127.0.0.1", port, tc.wsgi.App(receiver, handle))
    except OSError as error:
        sys.exit(f"cannot listen on port {port}: {error.strerror}")
    with server:
        local_url = f"http://127.0.0.1:{server.server_port}/callback"
        url = sys.argv[2] if len(sys.argv) > 2 else local_url
        for product in (tc.Product.CONFERENCE, tc.Product.CALL):
            done = client.ensure_callback(product, url, tc.product_commands(product))
            print(f"{product.name}: {done.change.name} for {url}")
        # From another thread, since it waits until the request that is being answered has been.
        for number_of_signal in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number_of_signal, lambda *_: threading.Thread(target=server.shutdown).start())
        print(f"listening on {local_url}", flush=True)
        server.serve_forever()


def main() -> None:
    try:
        serve()
    except tc.TcCallbackError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

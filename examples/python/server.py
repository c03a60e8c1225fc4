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


def main() -> None:
    app = int(os.environ["TC_SDK_APP_ID"])
    token = os.environ.get("TC_TOKEN")
    receiver = tc.Receiver(app, tokens=[token] if token else [])
    client = tc.Client(app, key=os.environ["TC_SECRET_KEY"], endpoint=os.environ.get("TC_ENDPOINT"))
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    with make_server("127.0.0.1", port, tc.wsgi.App(receiver, handle)) as server:
        local_url = f"http://127.0.0.1:{server.server_port}/callback"
        url = sys.argv[2] if len(sys.argv) > 2 else local_url
        for product in (tc.Product.CONFERENCE, tc.Product.CALL):
            done = client.ensure_callback(product, url, tc.product_commands(product))
            print(f"{product.name}: {done.change.name} for {url}")
        # From another thread, since it waits until the request that is being answered has been.
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
        print(f"listening on {local_url}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()

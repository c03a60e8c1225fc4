"""No framework: what a worker class makes of a handler, for WSGI and ASGI.

The handler fails the first time for a room called fails-..., in whatever process, and takes three seconds for one called late-....
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import tc_callback.asgi
import tc_callback.wsgi

receiver = tc_callback.Receiver(int(os.environ["TC_SDK_APP_ID"]), tokens=[os.environ["TC_TOKEN"]])


def handle(event: tc_callback.Event) -> None:
    room = event.subject or ""
    if room.startswith("fails-"):
        failed = Path(os.environ["FOLDER"], room)
        if not failed.exists():
            failed.touch()
            raise ValueError("the database is away")
    if room.startswith("late-"):
        time.sleep(3)
    # In one piece: other workers print at the same time.
    print(f"handled {room}\n", end="", flush=True)


application = tc_callback.wsgi.App(receiver, handle)
asgi_application = tc_callback.asgi.App(receiver, handle)

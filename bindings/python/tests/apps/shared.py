"""What every app here does with an event, and what it makes before its server forks."""

from __future__ import annotations

import os

from tc_callback import Client, Event, Product, Receiver, product_commands

receiver = Receiver(int(os.environ["TC_SDK_APP_ID"]), tokens=[os.environ["TC_TOKEN"]])
client = Client(int(os.environ["TC_SDK_APP_ID"]), key=os.environ["TC_SECRET_KEY"], endpoint=os.environ["TC_ENDPOINT"])
# Opens a connection, which no child may share.
client.ensure_callback(Product.CALL, "https://example.com/before-fork", product_commands(Product.CALL))


def say(event: Event, url: str) -> None:
    # In one piece: other workers print at the same time, and print() would write the line end apart.
    print(f"{os.getpid()} {type(event).__name__} {event.subject} {url}\n", end="", flush=True)


def handle(event: Event) -> None:
    say(event, client.get_callback(Product.CALL).url)

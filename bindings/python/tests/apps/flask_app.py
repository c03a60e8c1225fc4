"""Flask, whose workers share a barrier: each of them takes an event, or none does."""

from __future__ import annotations

import multiprocessing
import os

from flask import Flask
from shared import handle, receiver

import tc_callback.wsgi

workers = multiprocessing.get_context("fork").Barrier(int(os.environ.get("WORKERS", "1")))


def handle_together(event: tc_callback.Event) -> None:
    handle(event)
    workers.wait()


app = Flask(__name__)
callbacks = tc_callback.wsgi.App(receiver, handle_together, deadline_s=None)
app.wsgi_app = tc_callback.wsgi.mount(app.wsgi_app, "/callback", callbacks)


@app.get("/")
def index() -> str:
    return "Flask is here"

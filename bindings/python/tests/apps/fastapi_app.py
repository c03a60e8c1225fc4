"""FastAPI with a plain function for a handler."""

from __future__ import annotations

from fastapi import FastAPI
from shared import handle, receiver

import tc_callback.asgi

app = FastAPI()
app.add_route("/callback", tc_callback.asgi.App(receiver, handle))


@app.get("/")
def index() -> str:
    return "FastAPI is here"

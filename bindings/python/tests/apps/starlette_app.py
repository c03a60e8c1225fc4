"""Starlette with a coroutine for a handler."""

from __future__ import annotations

from shared import client, receiver, say
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

import tc_callback.asgi
from tc_callback import AsyncClient, Product


async def handle(event: tc_callback.Event) -> None:
    config = await AsyncClient(client).get_callback(Product.CALL)
    say(event, config.url)


async def index(_request: object) -> PlainTextResponse:
    return PlainTextResponse("Starlette is here")


app = Starlette(routes=[Route("/", index), Route("/callback", tc_callback.asgi.App(receiver, handle))])

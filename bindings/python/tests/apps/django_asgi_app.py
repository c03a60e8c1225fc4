"""The same Django under ASGI."""

from __future__ import annotations

import django_app  # noqa: F401
from django.core.asgi import get_asgi_application
from shared import handle, receiver

import tc_callback.asgi

application = tc_callback.asgi.mount(get_asgi_application(), "/callback", tc_callback.asgi.App(receiver, handle))

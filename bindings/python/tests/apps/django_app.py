"""Django, in one file: mounted, and in a view of its own."""

from __future__ import annotations

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from shared import handle, receiver

import tc_callback.wsgi
from tc_callback import Delivery, Settlement

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="only for this test")
django.setup()


@csrf_exempt
def view(request):
    with receiver.handle(request.META["QUERY_STRING"], request.body) as outcome:
        if outcome.delivery is Delivery.NEW:
            handle(outcome.event)
            outcome.settle(Settlement.TAKEN)
    return HttpResponse(outcome.reply, status=outcome.http_status, content_type=outcome.content_type)


urlpatterns = [path("", lambda _request: HttpResponse("Django is here")), path("view", view)]
application = tc_callback.wsgi.mount(get_wsgi_application(), "/callback", tc_callback.wsgi.App(receiver, handle))

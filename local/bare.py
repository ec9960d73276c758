"""What the benches compare with: a Django view without middleware that inserts one row."""

from __future__ import annotations

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import re_path  # noqa: E402


def insert(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_row (text) VALUES (%s)", [request.body.decode()])
    return HttpResponse("stored")


urlpatterns = [re_path("", insert)]
settings.MIDDLEWARE = []
settings.ROOT_URLCONF = "local.bare"
application = WSGIHandler()

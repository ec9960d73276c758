"""Every address × every kind of person × their own and a foreign object.

What is not yours answers 404, never 403; what needs a log-in sends there.
"""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.template.backends.django import Template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.safestring import SafeString
from pypdf import PdfWriter

from campaigns.loading import load_campaign
from organisations.models import User
from tests.access.table import ELSEWHERE, EVERYONE, ROWS, Row
from tests.access.world import ARGUMENTS, Place, World, make_world
from tests.conftest import show_second_factor
from tests.webinars.factories import SECRETS

LOGIN = "/compte/connexion/"
# Who opens a page is decided before it is drawn. The crawl of `tests/e2e` draws the others'.
SEE_PAGES_DRAWN = {"anonymous", "fd", "region"}
# And all that could tell where a webinar is held, to everybody.
MAY_TELL = ("webinars:", "dashboards:")
# The answers that lead to a meeting: for who comes in time, and for who holds it.
DOORS = {"webinars:enter", "webinars:manage-room-check"}


def url_names(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from url_names(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


def ours() -> set[str]:
    return {name for name in url_names() if not name.startswith("admin:")}


def test_every_address_is_classified() -> None:
    classified = {row.name for row in ROWS} | set(ELSEWHERE)
    assert ours() - classified == set()


def test_no_line_of_the_table_is_stale() -> None:
    classified = {row.name for row in ROWS} | set(ELSEWHERE)
    assert classified - ours() == set()


@pytest.mark.parametrize(("path", "words"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_is_tested_elsewhere_is(path: str, words: str) -> None:
    assert words in (Path(settings.BASE_DIR) / path).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once: each request is undone by itself."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("library.actions.render_version", lambda version: b"%PDF-1.7 ")
        load_campaign()
        yield make_world()
        transaction.set_rollback(True)


class NoDrawing:
    """In place of a document that would be laid out page by page."""

    pages = (None,)

    def render(self, **_: Any) -> "NoDrawing":
        return self

    def write_pdf(self, **_: Any) -> bytes:
        empty = BytesIO()
        writer = PdfWriter()
        writer.add_blank_page(100, 100)
        writer.write(empty)
        return empty.getvalue()


Asker = Callable[[str, Row, Place], HttpResponse]


@pytest.fixture(scope="module")
def cookies(world: World, django_db_blocker: Any) -> dict[str, str]:
    """The session of each role, begun once: it is older than each request that is undone."""
    with django_db_blocker.unblock():
        found = {}
        for role in sorted(EVERYONE):
            client = Client()
            client.force_login(world.people[role])
            show_second_factor(client, world.people[role])
            found[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
        return found


def is_drawn(role: str, row: Row) -> bool:
    is_page = row.method == "get" and not row.name.startswith(MAY_TELL)
    return role in SEE_PAGES_DRAWN or not is_page


@pytest.fixture
def ask(db: None, world: World, cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Asker:
    """Send one request as somebody and undo whatever it did."""
    monkeypatch.setattr("weasyprint.HTML", lambda **_: NoDrawing())

    def send(role: str, row: Row, place: Place) -> HttpResponse:
        address = reverse(row.name, args=ARGUMENTS[row.arguments](world, place))
        with transaction.atomic(), monkeypatch.context() as patch:
            if not is_drawn(role, row):
                patch.setattr(Template, "render", lambda *_, **__: SafeString())
            client = Client()
            if role != "anonymous":
                client.cookies[settings.SESSION_COOKIE_NAME] = cookies[role]
            response: HttpResponse = getattr(client, row.method)(address)
            leads_there = row.name in DOORS and is_open(response)
            assert tells_the_room(response) == leads_there, (role, address)
            # Not `close()`: it would also end the test's connection to the database.
            for close in response._resource_closers:  # type: ignore[attr-defined]
                close()
            transaction.set_rollback(True)
        return response

    return send


def tells_the_room(response: HttpResponse) -> bool:
    """Whether an answer holds anything of a meeting room: nobody's to read, but at its doors."""
    streamed = getattr(response, "streaming_content", None)
    body = b"".join(streamed) if streamed is not None else response.content
    told = [str(response.headers), *(part.decode(errors="ignore") for part in parts_of(body))]
    return any(secret in text for secret in SECRETS for text in told)


def parts_of(body: bytes) -> list[bytes]:
    """The text of an answer; that of each file of a workbook, which is an archive."""
    if not is_zipfile(BytesIO(body)):
        return [body]
    with ZipFile(BytesIO(body)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def is_open(response: HttpResponse) -> bool:
    return response.status_code != 404 and not sends_to_login(response)


def sends_to_login(response: HttpResponse) -> bool:
    return response.status_code == 302 and response["Location"].startswith(LOGIN)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name}-{row.method}")
def test_access(row: Row, world: World, ask: Asker) -> None:
    anonymous = ask("anonymous", row, world.near)
    assert anonymous.status_code != 403
    assert sends_to_login(anonymous) != row.public or row.is_step
    for role in sorted(EVERYONE):
        response = ask(role, row, world.near)
        if row.is_step:
            assert response.status_code in (200, 302, 403, 404), role
            continue
        assert response.status_code not in (403, 500), role
        assert is_open(response) == (role in row.near), (role, response.status_code)


FAR = [row for row in ROWS if row.far is not None]


@pytest.mark.parametrize("row", FAR, ids=lambda row: f"{row.name}-{row.method}")
def test_a_foreign_object_does_not_exist(row: Row, world: World, ask: Asker) -> None:
    for role in sorted(EVERYONE):
        response = ask(role, row, world.far)
        expected = row.far is not None and role in row.far
        assert is_open(response) == expected, (role, response.status_code)
        assert expected or response.status_code == 404


def test_an_own_capture_is_read_by_its_author_and_changed_by_nobody_far(
    db: None, world: World, client_for: Callable[[User], Client]
) -> None:
    address = f"/contacts/{world.captured.pk}/"
    opened = {
        role for role in EVERYONE if client_for(world.people[role]).get(address).status_code == 200
    }
    assert opened == {"militant", "confederation", "confederation_admin"}
    militant = client_for(world.people["militant"])
    for page in ("corriger/", "choix/", "effacer/"):
        assert militant.get(address + page).status_code == 404


def test_the_administration_is_closed_to_everyone_but_superusers(
    db: None, world: World, client_for: Callable[[User], Client]
) -> None:
    for role in sorted(EVERYONE):
        response = client_for(world.people[role]).get("/admin/", follow=True)
        assert response.status_code in (403, 404) or "/admin/" not in response.request["PATH_INFO"]
    assert LOGIN in Client().get("/admin/", follow=True).request["PATH_INFO"]

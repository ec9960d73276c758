"""A form of a source sent twice opens one source."""

import re
import threading
import uuid
from collections.abc import Callable
from contextlib import closing

import pytest
from django.db import connection
from django.test import Client

from contacts.enums import SourceKind
from contacts.models import Source
from contacts.sources import open_source
from organisations.models import User
from tests.factories import get_organisation, make_contact, make_source, make_user

NEW = "/sources/nouvelle/"


@pytest.fixture
def ud(people: dict[str, User], client_for: Callable[[User], Client]) -> Client:
    return client_for(people["ud"])


def fill_in(client: Client, **changes: object) -> dict[str, object]:
    """What the browser sends for a new poster of UD 14."""
    page = client.get(NEW).content.decode()
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    assert token
    filled = {"kind": "poster", "label": "Marché de Caen", "trade": "", "form_token": token[1]}
    return filled | {"organisation": get_organisation("ud-14").pk} | changes


def test_the_button_pressed_twice_opens_one_source(ud: Client) -> None:
    form = fill_in(ud)
    first, second = ud.post(NEW, form), ud.post(NEW, form)
    assert first["Location"] == second["Location"]
    assert Source.objects.count() == 1


def test_going_back_and_typing_another_label_opens_another(ud: Client) -> None:
    form = fill_in(ud)
    ud.post(NEW, form)
    ud.post(NEW, form | {"label": "Marché de Bayeux"})
    assert Source.objects.count() == 2


def test_two_pages_may_carry_the_same_label(ud: Client) -> None:
    ud.post(NEW, fill_in(ud))
    ud.post(NEW, fill_in(ud))
    assert Source.objects.count() == 2


@pytest.mark.parametrize("token", ["", "forgé", "a:b:c"])
def test_a_form_without_its_token_still_opens_a_source(ud: Client, token: str) -> None:
    assert ud.post(NEW, fill_in(ud, form_token=token)).status_code == 302
    assert Source.objects.count() == 1


@pytest.mark.parametrize("is_known", [False, True])
def test_the_page_of_a_source_tells_nobody_who_was_known_elsewhere(
    ud: Client, is_known: bool
) -> None:
    if is_known:
        make_contact(first_name="Zoé", phone="+33639980011", email="", postcode="59000")
    source = make_source("ud-14")
    make_contact(first_name="Zoé", phone="+33639980011", email="", source=source)
    page = ud.get(f"/sources/{source.pk}/").content.decode()
    assert re.findall(r'stat__value">(\d+)', page) == ["1", "1"]


def open_together(seeds: list[bytes]) -> int:
    """Several requests at the same moment; the number of sources they opened."""
    organisation, author = get_organisation("ud-14"), make_user()
    start = threading.Barrier(len(seeds), timeout=10)

    def open_one(seed: bytes) -> None:
        with closing(connection):
            start.wait()
            open_source(
                seed=seed,
                organisation=organisation,
                kind=SourceKind.POSTER,
                label="Marché de Caen",
                created_by=author,
            )

    threads = [threading.Thread(target=open_one, args=[seed]) for seed in seeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return Source.objects.count()


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_at_the_same_moment_opens_one_source() -> None:
    assert open_together([b"one form"] * 4) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_token_each_would_open_its_own() -> None:
    """The control of the race above."""
    assert open_together([uuid.uuid4().bytes for _ in range(4)]) == 4

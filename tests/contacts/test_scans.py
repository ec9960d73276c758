"""Openings of a QR code are counted without anything of who opened it."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from contacts.models import DailyScans, Source
from contacts.scans import COOKIE
from tests.factories import make_source

PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.fixture
def source(db: None) -> Source:
    return make_source()


def open_it(
    source: Source, client: Client | None = None, agent: str = PHONE, **headers: str
) -> Client:
    client = client or Client()
    client.get(f"/i/{source.code}/", headers={"User-Agent": agent, **headers})
    return client


def total(source: Source) -> int:
    return sum(source.daily_scans.order_by("day").values_list("count", flat=True))


def test_each_browser_counts_once_a_day_and_source(source: Source) -> None:
    client = open_it(source)
    open_it(source, client)
    open_it(source)
    assert list(source.daily_scans.order_by("day").values_list("day", "count")) == [
        (timezone.localdate(), 2)
    ]
    other = make_source()
    open_it(other, client)
    assert total(other) == 1
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        open_it(source, client)
    assert total(source) == 3


@pytest.mark.parametrize(
    "agent",
    ["", "Googlebot/2.1", "WhatsApp/2.24", "facebookexternalhit/1.1", "TelegramBot", "curl/8.5"],
)
def test_programs_that_look_at_links_are_not_counted(source: Source, agent: str) -> None:
    open_it(source, agent=agent)
    assert total(source) == 0


def test_a_page_fetched_ahead_or_sent_is_no_opening(source: Source) -> None:
    open_it(source, **{"Sec-Purpose": "prefetch;prerender"})
    client = Client(headers={"User-Agent": PHONE})
    client.head(f"/i/{source.code}/")
    client.post(f"/i/{source.code}/", {})
    assert total(source) == 0


def test_a_closed_source_counts_nothing(source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(is_active=False)
    open_it(source)
    assert not DailyScans.objects.exists()


def test_the_browser_keeps_a_day_and_nothing_else(source: Source) -> None:
    cookie = open_it(source).cookies[COOKIE.format(code=source.code)]
    assert cookie.value == timezone.localdate().isoformat()
    assert cookie["path"] == f"/i/{source.code}/"
    assert not cookie["max-age"]
    assert not cookie["expires"]
    assert cookie["httponly"]

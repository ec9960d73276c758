"""A run owns its source, so that scans and contacts come back per run; only its own see it."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacts.models import DailyScans, Source
from materials import flyer_rules, printing
from materials.models import FlyerText, PrintRun
from organisations.models import User
from tests.factories import make_contact, make_source, make_user
from tests.materials.flyer_factories import make_run

People = dict[str, User]
ClientFor = Callable[[User], Client]
FORM = {"format": "a5", "ink": "colour", "copies": "1000", "cost": "35,50"}


def with_token(client: Client, path: str, data: dict[str, Any]) -> dict[str, Any]:
    page = client.get(path).content.decode()
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found
    return data | {"form_token": found[1]}


def test_a_run_is_opened_with_a_source_of_its_own(people: People, client_for: ClientFor) -> None:
    client = client_for(people["ud"])
    union = people["ud"].led[0]
    data = with_token(
        client,
        "/tracts/nouveau/",
        FORM | {"organisation": union, "trade": "coiffeur", "commune": "Caen"},
    )
    answers = [client.post("/tracts/nouveau/", data) for _ in range(2)]
    run = PrintRun.objects.get()
    assert [answer["Location"] for answer in answers] == [f"/tracts/{run.pk}/"] * 2
    assert (run.source.kind, run.source.trade_id) == ("flyer", "coiffeur")
    assert run.source.label == "Tract Coiffeur·se, Caen"
    assert (run.copies, run.cost) == (1000, Decimal("35.50"))
    other = with_token(client, "/tracts/nouveau/", data)
    client.post("/tracts/nouveau/", other)
    assert Source.objects.filter(kind="flyer").count() == 2


def test_what_was_typed_stays_beside_the_error(people: People, client_for: ClientFor) -> None:
    client = client_for(people["ud"])
    data = FORM | {
        "organisation": people["ud"].led[0],
        "copies": "0",
        "commune": "Nulle-Part-sur-Mer",
    }
    page = client.post("/tracts/nouveau/", data).content.decode()
    assert "Au moins 1." in page
    assert "Aucune commune ne porte ce nom." in page
    assert 'value="Nulle-Part-sur-Mer"' in page
    assert not PrintRun.objects.exists()


def test_a_preview_opens_nothing_and_keeps_what_was_chosen(
    people: People, client_for: ClientFor
) -> None:
    client = client_for(people["ud"])
    data = FORM | {"organisation": people["ud"].led[0], "trade": "boulanger", "preview": "1"}
    page = client.post("/tracts/nouveau/", data).content.decode()
    assert "trade=boulanger" in page
    assert not PrintRun.objects.exists()
    picture = client.get("/tracts/apercu.png", {"trade": "boulanger", "ink": "low"})
    assert picture.content.startswith(b"\x89PNG")


def test_scans_and_contacts_are_counted_per_run(people: People) -> None:
    run, other = make_run(cost=Decimal("30")), make_run(trade=None)
    for day, count in (("2026-11-01", 4), ("2026-11-02", 3)):
        DailyScans.objects.create(source=run.source, day=day, count=count)
    for number in range(3):
        make_contact(phone=f"+3363998010{number}", email="", source=run.source)
    found = flyer_rules.get_run_or_404(people["ud"], run.pk)
    assert (found.scans, found.contacts, found.cost_each) == (7, 3, Decimal("10"))
    bare = flyer_rules.get_run_or_404(people["ud"], other.pk)
    assert (bare.scans, bare.contacts, bare.cost_each) == (0, 0, None)
    assert flyer_rules.count_runs(people["ud"]) == {
        "runs": 2, "copies": 2000, "scans": 7, "contacts": 3,
    }  # fmt: skip


def test_the_list_costs_the_same_for_one_run_and_for_thirty(
    people: People, client_for: ClientFor, django_assert_num_queries: Any
) -> None:
    client = client_for(people["ud"])
    make_run()
    client.get("/tracts/")
    with CaptureQueriesContext(connection) as one:
        client.get("/tracts/")
    for _ in range(29):
        make_run()
    with django_assert_num_queries(len(one)):
        assert client.get("/tracts/").content.count(b"/tracts/") >= 30


def test_another_organisation_s_run_does_not_exist(people: People, client_for: ClientFor) -> None:
    run = make_run("ud-50")
    for path in (
        f"/tracts/{run.pk}/",
        f"/tracts/{run.pk}/modifier/",
        f"/tracts/qr/{run.source_id}/tract.pdf",
    ):
        assert client_for(people["ud"]).get(path).status_code == 404
    militant = client_for(people["militant"])
    own = make_run("ud-14")
    assert militant.get(f"/tracts/{own.pk}/").status_code == 200
    assert militant.get(f"/tracts/{own.pk}/modifier/").status_code == 404
    assert militant.get("/tracts/nouveau/").status_code == 404


def test_copies_and_cost_are_corrected(people: People, client_for: ClientFor) -> None:
    run = make_run(cost=None)
    client_for(people["ud"]).post(f"/tracts/{run.pk}/modifier/", {"copies": "2500", "cost": "80"})
    run.refresh_from_db()
    assert (run.copies, run.cost) == (2500, Decimal("80"))


def test_files_are_downloads_that_no_browser_runs(people: People, client_for: ClientFor) -> None:
    source = make_source("ud-14")
    client = client_for(people["militant"])
    pdf = client.get(f"/tracts/qr/{source.pk}/tract.pdf", {"format": "a4", "ink": "low"})
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert pdf["Content-Disposition"].startswith("attachment")
    png = client.get(f"/tracts/qr/{source.pk}/tract.png")
    assert png["Content-Type"] == "image/png"
    for answer in (pdf, png):
        assert answer["Content-Security-Policy"] == "sandbox"
        assert answer["X-Content-Type-Options"] == "nosniff"
    for wrong in ("tract.pdf?format=a0", "tract.svg"):
        assert client.get(f"/tracts/qr/{source.pk}/{wrong}").status_code == 404


def test_only_the_confederation_changes_what_flyers_say(
    people: People, client_for: ClientFor
) -> None:
    text = FlyerText.objects.get(slug="restauration", language="fr")
    path = f"/tracts/textes/{text.pk}/"
    assert client_for(people["ud"]).get(path).status_code == 404
    client = client_for(people["confederation"])
    data = {"revision": text.revision, "headline": "Service compris", "first": "Un droit."}
    assert client.post(path, data)["Location"] == "/tracts/textes/"
    text.refresh_from_db()
    assert (text.headline, text.rights, text.revision) == ("Service compris", ["Un droit."], 2)
    again = client.post(path, data | {"headline": "Autre chose"})
    assert "entre-temps" in again.content.decode()
    text.refresh_from_db()
    assert text.headline == "Service compris"


def test_two_people_never_overwrite_each_other_s_text(db: None) -> None:
    text, author = FlyerText.objects.order_by("pk")[0], make_user("staff", "confederation")
    rights = list(text.rights)
    printing.correct_text(text=text, headline="Un", rights=rights, revision=1, author=author)
    with pytest.raises(printing.TextMoved):
        printing.correct_text(text=text, headline="Deux", rights=rights, revision=1, author=author)

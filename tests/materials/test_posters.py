"""Posters put up: anybody of the union notes one, the territory sees it, its own change it."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from campaigns.clock import today
from materials import poster_rules, postering
from materials.flyer_enums import PosterState
from materials.models import PosterSpot
from organisations.models import User
from territory.models import Commune
from tests.factories import make_local_union, make_user
from tests.materials.flyer_factories import make_poster

People = dict[str, User]
ClientFor = Callable[[User], Client]
FORM = {"commune": "Caen", "words": "Vitrine du salon"}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def photo(content: bytes | None = None) -> SimpleUploadedFile:
    if content is None:
        out = BytesIO()
        Image.new("RGB", (60, 80), "orange").save(out, "PNG")
        content = out.getvalue()
    return SimpleUploadedFile("mur.png", content, "image/png")


def test_an_activist_notes_a_poster_once_with_its_place_and_its_photo(
    people: People, client_for: ClientFor, media: Path
) -> None:
    militant = people["militant"]
    union = militant.active_memberships[0].organisation_id
    data = FORM | {
        "public_id": str(uuid.uuid4()), "organisation": union, "latitude": "49.18",
        "longitude": "-0.37",
    }  # fmt: skip
    client = client_for(militant)
    for _ in range(2):
        answer = client.post("/tracts/affiches/nouvelle/", data | {"photo": photo()})
        assert answer["Location"] == "/tracts/affiches/"
    spot = PosterSpot.objects.get()
    assert (spot.point, spot.put_up_by, spot.state) == ((49.18, -0.37), militant, PosterState.UP)
    kept = list(media.rglob("*.jpg"))
    assert len(kept) == 1
    with Image.open(kept[0]) as picture:
        assert picture.format == "JPEG"
    page = client.get("/tracts/affiches/").content.decode()
    assert 'data-point="49.18000,-0.37000"' in page
    answer = client.get(f"/tracts/affiches/{spot.public_id}/photo.jpg")
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")  # type: ignore[attr-defined]
    assert answer["Content-Security-Policy"] == "sandbox"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"words": ""}, "Dites où elle est."),
        ({"latitude": "49"}, "ou aucune des deux"),
        ({"renew_on": "1926-01-01"}, "Vérifiez l’année."),
        ({"photo": photo(b"MZ not a picture")}, "pas accepté"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    people: People, client_for: ClientFor, typed: dict[str, Any], said: str
) -> None:
    union = people["militant"].active_memberships[0].organisation_id
    client = client_for(people["militant"])
    page = client.post("/tracts/affiches/nouvelle/", FORM | {"organisation": union} | typed)
    assert said in page.content.decode()
    assert not PosterSpot.objects.exists()


def test_a_poster_without_position_is_shown_at_its_commune(db: None) -> None:
    spot, caen = make_poster(), Commune.objects.get(pk="14118")
    assert spot.point == (caen.latitude, caen.longitude)


def test_the_territory_sees_a_poster_and_its_own_change_it(
    people: People, client_for: ClientFor
) -> None:
    make_local_union("ul-bayeux", "UL de Bayeux", "ud-14", ["14047"])
    neighbour = make_user("militant", "ul-bayeux")
    spot = make_poster("ud-14")
    path = f"/tracts/affiches/{spot.public_id}/"
    assert "Panneau libre" in client_for(neighbour).get("/tracts/affiches/").content.decode()
    assert client_for(neighbour).get(path).status_code == 404
    assert client_for(neighbour).post(f"{path}etat/", {"state": "removed"}).status_code == 404
    assert list(PosterSpot.objects.visible_to(people["other_ud"])) == []
    for who in ("militant", "ud", "region", "confederation"):
        assert client_for(people[who]).get(path).status_code == 200, who


def test_a_state_is_noted_and_can_be_noted_back(people: People, client_for: ClientFor) -> None:
    spot = make_poster(renew_on=today() - timedelta(days=1))
    client, path = client_for(people["ud"]), f"/tracts/affiches/{spot.public_id}/etat/"
    client.post(path, {"state": "removed"})
    spot.refresh_from_db()
    assert spot.state == PosterState.REMOVED
    client.post(path, {"state": "burnt"})
    client.post(path, {"state": "up"})
    spot.refresh_from_db()
    assert (spot.state, spot.renew_on, spot.put_up_on) == (PosterState.UP, None, today())


def test_what_is_damaged_or_due_is_to_be_renewed(people: People) -> None:
    fine, due, damaged, gone = (make_poster(words=words) for words in "abcd")
    postering.note_state(spot=damaged, state=PosterState.DAMAGED)
    postering.note_state(spot=gone, state=PosterState.REMOVED)
    PosterSpot.objects.filter(pk=due.pk).update(renew_on=today())
    shown = poster_rules.list_posters(people["ud"], tab="a-renouveler")
    assert [spot.words for spot in shown] == ["b", "c"]
    assert poster_rules.count_posters(people["ud"]) == {"": 3, "a-renouveler": 2, "retirees": 1}
    assert fine.state == PosterState.UP


def test_a_new_photo_replaces_the_former_one(
    people: People, client_for: ClientFor, media: Path
) -> None:
    spot = make_poster()
    client, path = client_for(people["ud"]), f"/tracts/affiches/{spot.public_id}/"
    for _ in range(2):
        client.post(path, FORM | {"photo": photo()})
    assert len(list(media.rglob("*.jpg"))) == 1
    client.post(path, FORM | {"words": "Ailleurs"})
    spot.refresh_from_db()
    assert spot.words == "Ailleurs"
    assert spot.photo


def test_the_list_costs_the_same_for_one_poster_and_for_thirty(
    people: People, client_for: ClientFor, django_assert_num_queries: Any
) -> None:
    client = client_for(people["ud"])
    author = people["ud"]
    make_poster(author=author)
    client.get("/tracts/affiches/")
    with CaptureQueriesContext(connection) as one:
        client.get("/tracts/affiches/")
    for _ in range(29):
        make_poster(author=author)
    with django_assert_num_queries(len(one)):
        assert client.get("/tracts/affiches/").content.count(b'data-point="') == 30


def test_an_unknown_tab_does_not_exist(people: People, client_for: ClientFor) -> None:
    assert client_for(people["ud"]).get("/tracts/affiches/?etat=perdues").status_code == 404

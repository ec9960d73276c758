"""The catalogue: what is offered today, its versions, and what it tells of the neighbours."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns import clock
from campaigns.loading import load_campaign
from materials.catalogue import Files, edit_item, publish_version, retire_item
from materials.enums import ItemKind
from materials.models import Item, ItemVersion, SocialFile
from organisations.models import User
from territory.models import Trade
from tests.factories import make_user
from tests.materials.factories import PDF, make_item, make_version
from tests.materials.orders import make_order

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


@pytest.fixture
def shop(client_for: LogIn) -> Callable[..., str]:
    client = client_for(make_user("staff", "ud-14"))

    def read(**query: str) -> str:
        answer = client.get("/materiel/", query)
        assert answer.status_code == 200
        return str(answer.content.decode())

    return read


def test_what_is_out_of_use_is_not_offered(shop: Callable[..., str]) -> None:
    today = clock.today()
    make_item("Encore bon", expires_on=today)
    make_item("Dépassé", expires_on=today - timedelta(days=1))
    retire_item(item=make_item("Retiré"))
    new = make_item("Le nouveau")
    edit_item(item=make_item("L’ancien"), successor=new)
    text = shop()
    assert "Encore bon" in text
    assert "Le nouveau" in text
    for gone in ("Dépassé", "Retiré", "L’ancien"):
        assert gone not in text


def test_what_serves_the_vote_leaves_with_it(shop: Callable[..., str]) -> None:
    """That of 2024 is over."""
    load_campaign()
    make_item("Affiche du vote", expires_with_vote=True)
    make_item("Guide des droits", expires_with_vote=False)
    text = shop()
    assert "Affiche du vote" not in text
    assert "Guide des droits" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "apprenti"}, "Guide des apprenti·es"),
        ({"type": "poster"}, "Affiche du vote"),
        ({"metier": "macon"}, "Flyer des maçons"),
        ({"langue": "pt"}, "Flyer des maçons"),
    ],
)
def test_filters_find_the_one(shop: Callable[..., str], query: dict[str, str], found: str) -> None:
    names = ["Guide des apprenti·es", "Affiche du vote", "Flyer des maçons"]
    edit_item(item=make_item(names[0], kind=ItemKind.GUIDE))
    make_item(names[1], kind=ItemKind.POSTER)
    make_item(
        names[2], kind=ItemKind.FLYER, languages=["fr", "pt"], trade=Trade.objects.get(pk="macon")
    )
    text = shop(**query)
    assert [name for name in names if name in text] == [found]


def test_activists_read_the_catalogue_and_order_nothing(client_for: LogIn) -> None:
    item = make_item("Tract du vote")
    client = client_for(make_user("militant", "ul-caen"))
    for address in ("/materiel/", item.get_absolute_url()):
        text = client.get(address).content.decode()
        assert "Tract du vote" in text
        assert "Au panier" not in text


def test_neighbours_are_a_number_without_a_name(shop: Callable[..., str]) -> None:
    """UD 50 and UD 76 are of the same region; UD 69 is not."""
    item = make_item("Tract du vote")
    for slug in ("ud-50", "ud-76", "ud-69"):
        make_order({item: 1}, organisation=slug)
    text = shop()
    assert "Commandé par 2 UD voisines" in text
    assert "Manche" not in text


def test_the_catalogue_asks_the_same_number_of_questions(client_for: LogIn) -> None:
    client = client_for(make_user("staff", "ud-14"))
    make_item()
    client.get("/materiel/")

    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get("/materiel/")
        return len(found)

    one = count()
    for _ in range(15):
        make_version(make_item())
    assert count() == one


def test_a_published_version_never_changes() -> None:
    make_version(make_item())
    with pytest.raises(IntegrityError, match="written once"):
        ItemVersion.objects.update(label="Autre")


def test_a_shared_file_never_goes() -> None:
    make_version(make_item())
    with pytest.raises(IntegrityError, match="written once"):
        SocialFile.objects.all().delete()


def test_a_former_version_is_for_who_keeps_the_catalogue(client_for: LogIn) -> None:
    item = make_item()
    make_version(item, "Première")
    make_version(item, "Seconde")
    member, keeper = make_user("staff", "ud-14"), make_user("staff", "confederation")
    address = f"{item.get_absolute_url()}fichiers/{{}}/econome/"
    for reader, number, expected in ((member, 2, 200), (member, 1, 404), (keeper, 1, 200)):
        answer = client_for(reader).get(address.format(number))
        assert answer.status_code == expected
        assert expected == 404 or b"".join(answer.streaming_content)
    history = client_for(keeper).get(f"{item.get_absolute_url()}versions/").content.decode()
    assert "Première" in history


def test_files_leave_with_headers_that_run_nothing(client_for: LogIn) -> None:
    item = make_item()
    make_version(item)
    client = client_for(make_user("militant", "ul-caen"))
    for address in ("apercu/1/", "fichiers/1/imprimeur/"):
        answer = client.get(item.get_absolute_url() + address)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox"
        assert b"".join(answer.streaming_content)


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_version_is_published_with_its_files(client_for: LogIn) -> None:
    item = make_item()
    client = client_for(make_user("staff", "confederation"))
    answer = client.post(
        f"{item.get_absolute_url()}nouvelle-version/",
        {"label": "Septembre", "print_ready": upload("a.pdf", PDF)},
    )
    assert answer.status_code == 302
    version = Item.objects.get(pk=item.pk).current
    assert version
    assert version.print_ready
    assert not version.low_ink
    version.print_ready.close()


@pytest.mark.parametrize(
    ("field", "content"),
    [("print_ready", b"MZ program"), ("preview", PDF), ("social", b"<svg onload=alert()>")],
)
def test_a_file_is_judged_by_what_it_holds(client_for: LogIn, field: str, content: bytes) -> None:
    item = make_item()
    client = client_for(make_user("staff", "confederation"))
    answer = client.post(
        f"{item.get_absolute_url()}nouvelle-version/",
        {"label": "Septembre", field: upload("visuel.png", content)},
    )
    assert answer.status_code == 200
    assert "Septembre" in answer.content.decode()
    assert Item.objects.get(pk=item.pk).current is None


def test_an_item_is_made_changed_retired_and_put_back(client_for: LogIn) -> None:
    client = client_for(make_user("staff", "confederation"))
    data = {"name": "Affiche du vote", "kind": "poster", "languages": ["fr"], "pack_size": "50"}
    assert client.post("/materiel/entretien/nouvel-article/", data).status_code == 302
    item = Item.objects.get(name="Affiche du vote")
    own = item.get_absolute_url()
    assert item.kind == "poster"
    client.post(f"{own}modifier/", data | {"name": "Affiche des dates"})
    assert Item.objects.get(pk=item.pk).name == "Affiche des dates"
    assert Item.objects.get(pk=item.pk).slug == item.slug
    assert client.get(f"{own}retirer/").status_code == 200
    client.post(f"{own}retirer/")
    assert "Affiche des dates" in client.get("/materiel/entretien/").content.decode()
    assert "n’est plus au catalogue" in client.get(own).content.decode()
    client.post(f"{own}remettre/")
    assert "n’est plus au catalogue" not in client.get(own).content.decode()


def test_a_version_needs_no_file() -> None:
    item = make_item()
    publish_version(item=item, label="Sans fichier", files=Files(), by=None)
    assert Item.objects.get(pk=item.pk).current

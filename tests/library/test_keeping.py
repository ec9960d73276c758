"""The pages of those who keep documents: batches, collections, what waits for them."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns import clock
from library import collecting, publishing
from library.enums import Care
from library.errors import DocumentChanged
from library.models import Collection, Document, DownloadCount
from organisations.models import User
from tests.factories import get_organisation, make_user
from tests.library.conftest import VIDEO, ClientFor, make_document, picture, upload

pytestmark = pytest.mark.django_db
ADD, BATCH, CARE = (
    "/ressources/nouveau-document/", "/ressources/plusieurs-documents/", "/ressources/suivi/",
)  # fmt: skip


@pytest.fixture
def staff(client_for: ClientFor, editor: User) -> Client:
    return client_for(editor)


def place(collection: Collection, *documents: Document) -> None:
    collecting.arrange_collection(
        collection=collection, title=collection.title, summary="", documents=documents,
        revision=collection.revision,
    )  # fmt: skip


class TestAdding:
    def test_kept_as_a_draft_then_published(self, staff: Client) -> None:
        typed = {"title": "Bonjour", "kind": "guide", "audience": "members", "then": "draft"}
        page = staff.post(ADD, typed | {"file": upload()}, follow=True)
        assert "Brouillon" in page.text
        assert "Bonjour" not in staff.get("/ressources/").text
        staff.post("/ressources/documents/bonjour/publier/")
        assert "Bonjour" in staff.get("/ressources/").text

    def test_a_broken_file_says_so_beside_its_field(self, staff: Client) -> None:
        typed = {"title": "Guide", "kind": "guide", "audience": "members"}
        page = staff.post(ADD, typed | {"file": upload("a.png", picture()[:50])})
        assert page.context["form"].errors["file"] == [
            "Cette image est abîmée : elle ne s’ouvre pas."
        ]
        assert 'value="Guide"' in page.text

    def test_a_federation_must_say_for_which_trade(self, client_for: ClientFor) -> None:
        client = client_for(make_user("staff", "fd-commerce"))
        typed = {"title": "Guide", "kind": "guide", "audience": "members"}
        page = client.post(ADD, typed | {"file": upload()})
        assert "publie pour ses métiers" in page.context["form"].errors["trades"][0]
        client.post(ADD, typed | {"file": upload(), "trades": ["coiffeur"]})
        assert Document.objects.get().organisation == get_organisation("fd-commerce")

    def test_nobody_publishes_in_the_name_of_another(self, client_for: ClientFor) -> None:
        client = client_for(make_user("staff", "ud-14"))
        typed = {"title": "Guide", "kind": "guide", "audience": "members",
                 "organisation": get_organisation("confederation").pk}  # fmt: skip
        page = client.post(ADD, typed | {"file": upload()})
        assert "organisation" in page.context["form"].errors
        page = client.post(ADD, typed | {"audience": "confederation", "organisation": ""})
        assert "audience" in page.context["form"].errors
        assert not Document.objects.exists()

    def test_a_day_that_is_past_is_refused(self, staff: Client) -> None:
        typed = {"title": "Guide", "kind": "guide", "audience": "members"}
        page = staff.post(ADD, typed | {"expires_on": "2020-01-01", "file": upload()})
        assert page.context["form"].errors["expires_on"] == ["Ce jour est passé."]

    def test_the_second_who_replaces_is_told_by_whom(self, staff: Client, editor: User) -> None:
        document, other = make_document(editor), make_user("admin", "confederation")
        publishing.replace_document(
            document=document, file=upload("Le bon.mp4"), author=other, seen=1
        )
        sent = {"file": upload("b.mp4", VIDEO + b"y"), "seen": 1}
        page = staff.post(f"{document.get_absolute_url()}remplacer/", sent, follow=True)
        assert f"remplacé par {other} : « Le bon.mp4 », version 2" in page.text.replace("\xa0", " ")

    def test_words_changed_in_the_meantime_stay_typed(self, staff: Client, editor: User) -> None:
        document = make_document(editor)
        typed = {"title": "Le mien", "kind": "guide", "audience": "staff", "revision": 0}
        address = f"{document.get_absolute_url()}modifier/"
        assert "revision" in staff.post(address, typed).context["form"].errors
        page = staff.post(address, typed | {"revision": 7})
        assert "modifié entre-temps" in page.text
        assert 'value="Le mien"' in page.text


class TestBatches:
    COMMON = {"kind": "visual", "audience": "members"}

    def send(self, client: Client, *files: Any) -> Any:
        return client.post(BATCH, self.COMMON | {"uploads": list(files)}, follow=True)

    def test_each_file_gets_its_title(self, staff: Client) -> None:
        page = self.send(staff, upload("visuel_jour-1.mp4"), upload("visuel_jour-2.png", picture()))
        assert 'value="Visuel jour 1"' in page.text
        assert not Document.objects.available().exists()
        drafts = list(Document.objects.order_by("pk"))
        typed = {"titres-TOTAL_FORMS": 2, "titres-INITIAL_FORMS": 2, "then": "publish"}
        for number, draft in enumerate(drafts):
            typed |= {
                f"titres-{number}-pk": draft.pk, f"titres-{number}-revision": 1,
                f"titres-{number}-title": f"Jour {number}",
                f"titres-{number}-message": "À partager",
            }  # fmt: skip
        staff.post(page.redirect_chain[-1][0], typed)
        shown = Document.objects.available().order_by("pk")
        assert [(one.title, one.message) for one in shown] == [
            ("Jour 0", "À partager"), ("Jour 1", "À partager"),
        ]  # fmt: skip

    def test_a_bad_file_does_not_stop_the_others(self, staff: Client) -> None:
        page = self.send(staff, upload("bon.mp4"), upload("mauvais.exe", b"MZ\x90\x00"))
        assert "mauvais.exe" in page.text
        assert "n’est pas accepté" in page.text
        assert [draft.title for draft in Document.objects.all()] == ["Bon"]

    def test_only_bad_files_make_nothing(self, staff: Client) -> None:
        page = self.send(staff, upload("a.exe", b"MZ\x90\x00"), upload("b.mp4", b""))
        assert len(page.context["form"].errors["uploads"]) == 2
        assert not Document.objects.exists()

    def test_too_many_or_none_are_refused(self, staff: Client) -> None:
        many = self.send(staff, *[upload(f"{number}.mp4") for number in range(21)])
        assert "20 fichiers au plus" in many.context["form"].errors["uploads"][0]
        assert "uploads" in self.send(staff).context["form"].errors

    def test_together_they_weigh_what_one_request_may(self, staff: Client, settings: Any) -> None:
        settings.UPLOAD_MAX_BYTES = 20
        page = self.send(staff, upload("a.mp4"), upload("b.mp4"))
        assert "ensemble" in page.context["form"].errors["uploads"][0]
        assert not Document.objects.exists()

    def test_all_are_published_or_none(self, staff: Client, editor: User) -> None:
        page = self.send(staff, upload("a.mp4"), upload("b.mp4"))
        first, second = Document.objects.order_by("pk")
        publishing.edit_document(
            document=second, author=editor, revision=1,
            description=publishing.Description(title="Renommé", kind="visual"),
        )  # fmt: skip
        typed = {"titres-TOTAL_FORMS": 2, "titres-INITIAL_FORMS": 2, "then": "publish"}
        for number, draft in enumerate((first, second)):
            typed |= {f"titres-{number}-pk": draft.pk, f"titres-{number}-revision": 1,
                      f"titres-{number}-title": "Le mien"}  # fmt: skip
        again = staff.post(page.redirect_chain[-1][0], typed)
        assert "modifié entre-temps" in again.text
        assert not Document.objects.available().exists()
        assert not Document.objects.filter(title="Le mien").exists()


class TestCollections:
    @pytest.fixture
    def collection(self) -> Collection:
        return collecting.create_collection(title="Essai", summary="Pour voir")

    def test_an_empty_one_is_shown_to_its_keepers_alone(
        self, staff: Client, client_for: ClientFor, collection: Collection
    ) -> None:
        assert "est vide" in staff.get(collection.get_absolute_url()).text
        militant = client_for(make_user("militant", "ud-14"))
        assert militant.get(collection.get_absolute_url()).status_code == 404
        assert "Essai" not in militant.get("/ressources/").text

    def test_its_order_is_what_was_chosen(
        self, staff: Client, editor: User, collection: Collection
    ) -> None:
        first, second = make_document(editor, "Alpha"), make_document(editor, "Bêta")
        third = make_document(editor, "Gamma")
        place(collection, first, second)
        typed = {
            "title": "Essai", "revision": 2, "added": [third.pk], "places-TOTAL_FORMS": 2,
            "places-INITIAL_FORMS": 2, "places-0-document": first.pk, "places-0-rank": 9,
            "places-1-document": second.pk, "places-1-rank": 1,
        }  # fmt: skip
        page = staff.post(f"{collection.get_absolute_url()}modifier/", typed, follow=True).text
        assert page.index("Bêta") < page.index("Alpha") < page.index("Gamma")
        typed = {
            "title": "Essai", "revision": 3, "places-TOTAL_FORMS": 1, "places-INITIAL_FORMS": 1,
            "places-0-document": second.pk, "places-0-rank": 1, "places-0-leaves": "on",
        }  # fmt: skip
        staff.post(f"{collection.get_absolute_url()}modifier/", typed)
        assert not collection.placements.exists()

    def test_two_who_arrange_it_see_each_other(self, editor: User, collection: Collection) -> None:
        place(collection, make_document(editor))
        with pytest.raises(DocumentChanged, match="entre-temps"):
            place(collection)
        assert collection.placements.exists()

    def test_each_reader_sees_of_it_what_is_for_them(
        self, client_for: ClientFor, editor: User, collection: Collection
    ) -> None:
        shown = make_document(editor, "Pour tous")
        place(collection, shown, make_document(editor, "Réservé", audience="staff"))
        page = client_for(make_user("militant", "ud-14")).get(collection.get_absolute_url()).text
        assert "Pour tous" in page
        assert "Réservé" not in page

    def test_it_goes_without_its_documents(
        self, staff: Client, editor: User, collection: Collection
    ) -> None:
        place(collection, make_document(editor))
        address = f"{collection.get_absolute_url()}supprimer/"
        assert "restent où ils sont" in staff.get(address).text
        staff.post(address)
        assert Document.objects.exists()
        assert not Collection.objects.filter(slug=collection.slug).exists()

    def test_three_come_with_the_software(self) -> None:
        titles = list(Collection.objects.order_by("position").values_list("title", flat=True))
        assert titles == ["Kit presse", "Réseaux sociaux", "Prises de parole"]


class TestCare:
    @pytest.fixture
    def cases(self, editor: User) -> dict[Care, Document]:
        today, now = clock.today(), timezone.now()
        made = {care: make_document(editor, care.label) for care in Care}
        changes: dict[Care, dict[str, Any]] = {
            Care.EXPIRING: {"expires_on": today + dt.timedelta(days=31)},
            Care.EXPIRED: {"expires_on": today - dt.timedelta(days=1)},
            Care.STALE: {"checked_at": now - dt.timedelta(days=185)},
            Care.IDLE: {"published_at": now - dt.timedelta(days=16)},
            Care.DRAFT: {"published_at": None},
            Care.RETIRED: {"retired_at": now},
        }
        for care, change in changes.items():
            Document.objects.filter(pk=made[care].pk).update(**change)
        # Fine in every way, but to expire one day more than a month ahead.
        fine = make_document(editor, "Rien à dire", expires_on=today + dt.timedelta(days=32))
        Document.objects.filter(pk=fine.pk).update(published_at=now - dt.timedelta(days=16))
        DownloadCount.objects.create(document=fine, day=today, count=3)
        return made

    @pytest.mark.parametrize("care", Care)
    def test_each_waits_for_its_reason(
        self, staff: Client, cases: dict[Care, Document], care: Care
    ) -> None:
        page = staff.get(CARE, {"etat": care.value})
        assert [document.pk for document in page.context["page_obj"]] == [cases[care].pk]
        assert [tab["count"] for tab in page.context["tabs"]] == [1] * len(Care)

    def test_the_most_pressing_comes_first(
        self, staff: Client, cases: dict[Care, Document]
    ) -> None:
        assert staff.get(CARE).context["reason"] == Care.EXPIRING
        assert "Un document expire dans le mois" in staff.get("/ressources/").text.replace(
            "\xa0", " "
        )

    def test_reading_it_again_is_enough(self, staff: Client, cases: dict[Care, Document]) -> None:
        staff.post(f"{cases[Care.STALE].get_absolute_url()}relu/")
        assert not staff.get(CARE, {"etat": Care.STALE.value}).context["page_obj"].object_list

    def test_others_see_theirs_alone(
        self, client_for: ClientFor, cases: dict[Care, Document]
    ) -> None:
        author = make_user("staff", "ud-14")
        own = make_document(author, organisation=get_organisation("ud-14"), is_draft=True)
        page = client_for(author).get(CARE, {"etat": Care.DRAFT.value})
        assert [document.pk for document in page.context["page_obj"]] == [own.pk]
        assert client_for(make_user("admin", "ul-caen")).get(CARE).status_code == 404

    def test_many_rows_cost_as_many_queries_as_one(self, staff: Client, editor: User) -> None:
        def count() -> int:
            with CaptureQueriesContext(connection) as captured:
                staff.get(CARE, {"etat": Care.DRAFT.value})
            return len(captured)

        make_document(editor, is_draft=True)
        few = count()
        for number in range(9):
            make_document(editor, f"Brouillon {number}", is_draft=True)
        assert count() == few

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from library import actions
from library.models import Document, RightsSheet
from organisations.models import User
from territory.models import Trade
from tests.factories import make_user
from tests.library.conftest import VERIFIED_ON, VIDEO, make_document, picture, upload

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
HOME = "/ressources/"
ADD = "/ressources/nouveau-document/"


@pytest.fixture
def staff(client_for: ClientFor, editor: User) -> Client:
    return client_for(editor)


@pytest.fixture
def militant(client_for: ClientFor) -> Client:
    return client_for(make_user("militant", "ud-14"))


class TestHome:
    def test_an_empty_library_says_what_to_do(self, staff: Client, militant: Client) -> None:
        assert "Ajoutez un premier document" in staff.get(HOME).text
        assert "Revenez bientôt" in militant.get(HOME).text

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", {"sheet", "document"}),
            ("q=ETE", {"document"}),
            ("q=delai", {"sheet"}),
            ("q=zzz", set()),
            ("kind=fiches", {"sheet"}),
            ("kind=visual", {"document"}),
            ("kind=slides", set()),
            ("metier=apprenti", {"sheet", "document"}),
            ("kind=inconnu", {"sheet", "document"}),
        ],
    )
    def test_filters(
        self, militant: Client, published: RightsSheet, editor: User, query: str, found: set[str]
    ) -> None:
        make_document(editor)
        text = militant.get(f"{HOME}?{query}").text
        shown = {"sheet": "Une fiche d’essai" in text, "document": "Affiche d’été" in text}
        assert {name for name, is_shown in shown.items() if is_shown} == found
        assert ("Rien ne correspond" in text) == (not found)

    def test_a_militant_sees_no_editing(self, militant: Client, published: RightsSheet) -> None:
        assert "modifier" not in militant.get(HOME).text

    def test_drafts_are_for_editors(
        self, militant: Client, staff: Client, content: dict[str, Any], editor: User
    ) -> None:
        actions.create_sheet(content=content, verified_on=VERIFIED_ON, author=editor)
        assert "Jamais publiée" in staff.get(HOME).text
        assert "Une fiche d’essai" not in militant.get(HOME).text

    def test_many_rows_cost_as_many_queries_as_one(
        self,
        staff: Client,
        published: RightsSheet,
        editor: User,
        content: dict[str, Any],
    ) -> None:
        def count() -> int:
            with CaptureQueriesContext(connection) as captured:
                staff.get(HOME)
            return len(captured)

        make_document(editor)
        staff.get(HOME)  # begins the visit
        few = count()
        for number in range(9):
            make_document(editor, title=f"Document {number}")
            draft = actions.create_sheet(
                content=content | {"title": f"Fiche {number}"},
                verified_on=VERIFIED_ON,
                author=editor,
            )
            actions.publish_sheet(version=draft, publisher=editor)
        assert count() == few

    @pytest.mark.parametrize(("day", "late"), [("2026-12-01", False), ("2027-08-01", True)])
    def test_old_sheets_ask_to_be_verified(
        self, client_for: ClientFor, editor: User, published: RightsSheet, day: str, late: bool
    ) -> None:
        with time_machine.travel(f"{day}T12:00:00Z", tick=False):
            client = client_for(editor)
            text = client.get("/ressources/a-reverifier/").text
            assert ("Une fiche d’essai" in text) == late
            assert ("Tout est à jour" in text) != late
            assert ("À revérifier" in client.get(HOME).text) == late


class TestDocuments:
    def test_a_document_is_added(self, staff: Client) -> None:
        answer = staff.post(
            ADD,
            {
                "title": "Argumentaire",
                "kind": "talking-points",
                "audience": "members",
                "file": upload(),
            },
            follow=True,
        )
        assert answer.redirect_chain[-1][0] == "/ressources/documents/argumentaire/"
        assert "Vidéo MP4, 14" in answer.text

    @pytest.mark.parametrize(
        ("file", "message"),
        [
            (upload(data=b"MZ\x90\x00 a program"), "n’est pas accepté"),
            (upload("a.svg", b"<svg/>"), "n’est pas accepté"),
            (upload("a.html", b"<p>a</p>"), "n’est pas accepté"),
            (upload(data=b""), "Ce fichier est vide."),
            (upload(data=VIDEO + bytes(2000)), "au plus"),
            (None, "Ce champ est obligatoire."),
        ],
        ids=["program", "svg", "html", "empty", "large", "none"],
    )
    def test_a_refused_file_says_why_and_keeps_the_rest(
        self, staff: Client, settings: Any, file: SimpleUploadedFile | None, message: str
    ) -> None:
        settings.UPLOAD_MAX_BYTES = 1000
        data = {"title": "Mon titre", "kind": "guide", "audience": "members"} | (
            {"file": file} if file else {}
        )
        page = staff.post(ADD, data)
        assert message in page.text
        assert 'value="Mon titre"' in page.text
        assert not Document.objects.exists()

    def test_everybody_logged_in_downloads_it_safely(self, militant: Client, editor: User) -> None:
        document = make_document(editor, file=upload("Affiche été.exe", picture("JPEG")))
        answer = militant.get(f"{document.get_absolute_url()}fichier/")
        assert answer.getvalue().startswith(b"\xff\xd8\xff")
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox"
        assert answer["Content-Disposition"] == (
            "attachment; filename*=utf-8''Affiche%20%C3%A9t%C3%A9.jpg"
        )

    def test_a_stranger_does_not(self, client: Client, editor: User) -> None:
        document = make_document(editor)
        assert client.get(f"{document.get_absolute_url()}fichier/").status_code == 302

    def test_replacing_keeps_former_files_for_editors(
        self, staff: Client, militant: Client, editor: User
    ) -> None:
        base = make_document(editor).get_absolute_url()
        staff.post(f"{base}remplacer/", {"file": upload("b.mp4", VIDEO + b"y"), "seen": 1})
        assert militant.get(f"{base}fichier/").getvalue() == VIDEO + b"y"
        assert staff.get(f"{base}fichier/1/").getvalue() == VIDEO + b"x"
        assert militant.get(f"{base}fichier/1/").status_code == 404
        assert staff.get(f"{base}fichier/3/").status_code == 404

    def test_details_are_edited(self, staff: Client, editor: User) -> None:
        base = make_document(editor).get_absolute_url()
        assert "Affiche d’été" in staff.get(f"{base}modifier/").text
        staff.post(
            f"{base}modifier/",
            {
                "title": "Affiche",
                "kind": "press",
                "trades": ["apprenti"],
                "idcc": "843, 3239",
                "audience": "staff",
                "revision": 1,
            },
        )
        document = Document.objects.get()
        assert (document.title, document.kind) == ("Affiche", "press")
        assert [trade.pk for trade in document.trades.all()] == ["apprenti"]
        assert {agreement.pk for agreement in document.agreements.all()} == {"0843", "3239"}
        assert 'value="0843, 3239"' in staff.get(f"{base}modifier/").text
        assert "IDCC 0843" in staff.get(base).text

    def test_an_unknown_agreement_is_refused(self, staff: Client, editor: User) -> None:
        base = make_document(editor).get_absolute_url()
        page = staff.post(f"{base}modifier/", {"title": "A", "kind": "press", "idcc": "9999"})
        assert page.context["form"].errors["idcc"] == ["Convention inconnue : 9999."]

    def test_a_document_of_an_agreement_is_found_by_its_trades(self, editor: User) -> None:
        document = make_document(editor, idcc=["0843"])
        make_document(editor, title="Ménage", idcc=["3239"])
        bakers = Trade.objects.filter(agreements="0843").order_by("pk")
        assert list(Document.objects.for_trade(bakers[0].pk)) == [document]

    def test_withdrawing_asks_first_and_can_be_undone(
        self, staff: Client, militant: Client, editor: User
    ) -> None:
        base = make_document(editor).get_absolute_url()
        assert "Vous pourrez le rétablir" in staff.get(f"{base}retirer/").text
        assert "Affiche d’été" in staff.post(f"{base}retirer/", follow=True).text
        assert militant.get(base).status_code == 410
        assert militant.get(f"{base}fichier/").status_code == 410
        assert "Affiche d’été" not in staff.get(HOME).text
        staff.post(f"{base}retablir/")
        assert militant.get(base).status_code == 200

    @pytest.mark.parametrize("page", ["modifier/", "remplacer/", "retirer/", "retablir/"])
    def test_only_the_confederation_changes_it(
        self, militant: Client, editor: User, page: str
    ) -> None:
        base = make_document(editor).get_absolute_url()
        assert militant.post(f"{base}{page}", {"file": upload()}).status_code == 404

    def test_pages_of_documents(self, militant: Client, editor: User) -> None:
        for number in range(25):
            make_document(editor, title=f"Document {number}")
        assert "1–24 sur 25" in militant.get(HOME).text
        assert militant.get(f"{HOME}?page=2").text.count("Télécharger") == 1

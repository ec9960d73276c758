from typing import Any

import pytest
from django.test import Client

from library import actions
from library.models import RightsSheet, RightsSheetVersion
from organisations.models import User
from tests.library.conftest import VERIFIED_ON

pytestmark = pytest.mark.django_db
PAGE = "/fiches/une-fiche-dessai/"
PDF = "/fiches/une-fiche-dessai.pdf"


def add(content: dict[str, Any], editor: User, title: str, **changes: Any) -> None:
    draft = actions.create_sheet(
        content=content | {"title": title} | changes, verified_on=VERIFIED_ON, author=editor
    )
    actions.publish_sheet(version=draft, publisher=editor)


class TestList:
    def test_it_is_open_to_all(self, client: Client, published: RightsSheet) -> None:
        page = client.get("/fiches/")
        assert page.status_code == 200
        assert "vérifié le 22 novembre 2026" in page.text

    def test_it_says_what_to_do_when_empty(self, client: Client) -> None:
        assert "0 806 000 126" in client.get("/fiches/").text

    def test_a_draft_is_not_listed(self, client: Client, draft: RightsSheetVersion) -> None:
        assert "Une fiche" not in client.get("/fiches/").text

    def test_a_trade_comes_first(
        self, client: Client, content: dict[str, Any], editor: User, published: RightsSheet
    ) -> None:
        add(content, editor, "Chez un particulier", audience="targeted", idcc=["3239"])
        add(content, editor, "Apprentis seulement", audience="targeted", trades=["apprenti"])
        text = client.get("/fiches/?metier=garde-enfants").text
        assert text.index("Chez un particulier") < text.index("Une fiche d’essai")
        assert "Apprentis seulement" not in text

    def test_an_unknown_trade_shows_everything_and_says_so(
        self, client: Client, published: RightsSheet
    ) -> None:
        page = client.get("/fiches/?metier=dompteur")
        assert page.status_code == 200
        assert "Ce métier n’est pas dans la liste." in page.text
        assert "Une fiche d’essai" in page.text

    def test_ten_sheets_cost_as_many_queries_as_one(
        self,
        client: Client,
        content: dict[str, Any],
        editor: User,
        published: RightsSheet,
        django_assert_max_num_queries: Any,
    ) -> None:
        for number in range(9):
            add(content, editor, f"Fiche {number}")
        with django_assert_max_num_queries(5):
            client.get("/fiches/")


class TestSheet:
    def test_it_can_be_read_whole(self, client: Client, published: RightsSheet) -> None:
        text = client.get(PAGE).text
        for words in (
            "Seconde chose.", "12,31 €", "1er juin 2026", "D’abord.", "Un élément.",
            "Attention au délai.", "Par exemple Lina.", "Écrire une lettre.", 'rel="noopener',
            "Vérifié le 22 novembre 2026",
        ):  # fmt: skip
            assert words in text

    def test_what_an_editor_typed_is_never_markup(
        self, client: Client, content: dict[str, Any], editor: User, fast_pdf: None
    ) -> None:
        content["sections"][0]["blocks"] = [
            {"type": "paragraph", "text": "<script>alert(1)</script>"}
        ]
        add(content, editor, "Une fiche d’essai")
        text = client.get(PAGE).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text

    def test_a_new_version_keeps_the_address(
        self, client: Client, published: RightsSheet, editor: User, content: dict[str, Any]
    ) -> None:
        draft = actions.save_draft(
            sheet=published,
            content=content | {"title": "Titre neuf"},
            verified_on=VERIFIED_ON,
            author=editor,
            revision=0,
        )
        assert "Titre neuf" not in client.get(PAGE).text
        actions.publish_sheet(version=draft, publisher=editor)
        assert "Titre neuf" in client.get(PAGE).text

    @pytest.mark.parametrize("address", [PAGE, PDF])
    def test_a_withdrawn_sheet_says_so_and_shows_the_way(
        self, client: Client, published: RightsSheet, address: str
    ) -> None:
        actions.retire_sheet(sheet=published)
        page = client.get(address)
        assert page.status_code == 410
        assert "a été retirée" in page.text
        assert 'href="/fiches/"' in page.text

    @pytest.mark.parametrize("address", [PAGE, PDF, "/fiches/inconnue/", "/fiches/inconnue.pdf"])
    def test_a_sheet_never_published_does_not_exist(
        self, client: Client, draft: RightsSheetVersion, address: str
    ) -> None:
        assert client.get(address).status_code == 404

    @pytest.mark.parametrize("address", ["/fiches/", PAGE, PDF])
    def test_nothing_is_posted_there(
        self, client: Client, published: RightsSheet, address: str
    ) -> None:
        assert client.post(address).status_code == 405


class TestPdfDownload:
    def test_it_is_safe_and_named(self, client: Client, published: RightsSheet) -> None:
        answer = client.get(PDF)
        assert answer.getvalue().startswith(b"%PDF-")
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == 'attachment; filename="une-fiche-dessai.pdf"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox"

    def test_a_copy_already_held_is_not_sent_again(
        self, client: Client, published: RightsSheet
    ) -> None:
        first = client.get(PDF)
        first.getvalue()
        by_tag = client.get(PDF, headers={"if-none-match": first["ETag"]})
        by_date = client.get(PDF, headers={"if-modified-since": first["Last-Modified"]})
        assert (by_tag.status_code, by_date.status_code) == (304, 304)

    def test_a_new_version_is_sent(
        self, client: Client, published: RightsSheet, editor: User
    ) -> None:
        first = client.get(PDF)
        first.getvalue()
        draft = actions.create_draft(sheet=published, author=editor)
        actions.publish_sheet(version=draft, publisher=editor)
        second = client.get(PDF, headers={"if-none-match": first["ETag"]})
        assert second.getvalue().startswith(b"%PDF")

import copy
import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from pypdf import PdfReader

from core.pdf import ForbiddenFetch, render_pdf
from library import actions
from library.enums import State
from library.models import RightsSheet, RightsSheetVersion
from library.sheets import InvalidContent
from organisations.models import User
from tests.factories import make_user
from tests.library.conftest import VERIFIED_ON

pytestmark = pytest.mark.django_db
Version = RightsSheetVersion


def make_sheet(content: dict[str, Any], author: User, **changes: Any) -> RightsSheet:
    text = copy.deepcopy(content) | changes
    draft = actions.create_sheet(content=text, verified_on=VERIFIED_ON, author=author)
    return actions.publish_sheet(version=draft, publisher=author).sheet


def save(sheet: RightsSheet, author: User, revision: int, **changes: Any) -> Version:
    content = sheet.versions.latest("number").content | changes
    return actions.save_draft(
        sheet=sheet, content=content, verified_on=VERIFIED_ON, author=author, revision=revision
    )


class TestDrafts:
    def test_a_new_sheet_is_not_public(self, draft: Version) -> None:
        assert draft.number == 1
        assert not RightsSheet.objects.published().exists()

    def test_two_sheets_of_the_same_title_have_two_addresses(
        self, draft: Version, editor: User
    ) -> None:
        other = actions.create_sheet(content=draft.content, verified_on=VERIFIED_ON, author=editor)
        assert (draft.sheet.slug, other.sheet.slug) == ("une-fiche-dessai", "une-fiche-dessai-2")

    def test_a_draft_copies_the_published_text(self, published: RightsSheet, editor: User) -> None:
        draft = actions.create_draft(sheet=published, author=editor)
        assert (draft.number, draft.state) == (2, State.DRAFT)
        assert draft.content == published.versions.get(number=1).content

    def test_a_second_draft_is_the_first(self, published: RightsSheet, editor: User) -> None:
        first = actions.create_draft(sheet=published, author=editor)
        assert actions.create_draft(sheet=published, author=make_user()) == first

    def test_saving_leaves_the_published_text_alone(
        self, published: RightsSheet, editor: User
    ) -> None:
        save(published, editor, 0, lead="Nouveau chapeau.")
        assert published.versions.get(number=1).content["lead"].startswith("Ce que dit")
        assert published.versions.get(number=2).content["lead"] == "Nouveau chapeau."

    def test_saving_over_somebody_else_s_draft_is_refused(
        self, published: RightsSheet, editor: User
    ) -> None:
        lina = make_user(first_name="Lina")
        save(published, lina, 0, lead="De Lina.")
        with pytest.raises(actions.DraftChanged, match="modifié entre-temps par Lina"):
            save(published, editor, 0, lead="De l’autre.")
        assert published.versions.get(number=2).content["lead"] == "De Lina."

    def test_saving_again_counts_the_saves(self, published: RightsSheet, editor: User) -> None:
        save(published, editor, 0)
        assert save(published, editor, 1, lead="Encore.").revision == 2

    def test_bad_content_is_not_saved(self, published: RightsSheet, editor: User) -> None:
        with pytest.raises(InvalidContent):
            save(published, editor, 0, title="")
        assert published.versions.count() == 1

    def test_a_discarded_draft_leaves_the_published_text(
        self, published: RightsSheet, editor: User
    ) -> None:
        actions.create_draft(sheet=published, author=editor)
        actions.discard_draft(sheet=published)
        assert list(published.versions.values_list("state", flat=True)) == [State.PUBLISHED]

    def test_a_sheet_never_published_goes_with_its_draft(self, draft: Version) -> None:
        actions.discard_draft(sheet=draft.sheet)
        assert not RightsSheet.objects.exists()


class TestPublishing:
    def test_the_former_version_is_retired_and_keeps_its_pdf(
        self, published: RightsSheet, editor: User
    ) -> None:
        first = published.versions.get()
        draft = save(published, editor, 0, title="Un autre titre")
        actions.publish_sheet(version=draft, publisher=editor)
        first.refresh_from_db()
        published.refresh_from_db()
        assert first.state == State.RETIRED
        assert default_storage.exists(first.pdf.name)
        assert (published.title, published.slug) == ("Un autre titre", "une-fiche-dessai")

    def test_publishing_twice_is_publishing_once(
        self, draft: Version, editor: User, fast_pdf: None
    ) -> None:
        first = actions.publish_sheet(version=draft, publisher=editor)
        second = actions.publish_sheet(version=draft, publisher=make_user())
        assert second.published_by == first.published_by == editor

    def test_a_replaced_version_cannot_come_back(
        self, published: RightsSheet, editor: User
    ) -> None:
        first = published.versions.get()
        actions.publish_sheet(version=save(published, editor, 0), publisher=editor)
        with pytest.raises(actions.LibraryError, match="déjà été remplacée"):
            actions.publish_sheet(version=first, publisher=editor)

    def test_a_draft_changed_since_it_was_read_is_not_published(
        self, draft: Version, editor: User, fast_pdf: None
    ) -> None:
        save(draft.sheet, editor, 1, lead="Changé.")
        with pytest.raises(actions.DraftChanged):
            actions.publish_sheet(version=draft, publisher=editor, revision=1)
        assert not RightsSheet.objects.published().exists()

    def test_a_failure_leaves_no_file_behind(
        self, draft: Version, editor: User, fast_pdf: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> None:
            raise IntegrityError("lost")

        monkeypatch.setattr(actions, "_describe", fail)
        with pytest.raises(IntegrityError):
            actions.publish_sheet(version=draft, publisher=editor)
        folder = Path(default_storage.path("library/sheets"))
        assert list(folder.iterdir()) == []

    def test_a_withdrawn_sheet_can_be_restored(self, published: RightsSheet) -> None:
        actions.retire_sheet(sheet=published)
        assert list(RightsSheet.objects.retired()) == [published]
        assert actions.restore_sheet(sheet=published).number == 1
        assert list(RightsSheet.objects.published()) == [published]

    def test_a_draft_alone_cannot_be_restored(self, draft: Version) -> None:
        with pytest.raises(actions.LibraryError, match="jamais été publiée"):
            actions.restore_sheet(sheet=draft.sheet)


class TestImmutability:
    @pytest.mark.parametrize(
        "change",
        [
            {"content": {}},
            {"verified_on": dt.date(2026, 1, 1)},
            {"number": 9},
            {"pdf": "other.pdf"},
            {"state": State.DRAFT},
        ],
        ids=str,
    )
    def test_the_database_refuses_to_change_a_published_text(
        self, published: RightsSheet, change: dict[str, Any]
    ) -> None:
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            published.versions.update(**change)

    def test_the_database_refuses_to_delete_it(self, published: RightsSheet) -> None:
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            published.delete()

    def test_an_account_may_go_without_its_publications(
        self, published: RightsSheet, editor: User
    ) -> None:
        editor.delete()
        assert published.versions.get().published_by is None


class TestPdf:
    @pytest.fixture
    def reader(self, draft: Version, editor: User, settings: Any) -> PdfReader:
        settings.SITE_URL = "https://campagne.example"
        draft.content["lead"] = 'Un piège : <img src="http://example.org/x.png"> & <b>'
        draft.save()
        version = actions.publish_sheet(version=draft, publisher=editor)
        with version.pdf.open() as file:
            return PdfReader(io.BytesIO(file.read()))

    def test_it_says_what_the_sheet_says(self, reader: PdfReader) -> None:
        assert len(reader.pages) >= 1
        text = " ".join("".join(page.extract_text() for page in reader.pages).split())
        assert "Une fiche d’essai" in text
        assert "12,31 €" in text
        assert "vérifié le 22 novembre 2026" in text
        assert "version 1" in text
        assert "campagne.example/fiches/une-fiche-dessai/" in text.replace(" ", "")
        assert '<img src="http://example.org/x.png"> & <b>' in text

    def test_its_fonts_are_embedded(self, reader: PdfReader) -> None:
        fonts = [
            font.get_object()
            for page in reader.pages
            for font in page["/Resources"]["/Font"].values()
        ]
        assert fonts
        for font in fonts:
            (descendant,) = font["/DescendantFonts"]
            descriptor = descendant.get_object()["/FontDescriptor"]
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)

    @pytest.mark.parametrize(
        "address",
        ["http://example.org/x.png", "file:///etc/hostname", "//example.org/x.png",
         "static:../manage.py", "data:image/png;base64,AAAA"],
    )  # fmt: skip
    def test_the_renderer_fetches_nothing_but_static_files(
        self, address: str, tmp_path: Path, settings: Any
    ) -> None:
        (tmp_path / "page.html").write_text(f'<img src="{address}">')
        settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
        with pytest.raises(ForbiddenFetch):
            render_pdf("page.html", {})


class TestForWorker:
    @pytest.fixture
    def sheets(self, content: dict[str, Any], editor: User, fast_pdf: None) -> None:
        make_sheet(content, editor, title="Un")
        make_sheet(content, editor, title="Apprentis", audience="targeted", trades=["apprenti"])
        make_sheet(content, editor, title="Maison", audience="targeted", idcc=["3239"])
        make_sheet(content, editor, title="Deux")
        actions.retire_sheet(sheet=make_sheet(content, editor, title="Retirée"))
        actions.create_sheet(
            content=content | {"title": "Brouillon"}, verified_on=VERIFIED_ON, author=editor
        )

    @pytest.mark.parametrize(
        ("trade", "agreement", "titles"),
        [
            (None, None, ["Un", "Deux"]),
            ("apprenti", None, ["Apprentis", "Un", "Deux"]),
            (None, "3239", ["Maison", "Un", "Deux"]),
            ("apprenti", "3239", ["Apprentis", "Maison", "Un", "Deux"]),
            ("boulanger", "0843", ["Un", "Deux"]),
        ],
    )
    def test_their_own_sheets_come_first(
        self, sheets: None, trade: str | None, agreement: str | None, titles: list[str]
    ) -> None:
        found = RightsSheet.objects.for_worker(trade=trade, agreement=agreement)
        assert [sheet.title for sheet in found] == titles

    def test_a_trade_brings_the_sheets_of_its_agreements(self, sheets: None) -> None:
        found = RightsSheet.objects.published().for_trade("garde-enfants")
        assert {sheet.title for sheet in found} == {"Un", "Deux", "Maison"}


class TestSearchAndAge:
    @pytest.mark.parametrize("words", ["", "DELAI", "ete d'essai fiche", "lina"])
    def test_words_are_found_without_accents(self, published: RightsSheet, words: str) -> None:
        expected = [] if "ete" in words else [published]
        assert list(RightsSheet.objects.matching(words)) == expected

    @pytest.mark.parametrize(("day", "late"), [("2027-05-24", False), ("2027-05-25", True)])
    def test_a_sheet_is_due_after_six_months(
        self, published: RightsSheet, day: str, late: bool
    ) -> None:
        due = RightsSheet.objects.to_verify(today=dt.date.fromisoformat(day))
        assert list(due) == ([published] if late else [])

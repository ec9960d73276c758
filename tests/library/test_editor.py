import datetime as dt
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from library import actions
from library.enums import State
from library.forms import SheetEditor
from library.models import RightsSheet, RightsSheetVersion
from organisations.models import User
from tests.factories import make_user
from tests.library.conftest import VERIFIED_ON

pytestmark = pytest.mark.django_db
BASE = "/ressources/fiches/une-fiche-dessai"
EDIT = f"{BASE}/modifier/"
ClientFor = Callable[[User], Client]


@pytest.fixture
def staff(client_for: ClientFor, editor: User) -> Client:
    return client_for(editor)


def typed(version: RightsSheetVersion | None, revision: int, **changes: str) -> dict[str, Any]:
    """What the browser sends back of the form as it was shown, with some changes."""
    editor = SheetEditor(version, revision=revision)
    data: dict[str, Any] = {}
    for form in (editor.form, editor.sections.management_form, *editor.sections):
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = value
    return data | changes


def new_sheet(**changes: str) -> dict[str, Any]:
    return typed(
        None,
        0,
        **{
            "title": "Les pauses",
            "lead": "Vingt minutes.",
            "in_brief": "Une pause.\nPayée ?",
            "what_to_do": "Demander.",
            "sources": "Code du travail | https://www.legifrance.gouv.fr/x",
            "verified_on": "2026-11-20",
            "sections-0-heading": "Combien",
            "sections-0-blocks": "Vingt minutes.\n\n- toutes les six heures",
        }
        | changes,
    )


def errors_in(page: Any) -> list[str]:
    found = re.findall(r'class="field__errors"[^>]*>(.*?)</ul>', page.text, re.DOTALL)
    return [unescape(" ".join(re.sub(r"<[^>]+>", " ", text).split())) for text in found]


class TestWriting:
    def test_a_sheet_is_written_and_previewed(self, staff: Client) -> None:
        answer = staff.post("/ressources/nouvelle-fiche/", new_sheet(then="preview"), follow=True)
        assert answer.redirect_chain[-1][0] == "/ressources/fiches/les-pauses/apercu/"
        assert "toutes les six heures" in answer.text
        assert "Personne ne la voit" in answer.text

    def test_saving_without_a_change_changes_nothing(
        self, staff: Client, published: RightsSheet
    ) -> None:
        version = published.versions.get()
        staff.post(EDIT, typed(version, 0))
        draft = published.versions.get(number=2)
        assert draft.content == version.content
        assert draft.verified_on == version.verified_on

    def test_the_whole_of_a_targeted_sheet_survives_the_form(
        self, staff: Client, published: RightsSheet, editor: User, content: dict[str, Any]
    ) -> None:
        aimed = content | {"audience": "targeted", "trades": ["apprenti"], "idcc": ["3239"]}
        draft = actions.save_draft(
            sheet=published, content=aimed, verified_on=VERIFIED_ON, author=editor, revision=0
        )
        staff.post(EDIT, typed(draft, 1))
        draft.refresh_from_db()
        assert (draft.revision, draft.content) == (2, aimed)

    def test_sections_are_ordered_and_removed(self, staff: Client) -> None:
        staff.post(
            "/ressources/nouvelle-fiche/",
            new_sheet(
                **{
                    "sections-0-ORDER": "2",
                    "sections-1-heading": "D’abord",
                    "sections-1-blocks": "Avant.",
                    "sections-1-ORDER": "1",
                }
            ),
        )
        draft = RightsSheetVersion.objects.get()
        assert [part["heading"] for part in draft.content["sections"]] == ["D’abord", "Combien"]
        staff.post("/ressources/fiches/les-pauses/modifier/",
                   typed(draft, 1, **{"sections-0-DELETE": "on"}))  # fmt: skip
        draft.refresh_from_db()
        assert [part["heading"] for part in draft.content["sections"]] == ["Combien"]

    def test_looking_at_the_editor_creates_nothing(
        self, staff: Client, published: RightsSheet
    ) -> None:
        assert staff.get(EDIT).status_code == 200
        assert published.versions.count() == 1


class TestErrors:
    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("title", "", "Ce champ est obligatoire."),
            ("sources", "Code | http://x.fr", "Ligne 1 : l’adresse doit commencer par https://."),
            ("sources", "\nCode", "Ligne 2 : une source s’écrit"),
            ("sections-0-blocks", "Bien\n\n= Smic", "Ligne 3 : un chiffre clé s’écrit"),
            ("sections-0-blocks", "", "Ce champ est obligatoire."),
            ("sections-0-heading", "", "Ce champ est obligatoire."),
            ("in_brief", "\n".join("abcdefg"), "7 lignes, 6 au plus."),
            ("in_brief", "ok\n" + "x" * 301, "Ligne 2 : 301 caractères, 300 au plus."),
            ("verified_on", "", "Ce champ est obligatoire."),
            ("verified_on", "demain", "Saisissez une date valide."),
            ("idcc", "12345", "Un IDCC a 4 chiffres au plus : 12345."),
            ("idcc", "9998", "Convention inconnue : 9998."),
            ("trades", "dompteur", "dompteur"),
            ("audience", "targeted", "Choisissez au moins un métier"),
        ],
    )
    def test_each_error_stands_beside_its_field(
        self, staff: Client, field: str, value: str, message: str
    ) -> None:
        page = staff.post("/ressources/nouvelle-fiche/", new_sheet(**{field: value}))
        assert page.status_code == 200
        (error,) = errors_in(page)
        assert message in error
        assert not RightsSheet.objects.exists()

    def test_a_date_to_come_is_refused(self, staff: Client) -> None:
        tomorrow = timezone.localdate() + dt.timedelta(days=1)
        page = staff.post(
            "/ressources/nouvelle-fiche/", new_sheet(verified_on=tomorrow.isoformat())
        )
        assert errors_in(page) == ["Cette date est dans le futur."]

    @pytest.mark.parametrize("day", ["0001-01-01", "1926-11-20"])
    def test_a_date_of_another_age_is_refused(self, staff: Client, day: str) -> None:
        page = staff.post("/ressources/nouvelle-fiche/", new_sheet(verified_on=day))
        assert errors_in(page) == ["Cette date remonte à plus de dix ans : vérifiez l’année."]

    def test_errors_inside_the_sections_are_summed_up_with_the_others(self, staff: Client) -> None:
        changes = {"title": "", "sections-0-heading": "", "sections-0-blocks": "= Smic"}
        page = staff.post("/ressources/nouvelle-fiche/", new_sheet(**changes))
        (summary,) = re.findall(r"data-error-summary>(.*?)</div>", page.text, re.DOTALL)
        assert "3 points à corriger" in summary
        assert '<a href="#id_sections-0-heading">Partie 1, Titre de la partie' in summary
        assert '<a href="#id_sections-0-blocks">Partie 1, Texte' in summary
        assert '<a href="#id_title">Titre' in summary

    def test_one_error_in_a_section_is_one_point(self, staff: Client) -> None:
        page = staff.post("/ressources/nouvelle-fiche/", new_sheet(**{"sections-0-heading": ""}))
        assert "Un point à corriger" in page.text

    def test_what_was_typed_is_kept(self, staff: Client) -> None:
        text = "Un <b>texte</b>\n\n= Smic"
        page = staff.post(
            "/ressources/nouvelle-fiche/", new_sheet(**{"sections-0-blocks": text, "title": "Été"})
        )
        assert text in unescape(page.text)
        assert 'value="Été"' in page.text

    def test_a_sheet_needs_a_section(self, staff: Client) -> None:
        page = staff.post(
            "/ressources/nouvelle-fiche/",
            new_sheet(**{"sections-0-heading": "", "sections-0-blocks": ""}),
        )
        assert "Écrivez au moins une partie." in page.text

    def test_a_draft_saved_by_somebody_else_is_not_overwritten(
        self, staff: Client, published: RightsSheet, content: dict[str, Any]
    ) -> None:
        lina = make_user("admin", "confederation", first_name="Lina")
        actions.save_draft(
            sheet=published, content=content, verified_on=VERIFIED_ON, author=lina, revision=0
        )
        page = staff.post(EDIT, typed(published.versions.get(number=1), 0, title="Le mien"))
        assert "modifié entre-temps par Lina" in page.text
        assert 'value="Le mien"' in page.text

    def test_a_form_without_its_sections_is_refused(self, staff: Client) -> None:
        page = staff.post("/ressources/nouvelle-fiche/", {"title": "x"})
        assert page.status_code == 200
        assert not RightsSheet.objects.exists()


@pytest.mark.usefixtures("fast_pdf")
class TestPublishing:
    def test_publication_is_confirmed_on_what_was_read(
        self, staff: Client, published: RightsSheet, editor: User
    ) -> None:
        actions.create_draft(sheet=published, author=editor)
        page = staff.get(f"{BASE}/publier/")
        assert 'name="revision" value="1"' in page.text
        answer = staff.post(f"{BASE}/publier/", {"revision": "1"}, follow=True)
        assert "Fiche publiée" in answer.text
        assert published.versions.published().get().number == 2

    def test_a_text_changed_meanwhile_is_not_published(
        self, staff: Client, published: RightsSheet, editor: User
    ) -> None:
        draft = actions.create_draft(sheet=published, author=editor)
        save = {"sheet": published, "verified_on": VERIFIED_ON, "author": editor}
        actions.save_draft(**save, content=draft.content, revision=1)
        answer = staff.post(f"{BASE}/publier/", {"revision": "1"}, follow=True)
        assert "modifié entre-temps" in answer.text
        assert published.versions.published().get().number == 1

    def test_the_differences_are_shown_before(
        self, staff: Client, published: RightsSheet, editor: User, content: dict[str, Any]
    ) -> None:
        content["lead"] = "Ce que dit la loi, en trois mots."
        actions.save_draft(
            sheet=published, content=content, verified_on=VERIFIED_ON, author=editor, revision=0
        )
        text = staff.get(f"{BASE}/publier/").text
        assert "<del>deux</del><ins>trois</ins>" in text

    def test_the_history_says_who_and_when(
        self, staff: Client, published: RightsSheet, editor: User
    ) -> None:
        text = staff.get(f"{BASE}/historique/").text
        assert "Version 1" in text
        assert f"par {editor}" in text

    def test_withdrawing_asks_first_and_can_be_undone(
        self, staff: Client, published: RightsSheet
    ) -> None:
        assert "Vous pourrez la rétablir" in staff.get(f"{BASE}/retirer/").text
        assert published.versions.get().state == State.PUBLISHED
        assert "Une fiche d’essai" in staff.post(f"{BASE}/retirer/", follow=True).text
        answer = staff.post(f"{BASE}/retablir/", follow=True)
        assert "de nouveau publiée" in answer.text

    def test_throwing_a_draft_away_asks_first(
        self, staff: Client, published: RightsSheet, editor: User
    ) -> None:
        actions.create_draft(sheet=published, author=editor)
        assert "ne change pas" in staff.get(f"{BASE}/jeter/").text
        staff.post(f"{BASE}/jeter/")
        assert published.versions.get().state == State.PUBLISHED


def test_the_draft_can_be_seen_as_a_pdf(staff: Client, draft: RightsSheetVersion) -> None:
    answer = staff.get(f"{BASE}/apercu.pdf")
    assert answer.getvalue().startswith(b"%PDF-")
    assert not RightsSheet.objects.published().exists()


PAGES = [
    "/ressources/nouvelle-fiche/", "/ressources/retires/", "/ressources/a-reverifier/",
    "/ressources/nouveau-document/", EDIT, f"{BASE}/apercu/", f"{BASE}/apercu.pdf",
    f"{BASE}/publier/", f"{BASE}/jeter/", f"{BASE}/retirer/", f"{BASE}/historique/",
    f"{BASE}/versions/1/", f"{BASE}/versions/1.pdf",
]  # fmt: skip


class TestAccess:
    @pytest.fixture
    def with_draft(self, published: RightsSheet, editor: User) -> None:
        actions.create_draft(sheet=published, author=editor)

    @pytest.mark.parametrize("address", PAGES)
    def test_the_confederation_enters(
        self, with_draft: None, staff: Client, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("library.views.sheets.render_version", lambda _: b"%PDF-")
        answer = staff.get(address)
        assert answer.status_code == 200
        answer.getvalue()

    @pytest.mark.parametrize("address", [*PAGES, f"{BASE}/retablir/"])
    @pytest.mark.parametrize("role", ["militant", "admin"])
    def test_nobody_else_does(
        self, with_draft: None, client_for: ClientFor, address: str, role: str
    ) -> None:
        client = client_for(make_user(role, "ul-caen"))
        assert client.post(address).status_code in (404, 405)
        assert address == f"{BASE}/retablir/" or client.get(address).status_code == 404

    def test_a_militant_of_the_confederation_only_reads(
        self, with_draft: None, client_for: ClientFor
    ) -> None:
        assert client_for(make_user("militant", "confederation")).get(EDIT).status_code == 404

    @pytest.mark.parametrize("address", [*PAGES, "/ressources/"])
    def test_a_stranger_logs_in_first(self, with_draft: None, client: Client, address: str) -> None:
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/compte/")

    @pytest.mark.parametrize("page", ["apercu/", "publier/", "jeter/", "versions/7/"])
    def test_what_does_not_exist(self, staff: Client, published: RightsSheet, page: str) -> None:
        assert staff.get(f"{BASE}/{page}").status_code == 404

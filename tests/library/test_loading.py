import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from library import actions
from library.enums import State
from library.loading import SHEETS, SheetFileError, load_sheets, read_sheets
from library.models import RightsSheet
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, sheet_json: dict[str, Any]) -> Path:
    (tmp_path / "essai.json").write_text(json.dumps(sheet_json), encoding="utf-8")
    return tmp_path


def rewrite(folder: Path, **changes: Any) -> None:
    path = folder / "essai.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes), encoding="utf-8")


@pytest.mark.usefixtures("fast_pdf")
class TestRepeating:
    def test_the_ten_shipped_sheets_are_published_in_reading_order(self) -> None:
        report = load_sheets()
        slugs = list(RightsSheet.objects.published().values_list("slug", flat=True))
        assert slugs == report.created
        assert slugs[0] == "salaire-minimum"
        assert len(slugs) == 10

    def test_a_second_load_renders_nothing(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        load_sheets(folder=folder)
        monkeypatch.setattr(actions, "render_version", lambda _version: pytest.fail("rendered"))
        assert load_sheets(folder=folder).unchanged == ["essai"]

    def test_a_new_release_of_a_file_is_a_new_version(self, folder: Path) -> None:
        load_sheets(folder=folder)
        rewrite(folder, lead="Un autre chapeau.")
        assert load_sheets(folder=folder).updated == ["essai"]
        states = RightsSheet.objects.get().versions.order_by("number")
        assert list(states.values_list("number", "state")) == [
            (1, State.RETIRED),
            (2, State.PUBLISHED),
        ]

    def test_an_edited_sheet_is_left_alone(self, folder: Path) -> None:
        load_sheets(folder=folder)
        sheet = RightsSheet.objects.get()
        author = make_user()
        draft = actions.create_draft(sheet=sheet, author=author)
        actions.publish_sheet(version=draft, publisher=author)
        author.delete()
        rewrite(folder, lead="Un autre chapeau.")
        assert load_sheets(folder=folder).kept == ["essai"]
        assert sheet.versions.count() == 2

    def test_a_withdrawn_sheet_stays_withdrawn(self, folder: Path) -> None:
        load_sheets(folder=folder)
        actions.retire_sheet(sheet=RightsSheet.objects.get())
        rewrite(folder, lead="Un autre chapeau.")
        assert load_sheets(folder=folder).kept == ["essai"]
        assert not RightsSheet.objects.published().exists()

    def test_progress_is_told(self, folder: Path) -> None:
        steps: list[tuple[int, int, str]] = []
        load_sheets(lambda *step: steps.append(step), folder=folder)
        assert steps == [(0, 1, "Une fiche d’essai"), (1, 1, "")]

    def test_the_command_ends_with_one_line(self) -> None:
        output = io.StringIO()
        call_command("load_sheets", stdout=output)
        assert output.getvalue() == "Fiches de droits : 10 créées.\n"


class TestBadFiles:
    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"lead": ""}, "essai.json : lead : ce texte manque"),
            ({"verified_on": "hier"}, "essai.json : fichier illisible"),
            ({"slug": "autre"}, "« slug » doit être « essai »"),
            ({"trades": ["dompteur"]}, "Métiers ou conventions inconnus : dompteur"),
            ({"idcc": ["9998"]}, "Métiers ou conventions inconnus : 9998"),
        ],
    )
    def test_nothing_is_loaded(self, folder: Path, changes: dict[str, Any], message: str) -> None:
        rewrite(folder, **changes)
        with pytest.raises(SheetFileError, match=message):
            load_sheets(folder=folder)
        assert not RightsSheet.objects.exists()

    def test_a_file_that_is_not_json(self, folder: Path) -> None:
        (folder / "essai.json").write_bytes(b"\xff\xfe")
        with pytest.raises(SheetFileError, match="illisible"):
            load_sheets(folder=folder)

    def test_the_command_says_it_in_one_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object, **__: object) -> None:
            raise SheetFileError("essai.json : cassé")

        monkeypatch.setattr("library.management.commands.load_sheets.load_sheets", fail)
        with pytest.raises(CommandError, match=r"essai\.json : cassé"):
            call_command("load_sheets")


def test_shipped_dates_are_read() -> None:
    assert {file.verified_on for file in read_sheets(SHEETS)} == {dt.date(2026, 11, 22)}

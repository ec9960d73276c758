"""The documents of the demonstration: each opens, is found, and stands where it should."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.demo import create_personas
from demonstration.edition import Moment
from demonstration.library import ROWS, load_library
from demonstration.loading import load_edition
from library.models import Collection, Document, DownloadCount
from library.previews import prepare
from library.uploads import FILE_TYPES
from organisations.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User]:
    return create_personas()


def load(people: dict[str, User]) -> list[Document]:
    return load_library(campaign=load_edition(Moment.BEFORE, today=timezone.now()), people=people)


def test_every_kind_is_there_and_opens(
    people: dict[str, User], settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    made = load(people)
    assert len(made) == len(ROWS)
    assert {document.kind for document in made} >= {"slides", "talking-points", "visual", "press"}
    for document in made:
        version = document.current
        with version.file.open() as file:
            assert prepare(file, FILE_TYPES[version.content_type]).preview
        assert version.preview
    visual = Document.objects.get(title="Voter en trois gestes")
    assert visual.current.content_type == "image/png"
    assert visual.message
    assert Document.objects.matching("pourboire").get().organisation.slug == "fd-commerce"  # type: ignore[union-attr]
    for collection in Collection.objects.order_by("pk"):
        assert collection.placements.count() == 3
    wanted = sum(row.get("downloads", 0) for row in ROWS)
    counted = sum(DownloadCount.objects.order_by("pk").values_list("count", flat=True))
    assert 0 < counted <= wanted
    again = load(people)
    assert again == []
    assert (
        Document.objects.available()
        .meant_for(people["militant"])
        .renewed_since(timezone.now() - timedelta(days=6))
        .exists()
    )

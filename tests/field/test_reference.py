"""The file a tablet searches without network: small, complete, kept for ever under its name."""

import gzip
import json
from datetime import timedelta
from typing import Any

import brotli
import pytest
from django.test import Client
from django.utils import timezone

from field.models import ReferenceFile
from field.reference import ensure_reference_file, refresh_reference_file
from field.rules import current_reference
from territory.models import Commune, Trade

pytestmark = pytest.mark.django_db
KB = 1024


@pytest.mark.whole_reference
def test_the_whole_file_is_complete_and_small() -> None:
    file = refresh_reference_file()
    assert len(file.brotli) < 260 * KB
    assert len(file.gzip) < 290 * KB
    content = json.loads(brotli.decompress(bytes(file.brotli)))
    assert len(content["trades"]) == Trade.objects.in_use().count()
    assert len(content["departements"]) > 100
    names = [name for departement in content["departements"] for name in communes_of(departement)]
    assert len(names) == Commune.objects.exclude(postcodes=[]).count()


def communes_of(departement: list[str]) -> dict[str, list[str]]:
    """By commune and postcodes (two communes may share a name), its postcodes."""
    _, _, prefix, _, text = departement
    found = {}
    for line in text.splitlines():
        postcodes, _, names = line.partition(":")
        whole = [code if len(code) == 5 else prefix + code for code in postcodes.split(",")]
        for name in names.split("|"):
            found[f"{name} {postcodes}"] = whole
    return found


@pytest.mark.whole_reference
@pytest.mark.parametrize(
    ("code", "start", "postcodes"),
    [
        ("14", "Caen", ["14000"]),
        ("75", "Paris", [f"750{n:02}" for n in range(1, 21)]),
        ("2A", "Ajaccio", ["20000", "20090", "20167"]),
        ("974", "Saint-Denis", ["97400", "97417", "97490"]),
    ],
)
def test_places_are_written_as_the_tablet_reads_them(
    code: str, start: str, postcodes: list[str]
) -> None:
    content = json.loads(gzip.decompress(bytes(refresh_reference_file().gzip)))
    (departement,) = [row for row in content["departements"] if row[0] == code]
    towns = {
        name: codes for name, codes in communes_of(departement).items() if name.startswith(start)
    }
    assert any(set(postcodes) <= set(codes) for codes in towns.values())


def test_the_name_is_that_of_the_content(monkeypatch: pytest.MonkeyPatch) -> None:
    first = refresh_reference_file()
    assert refresh_reference_file().version == first.version
    monkeypatch.setattr("field.reference.reference_content", lambda: {"trades": ["another"]})
    assert refresh_reference_file().version != first.version
    assert ReferenceFile.objects.count() == 2


def test_a_content_that_comes_back_is_current_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = refresh_reference_file()
    with monkeypatch.context() as patch:
        patch.setattr("field.reference.reference_content", lambda: {"trades": ["another"]})
        assert refresh_reference_file() == current_reference() != first
    refresh_reference_file()
    assert current_reference() == first


def test_what_nobody_asks_for_any_more_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    old = refresh_reference_file()
    ReferenceFile.objects.update(built_at=timezone.now() - timedelta(days=8))
    monkeypatch.setattr("field.reference.reference_content", lambda: {"trades": ["another"]})
    refresh_reference_file()
    assert not ReferenceFile.objects.filter(pk=old.pk).exists()


def test_opening_a_tablet_builds_only_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    ensure_reference_file()

    def fail() -> Any:
        raise AssertionError

    monkeypatch.setattr("field.reference.refresh_reference_file", fail)
    ensure_reference_file()


@pytest.mark.parametrize(("accepted", "expected"), [("gzip, br", "br"), ("gzip", "gzip")])
def test_it_is_served_compressed_and_kept_for_ever(accepted: str, expected: str) -> None:
    file = refresh_reference_file()
    address = f"/terrain/reference-{file.version}.json"
    response = Client().get(address, headers={"Accept-Encoding": accepted})
    assert response["Content-Encoding"] == expected
    assert "immutable" in response["Cache-Control"]
    assert "Accept-Encoding" in response["Vary"]
    body = brotli.decompress(response.content) if expected == "br" else gzip.decompress(
        response.content
    )  # fmt: skip
    assert json.loads(body) == {"trades": [], "departements": []}


def test_an_unknown_version_is_not_found() -> None:
    assert Client().get("/terrain/reference-0000.json").status_code == 404

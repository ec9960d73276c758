"""The outlines of the maps, and the places one jumps to."""

import json
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from territory.maps import JUMPS
from territory.models import Commune, Departement

pytestmark = pytest.mark.django_db
PREFECTURES = {
    "Hexagone": ("75056", "2A004", "59350", "66136", "29019", "67482"),
    "Guadeloupe": ("97105",),
    "Martinique": ("97209",),
    "Guyane": ("97302",),
    "La Réunion": ("97411",),
    "Mayotte": ("97611",),
}


def test_every_departement_where_one_votes_has_its_outline() -> None:
    file = finders.find("outlines/departements.topo.json")
    assert isinstance(file, str)
    shapes = json.loads(Path(file).read_text("utf-8"))["objects"]["departements"]["geometries"]
    drawn = {shape["properties"]["code"] for shape in shapes}
    assert drawn == set(Departement.objects.exclude(zone="com").values_list("code", flat=True))


@pytest.mark.parametrize("name", PREFECTURES)
def test_a_place_to_jump_to_holds_its_towns(name: str) -> None:
    south, west, north, east = map(float, dict(JUMPS)[name].split(","))
    for commune in Commune.objects.filter(pk__in=PREFECTURES[name]):
        assert south < (commune.latitude or 0) < north, commune
        assert west < (commune.longitude or 0) < east, commune

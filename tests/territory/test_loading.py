"""Loading of the reference data the product ships."""

import pytest

from territory.loading import load_territory
from territory.models import Commune

pytestmark = pytest.mark.django_db


def test_a_second_load_changes_nothing() -> None:
    report = load_territory()
    assert report.is_empty
    assert str(report).startswith("rien à changer (")
    assert Commune.objects.count() == 34969

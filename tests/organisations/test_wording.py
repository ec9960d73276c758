"""An organisation's name inside a sentence."""

import pytest

from organisations.enums import Kind
from organisations.models import Organisation
from organisations.wording import named, named_after


@pytest.mark.parametrize(
    ("kind", "name", "of", "to"),
    [
        (Kind.UL, "UL de Caen", "de l’UL de Caen", "à l’UL de Caen"),
        (Kind.UL, "Union locale de Caen", "de l’union locale de Caen", "à l’union locale de Caen"),
        (Kind.UL, "Caen", "de l’union locale Caen", "à l’union locale Caen"),
        (Kind.UD, "UD du Calvados", "de l’UD du Calvados", "à l’UD du Calvados"),
        (Kind.FD, "Fédération du spectacle", "de la fédération du spectacle",
         "à la fédération du spectacle"),
        (Kind.FD, "FD Commerce", "de la FD Commerce", "à la FD Commerce"),
        (Kind.REGION, "Comité régional Bretagne", "du comité régional Bretagne",
         "au comité régional Bretagne"),
        (Kind.CONFEDERATION, "Confédération", "de la confédération", "à la confédération"),
        (Kind.SPECIFIC, "Les retraité·es", "des retraité·es", "aux retraité·es"),
        (Kind.SPECIFIC, "L’Avenir social", "de l’Avenir social", "à l’Avenir social"),
        (Kind.SPECIFIC, "Indépendance", "d’Indépendance", "à Indépendance"),
        (Kind.SPECIFIC, "Solidarité", "de Solidarité", "à Solidarité"),
    ],
)  # fmt: skip
def test_every_kind_is_named_as_french_says_it(kind: Kind, name: str, of: str, to: str) -> None:
    organisation = Organisation(kind=kind, name=name)
    assert (named_after("de", organisation), named_after("à", organisation)) == (of, to)


def test_alone_a_name_has_its_article() -> None:
    assert named(Organisation(kind=Kind.UD, name="UD du Calvados")) == "l’UD du Calvados"

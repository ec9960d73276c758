"""An organisation's scope, in plain words, and its name inside a sentence."""

import re

from core.text import fold
from organisations.enums import Kind
from organisations.models import Organisation

# By the word a name begins with.
ARTICLES = {
    "l’": {"ul", "ud", "ur", "union", "association", "organisation", "antenne", "inter"},
    "la ": {"fd", "federation", "confederation", "section", "coordination", "delegation"},
    "le ": {"cr", "comite", "syndicat", "collectif", "groupe", "reseau", "secteur"},
}
# What stands before a name that says nothing of what it is: « Caen ».
KINDS = {
    Kind.CONFEDERATION: "la confédération",
    Kind.REGION: "le comité régional",
    Kind.UD: "l’union départementale",
    Kind.UL: "l’union locale",
    Kind.FD: "la fédération",
}
OWN_ARTICLE = re.compile(r"(les? |la |l[’'])", re.IGNORECASE)
CONTRACTED = {"de le ": "du ", "de les ": "des ", "à le ": "au ", "à les ": "aux "}
VOWELS = tuple("aeiouy")


def describe_scope(organisation: Organisation) -> str:
    """What the team of this organisation sees of the campaign."""
    if not organisation.is_active:
        return "Fermée : son équipe ne voit plus aucun contact."
    match organisation.kind:
        case Kind.CONFEDERATION:
            return "Voit tous les contacts de la campagne."
        case Kind.REGION:
            return f"Voit les contacts des départements de la région {organisation.region}."
        case Kind.UD:
            return f"Voit les contacts du département {organisation.departement}."
        case Kind.UL:
            return _describe_places(organisation)
        case Kind.FD:
            return _describe_agreements(organisation)
    return "A des membres, mais ne voit aucun contact."


def _describe_places(union: Organisation) -> str:
    names = [commune.name for commune in union.communes.all()] + union.postcodes
    if not names:
        return "N’a encore ni commune ni code postal : son équipe ne voit aucun contact."
    shown = ", ".join(names[:8])
    rest = len(names) - 8
    return f"Voit les contacts de {shown}{_others(rest)}."


def _others(count: int) -> str:
    if count < 1:
        return ""
    return " et d’une autre commune" if count == 1 else f" et de {count} autres communes"


def _describe_agreements(federation: Organisation) -> str:
    codes = list(federation.agreements.values_list("idcc", flat=True))
    if not codes:
        return "N’a encore aucune convention collective : son équipe ne voit aucun contact."
    return f"Voit les contacts des conventions collectives (IDCC) {', '.join(codes)}."


def address_facts(organisation: Organisation) -> list[dict[str, str]]:
    """Where it is written to and called, for `components/definition_list.html`."""
    return [
        {
            "label": "Adresse postale",
            "value": ", ".join(organisation.postal_address.splitlines()) or "aucune",
        },
        {"label": "Téléphone", "value": organisation.phone_as_national or "aucun"},
    ]


def named(organisation: Organisation) -> str:
    """The name with its article: « l’UL de Caen », « la fédération du spectacle »."""
    name = organisation.name
    first, space, rest = name.partition(" ")
    for article, words in ARTICLES.items():
        if fold(first) in words:
            return f"{article}{first if first.isupper() else first.lower()}{space}{rest}"
    if OWN_ARTICLE.match(name):
        return name[0].lower() + name[1:]
    kind = KINDS.get(Kind(organisation.kind))
    return f"{kind} {name}" if kind else name


def named_after(preposition: str, organisation: Organisation) -> str:
    """The name after « de » or « à »: « de l’UL de Caen », « du comité régional Bretagne »."""
    name = named(organisation)
    text = f"{preposition} {name}"
    for apart, together in CONTRACTED.items():
        if text.startswith(apart):
            return text.replace(apart, together, 1)
    if preposition == "de" and fold(name).startswith(VOWELS):
        return f"d’{name}"
    return text

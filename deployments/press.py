"""Texts written from facts, to be read over and changed: news, press release, announcement.

Pure functions: what they say is what `Facts` holds, nothing is invented for what nobody counted.
"""

from dataclasses import dataclass
from datetime import date, time

from core.dates import NBSP, day_of_week, hour
from core.text import counted, fold
from organisations.enums import Kind

VOWELS = "aeiouyh"
# An « h » that French does not run into.
ASPIRATED = {"ham", "hem", "houilles", "huez", "hoerdt", "haguenau"}
ARTICLES = {"Le": ("du", "au"), "Les": ("des", "aux")}


@dataclass(frozen=True)
class Facts:
    """What is known of an action; None for what nobody counted."""

    organisation: str
    organisation_kind: str
    commune: str
    place: str
    first: date
    last: date
    starts: time
    ends: time
    guest: str = ""
    trades: tuple[str, ...] = ()
    theme: str = ""
    met: int | None = None
    leaflets: int | None = None
    contacts: int | None = None
    joined: int | None = None
    participants: int | None = None
    vote_opens: date | None = None
    vote_closes: date | None = None


def of(name: str) -> str:
    """« d’Orléans », « de Caen », « du Havre », « des Andelys », « de La Rochelle »."""
    article, _, rest = name.partition(" ")
    if article in ARTICLES and rest:
        return f"{ARTICLES[article][0]} {rest}"
    return f"d’{name}" if _runs_on(name) else f"de {name}"


def at(name: str) -> str:
    """« à Orléans », « au Havre », « aux Andelys »."""
    article, _, rest = name.partition(" ")
    if article in ARTICLES and rest:
        return f"{ARTICLES[article][1]} {rest}"
    return f"à {name}"


def the(organisation: str, kind: str) -> str:
    """« l’UD 14 – Calvados », « la Fédération du commerce », « le Comité régional Normandie »."""
    match kind:
        case Kind.UL | Kind.UD:
            return f"l’{organisation}"
        case Kind.CONFEDERATION | Kind.FD:
            return f"la {organisation}"
        case Kind.REGION:
            return f"le {organisation}"
    return organisation


def when(facts: Facts) -> str:
    """« samedi 3 octobre de 9 h à 12 h », « du 20 septembre au 29 septembre »."""
    if facts.first == facts.last:
        return f"{day_of_week(facts.first)} de {hour(facts.starts)} à {hour(facts.ends)}"
    return f"du {day_of_week(facts.first)} au {day_of_week(facts.last)}"


def where(facts: Facts) -> str:
    """« à Caen, marché Saint-Pierre »."""
    return f"{at(facts.commune)}, {facts.place}" if facts.place else at(facts.commune)


def internal_news(facts: Facts) -> str:
    """For the members: what was done, what it brought, thank you."""
    lines = [
        f"{_cap(the(facts.organisation, facts.organisation_kind))} s’est déployée {where(facts)}, "
        f"{when(facts)}{_with_guest(facts)}."
        if _is_feminine(facts)
        else f"{_cap(the(facts.organisation, facts.organisation_kind))} s’est déployé "
        f"{where(facts)}, {when(facts)}{_with_guest(facts)}."
    ]
    lines += _results(facts)
    if facts.participants:
        people = counted(facts.participants, "militant·e était là", "militant·es étaient là")
        lines.append(f"{people}{NBSP}: merci{NBSP}!")
    lines.append(f"Envie d’en être la prochaine fois{NBSP}? Parlez-en à votre union locale.")
    return "\n\n".join(lines)


def press_release(facts: Facts) -> str:
    """For the local papers, after the action."""
    lines = [
        f"Très petites entreprises{NBSP}: {the(facts.organisation, facts.organisation_kind)} "
        f"à la rencontre des salarié·es {of(facts.commune)}",
        f"{_cap(when(facts))}, {where(facts)}, une équipe "
        f"{'est allée' if _was_counted(facts) else 'va'} à la rencontre "
        f"{_public(facts)}{_with_guest(facts)}.",
        *_results(facts),
        *_vote(facts),
        f"Contact presse{NBSP}: ",
    ]
    return "\n\n".join(lines)


def announcement(facts: Facts) -> str:
    """For a page of events, before the action."""
    lines = [
        f"{_cap(when(facts))}, {where(facts)}",
        f"Vous travaillez dans une petite entreprise ou chez un particulier{NBSP}? Venez nous "
        f"voir{_with_guest(facts)}{NBSP}: vos droits, vos questions, le vote qui vous concerne.",
    ]
    if facts.theme:
        lines.append(f"Thème{NBSP}: {facts.theme}.")
    lines += [*_vote(facts), f"Organisé par {the(facts.organisation, facts.organisation_kind)}."]
    return "\n\n".join(lines)


def _results(facts: Facts) -> list[str]:
    """One sentence of what was counted; none when nobody counted anything."""
    said = [
        counted(number, one, many)
        for number, one, many in (
            (facts.met, "personne rencontrée", "personnes rencontrées"),
            (facts.leaflets, "tract distribué", "tracts distribués"),
            (facts.contacts, "contact pris", "contacts pris"),
            (facts.joined, "adhésion", "adhésions"),
        )
        if number
    ]
    if not said:
        return []
    *first, last = said
    return [f"Le résultat{NBSP}: {', '.join(first)}{' et ' if first else ''}{last}."]


def _was_counted(facts: Facts) -> bool:
    return any((facts.met, facts.leaflets, facts.contacts, facts.joined))


def _vote(facts: Facts) -> list[str]:
    if facts.vote_opens is None or facts.vote_closes is None:
        return []
    return [
        "Les salarié·es des très petites entreprises votent "
        f"du {day_of_week(facts.vote_opens)} au {day_of_week(facts.vote_closes)}."
    ]


def _public(facts: Facts) -> str:
    if not facts.trades:
        return "des salarié·es des très petites entreprises"
    return f"des salarié·es ({', '.join(facts.trades)})"


def _with_guest(facts: Facts) -> str:
    if not facts.guest:
        return ""
    article, _, rest = facts.guest.partition(" ")
    match article:
        case "le":
            return f", en présence du {rest}"
        case "les":
            return f", en présence des {rest}"
    return f", en présence {of(facts.guest)}"


def _is_feminine(facts: Facts) -> bool:
    return facts.organisation_kind != Kind.REGION


def _runs_on(name: str) -> bool:
    folded = fold(name)
    return folded[:1] in VOWELS and folded not in ASPIRATED and folded[:1] != ""


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]

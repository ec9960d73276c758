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
    # Whether the action took place; the day the texts are written says where the vote stands.
    is_over: bool = False
    written_on: date | None = None
    # Who answers newspapers, and at which number.
    press_name: str = ""
    press_phone: str = ""


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
    """For the members: who is awaited; afterwards what it brought, and thank you."""
    who = _cap(the(facts.organisation, facts.organisation_kind))
    went = "s’est déployée" if _is_feminine(facts) else "s’est déployé"
    does = went if facts.is_over else "se déploie"
    lines = [f"{who} {does} {where(facts)}, {when(facts)}{_with_guest(facts)}.", *_results(facts)]
    if facts.participants and facts.is_over:
        people = counted(facts.participants, "militant·e était là", "militant·es étaient là")
        lines.append(f"{people}{NBSP}: merci{NBSP}!")
    next_time = " la prochaine fois" if facts.is_over else ""
    lines.append(f"Envie d’en être{next_time}{NBSP}? Parlez-en à votre union locale.")
    return "\n\n".join(lines)


def press_release(facts: Facts) -> str:
    """For the local papers: what will be, or what was."""
    lines = [
        f"Très petites entreprises{NBSP}: {the(facts.organisation, facts.organisation_kind)} "
        f"à la rencontre des salarié·es {of(facts.commune)}",
        f"{_cap(when(facts))}, {where(facts)}, une équipe "
        f"{'est allée' if facts.is_over else 'va'} à la rencontre "
        f"{_public(facts)}{_with_guest(facts)}.",
        *_results(facts),
        *_vote(facts),
        *_press_contact(facts),
    ]
    return "\n\n".join(lines)


def announcement(facts: Facts) -> str:
    """For a page of events; once the action is over, it says so instead of inviting."""
    lines = [f"{_cap(when(facts))}, {where(facts)}", _invitation(facts)]
    if facts.theme:
        lines.append(f"Thème{NBSP}: {facts.theme}.")
    lines += [*_vote(facts), f"Organisé par {the(facts.organisation, facts.organisation_kind)}."]
    return "\n\n".join(lines)


def _invitation(facts: Facts) -> str:
    if facts.is_over:
        return (
            f"Nous y étions{_with_guest(facts)}, pour les salarié·es des petites entreprises et "
            f"des particuliers{NBSP}: leurs droits, leurs questions, le vote qui les concerne. "
            f"Merci à celles et ceux qui sont passé·es{NBSP}!"
        )
    return (
        f"Vous travaillez dans une petite entreprise ou chez un particulier{NBSP}? Venez nous "
        f"voir{_with_guest(facts)}{NBSP}: vos droits, vos questions, le vote qui vous concerne."
    )


def _press_contact(facts: Facts) -> list[str]:
    """Whom to call; nothing rather than a line left blank."""
    told = ", ".join(filter(None, (facts.press_name, facts.press_phone)))
    return [f"Contact presse{NBSP}: {told}"] if facts.press_phone else []


def _results(facts: Facts) -> list[str]:
    """One sentence of what was counted; none before the end, or when nobody counted anything."""
    if not facts.is_over:
        return []
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


def _vote(facts: Facts) -> list[str]:
    if facts.vote_opens is None or facts.vote_closes is None:
        return []
    is_closed = facts.written_on is not None and facts.written_on > facts.vote_closes
    return [
        f"Les salarié·es des très petites entreprises {'ont voté' if is_closed else 'votent'} "
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

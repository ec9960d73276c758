"""How ready an action is: what is missing, and by when. Pure: facts in, points out."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Facts:
    """What is known of an action, as one query tells it (`deployments.readiness_rules`)."""

    # In the action's own time zone.
    starts_on: date | None = None
    has_place: bool = False
    has_objective: bool = False
    has_pilot: bool = False
    # Roles asked for, and those among them that lack somebody.
    needs: int = 0
    unfilled_needs: int = 0
    needs_declaration: bool = False
    # Whether the organisation has the postal address its letters begin with.
    has_address: bool = False
    declarations: int = 0
    unsent_declarations: int = 0
    # The earliest day advised for one that has not left, and the earliest the law sets.
    send_by: date | None = None
    send_before: date | None = None
    # The day the action was noted: what should have been settled before is for now, not late.
    known_on: date | None = None
    lines: int = 0
    lines_ready: int = 0
    has_words: bool = False


@dataclass(frozen=True)
class Point:
    """Something an action needs. `step` is the page of the preparation that settles it."""

    slug: str
    label: str
    is_done: bool
    step: str
    due_on: date | None = None
    detail: str = ""
    is_late: bool = False
    is_for_now: bool = False


@dataclass(frozen=True)
class Readiness:
    points: tuple[Point, ...]

    @property
    def missing(self) -> list[Point]:
        """What is left to do, the most urgent first; what has no day yet comes last."""
        left = [point for point in self.points if not point.is_done]
        return sorted(left, key=lambda point: point.due_on or date.max)

    @property
    def done(self) -> int:
        return sum(point.is_done for point in self.points)

    @property
    def total(self) -> int:
        return len(self.points)

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.total)

    @property
    def is_late(self) -> bool:
        return any(point.is_late for point in self.points)


# How many days before the action each point should be settled: the habits of the guide to field
# actions, except for the declaration, whose rule says its own day.
DAYS_BEFORE = {
    "objective": 28, "date": 28, "place": 28, "pilot": 21, "declaration": 14, "roles": 7,
    "words": 5, "checklist": 1,
}  # fmt: skip


def assess(facts: Facts, *, today: date) -> Readiness:
    """What of `facts` is settled and what is missing, with the day by which it should be."""
    wanted = [
        ("objective", "Un objectif", facts.has_objective, "objectif", ""),
        ("place", "Un lieu", facts.has_place, "lieu", ""),
        ("date", "Une date", facts.starts_on is not None, "moment", ""),
        ("pilot", "Un·e pilote", facts.has_pilot, "equipe", ""),
        ("roles", "Une équipe au complet", *_roles(facts)),
        ("checklist", "Le matériel prêt", *_checklist(facts)),
        ("words", "De quoi parler", facts.has_words, "paroles", ""),
    ]
    if facts.needs_declaration:
        wanted.insert(3, ("declaration", "La déclaration envoyée", *_declaration(facts)))
    return Readiness(
        tuple(
            _point(slug, label, is_done=is_done, step=step, detail=detail, facts=facts, today=today)
            for slug, label, is_done, step, detail in wanted
        )
    )


def _point(
    slug: str, label: str, *, is_done: bool, step: str, detail: str, facts: Facts, today: date
) -> Point:
    due_on = None
    if facts.starts_on:
        due_on = facts.starts_on - timedelta(days=DAYS_BEFORE[slug])
    if slug == "declaration" and facts.send_by:
        due_on = facts.send_by
    is_past = not is_done and due_on is not None and due_on < today
    was_over = due_on is not None and facts.known_on is not None and due_on < facts.known_on
    if slug == "declaration" and facts.send_before and facts.send_before < today:
        due_on, is_past, was_over = facts.send_before, not is_done, False
    return Point(
        slug, label, is_done, step, due_on, detail,
        is_late=is_past and not was_over, is_for_now=is_past and was_over,
    )  # fmt: skip


def _roles(facts: Facts) -> tuple[bool, str, str]:
    if not facts.needs:
        return False, "equipe", "aucun rôle prévu"
    lacking = facts.unfilled_needs
    words = "rôle à pourvoir" if lacking == 1 else "rôles à pourvoir"
    return lacking == 0, "equipe", f"{lacking} {words}" if lacking else ""


def _checklist(facts: Facts) -> tuple[bool, str, str]:
    if not facts.lines:
        return False, "materiel", "liste vide"
    return facts.lines_ready >= facts.lines, "materiel", f"{facts.lines_ready} sur {facts.lines}"


def _declaration(facts: Facts) -> tuple[bool, str, str]:
    is_done = facts.declarations > 0 and facts.unsent_declarations == 0
    lacks = "" if facts.has_address else "écrire d’abord l’adresse de l’organisation"
    return is_done, "type", "" if is_done else lacks

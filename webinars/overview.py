"""What the pages of those who hold a session say of it, and what it still lacks."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from core.dates import day
from core.text import counted
from webinars.audience import audience_words
from webinars.enums import WebinarState
from webinars.models import Question, Webinar
from webinars.wording import delay_words, when_words


def facts_about(webinar: Webinar, zone: ZoneInfo) -> list[dict[str, str]]:
    """The facts that are known, for `components/definition_list.html`."""
    reminders = [delay_words(one.minutes_before) for one in webinar.reminders.all()]
    told = {
        "Quand": when_words(webinar, zone),
        "Série": webinar.series.title,
        "Pour": audience_words(webinar.series),
        "Qui invite": webinar.organisation.name,
        "En présence de": webinar.guest,
        "Places": f"{webinar.capacity}" if webinar.capacity else "sans limite",
        "Rappels": f"{', '.join(reminders)} avant" if reminders else "aucun",
        "Annoncée le": day(webinar.announced_at) if webinar.announced_at else "",
    }
    return [{"label": label, "value": value} for label, value in told.items() if value]


def stage_of(webinar: Webinar, now: datetime) -> dict[str, str]:
    """Where the session stands, as a badge: its words and its tone."""
    if webinar.state == WebinarState.CANCELLED:
        return {"label": "Annulée", "tone": "bad"}
    if webinar.state == WebinarState.DRAFT:
        return {"label": "Brouillon", "tone": "outline"}
    if webinar.is_over_at(now):
        return {"label": "Passée", "tone": ""}
    if webinar.starts_at and webinar.starts_at <= now:
        return {"label": "En cours", "tone": "accent"}
    return {"label": "Annoncée", "tone": "ok"}


def missing_in(webinar: Webinar, filled: set[str]) -> list[dict[str, str]]:
    """What people will miss, and the step where to add it: nothing of it is compulsory."""
    lacks = {
        "moment": "La date n’est pas fixée.",
        "programme": "Le programme est vide.",
        "salle": "La salle manque : sans elle, la porte reste fermée.",
    }
    found = [{"step": step, "text": text} for step, text in lacks.items() if step not in filled]
    if not webinar.description:
        found.insert(0, {"step": "seance", "text": "La présentation est vide."})
    return found


def programme_warning(webinar: Webinar) -> str:
    """What is said of a programme that lasts longer than its session; nothing of another."""
    if webinar.starts_at is None or webinar.ends_at is None:
        return ""
    planned = sum(part.minutes or 0 for part in webinar.parts.all())
    length = int((webinar.ends_at - webinar.starts_at).total_seconds()) // 60
    if planned <= length:
        return ""
    return (
        f"Le programme dure {counted(planned, 'minute', 'minutes')}, "
        f"la séance {counted(length, 'minute', 'minutes')}."
    )


def description_from(questions: Iterable[Question]) -> str:
    """A presentation made of what people asked."""
    lines = [f"– {question.text}" for question in questions]
    return "\n".join(["Vous l’avez demandé, nous en parlons :", *lines])

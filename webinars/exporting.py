"""The people of a session as a table, for a spreadsheet; who takes it, and why, is logged."""

from collections.abc import Iterator
from datetime import datetime

import structlog

from organisations.models import User
from territory.local_time import PARIS
from webinars.models import Registration, RegistrationQuerySet, Webinar

log = structlog.get_logger()

TITLES = [
    "Nom", "Adresse e-mail", "Organisation", "Mandat", "État", "Inscription", "Présence", "Entrée",
    "Appareils",
]  # fmt: skip
PRESENCES = {True: "présent·e", False: "absent·e", None: ""}


def export_people(
    *, webinar: Webinar, people: RegistrationQuerySet, reason: str, author: User
) -> list[list[str]]:
    """The rows of people of a session, titles first; hours are those of Paris."""
    rows = [TITLES, *_rows(people)]
    log.info(
        "webinar-registrants-exported", webinar=webinar.pk, user=author.pk, reason=reason,
        number=len(rows) - 1,
    )  # fmt: skip
    return rows


def _rows(people: RegistrationQuerySet) -> Iterator[list[str]]:
    for one in people:
        yield [
            one.name, one.email, one.organisation_label, one.get_mandate_display(),
            one.get_state_display(), _written(one.registered_at), PRESENCES[one.attended],
            _written(one.joined_at) if one.joined_at else "", _devices(one),
        ]  # fmt: skip


def _written(moment: datetime) -> str:
    """As a spreadsheet sorts it."""
    return f"{moment.astimezone(PARIS):%Y-%m-%d %H:%M}"


def _devices(one: Registration) -> str:
    return str(one.device_count)  # type: ignore[attr-defined]

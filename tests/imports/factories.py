"""Lists at each step, made by the real actions."""

import datetime as dt
import io

from imports import actions
from imports.enums import ConsentOrigin
from imports.models import ContactImport
from imports.work import Worker
from organisations.models import User
from tests.factories import get_organisation, make_user

WORDS = "J’accepte que l’union me contacte pour les élections dans les très petites entreprises."
LIST = """Prénom;Téléphone;E-mail;Métier;Code postal
Zoé;0639980011;zoe@example.org;coiffeuse;14000
Léa;0639980012;;;14000
Irène;;irene@example.org;;50100
"""


def make_import(
    text: str = LIST, *, organisation: str = "ud-14", user: User | None = None
) -> ContactImport:
    """A list whose file was read."""
    data = text.encode()
    return actions.open_import(
        organisation=get_organisation(organisation),
        user=user or make_user("staff", organisation),
        label="Permanences 2025",
        file=io.BytesIO(data),
        file_name="liste.csv",
        size=len(data),
        largest=10_000_000,
    )


def declare(contact_import: ContactImport, **changes: object) -> ContactImport:
    declared: dict[str, object] = {
        "origin": ConsentOrigin.PAPER,
        "consented_on": dt.date(2025, 11, 3),
        "words": WORDS,
        "circumstances": "Permanence du lundi, feuilles gardées à l’union.",
        "channels": ["email", "sms"],
        "asked_to_be_called": False,
        "sends_welcome": True,
    }
    return actions.declare_consent(contact_import=contact_import, **(declared | changes))  # type: ignore[arg-type]


def work(contact_import: ContactImport) -> ContactImport:
    """What a worker does until there is nothing left."""
    worker = Worker(contact_import)
    while worker.advance():
        pass
    contact_import.refresh_from_db()
    return contact_import


def make_checked_import(text: str = LIST, **options: object) -> ContactImport:
    names = ("channels", "asked_to_be_called", "sends_welcome")
    changes = {key: options.pop(key) for key in names if key in options}
    return work(declare(make_import(text, **options), **changes))  # type: ignore[arg-type]


def make_done_import(text: str = LIST, **options: object) -> ContactImport:
    return work(actions.confirm_import(contact_import=make_checked_import(text, **options)))

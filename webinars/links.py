"""Secrets behind personal links, derived: there is nothing to steal in the tables."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from core.tokens import derive_secret, hash_secret
from webinars.models import Registration, Webinar


def secret_of(seed: UUID) -> str:
    return derive_secret(f"webinar-registration:{seed}")


def secret_hash(seed: UUID) -> str:
    """What is kept of a personal link: `Registration.secret_hash` of a row with that `seed`."""
    return hash_secret(secret_of(seed))


def personal_path(registration: Registration) -> str:
    return reverse("webinars:personal", args=[secret_of(registration.seed)])


def personal_url(registration: Registration) -> str:
    """The page of somebody who registered; it opens the room when it is time. Mailed, never shown.

    Whoever holds its address answers for them.
    """
    return settings.SITE_URL + personal_path(registration)


def session_url(webinar: Webinar) -> str:
    """The page of a session, for anybody: where one registers."""
    return settings.SITE_URL + reverse("webinars:session", args=[webinar.code])


def agenda_url() -> str:
    return settings.SITE_URL + reverse("webinars:agenda")

"""Behind a personal link: what its owner may do. A withdrawn link only says that it is."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from core.tokens import hash_secret
from webinars import rules
from webinars.models import Feedback, Question, Registration
from webinars.models.questions import PUBLISHED


def get_own_registration_or_404(secret: str) -> Registration:
    registration = rules.get_registration_by_secret_or_404(secret)
    if registration.revoked_at is not None:
        raise Http404
    return registration


def get_seated_registration_or_404(secret: str) -> Registration:
    """Somebody who has a place: they read, ask and support questions."""
    registration = get_own_registration_or_404(secret)
    if not registration.has_place:
        raise Http404
    return registration


def get_registration_to_poll_or_404(secret: str) -> Registration:
    """As `get_seated_registration_or_404`, with nothing of it but its session."""
    seated = Registration.objects.reachable().registered().filter(revoked_at=None)
    rows = seated.select_related("webinar__campaign")
    return get_object_or_404(rows, secret_hash=hash_secret(secret))


def get_waiting_registration_or_404(secret: str) -> Registration:
    """For the waiting page, which asks often: a withdrawn link too, so that it says so."""
    rows = Registration.objects.reachable().select_related("webinar")
    return get_object_or_404(rows, secret_hash=hash_secret(secret))


def other_registrations(registration: Registration) -> QuerySet[Registration, Registration]:
    """What else the same address is registered for; each has a link of its own."""
    same = Registration.objects.filter(address_hash=registration.address_hash)
    others = same.exclude(pk=registration.pk).select_related("webinar")
    return others.order_by("webinar__starts_at", "pk")


def own_unpublished(registration: Registration) -> QuerySet[Question, Question]:
    """What somebody asked and nobody else reads as it stands."""
    own = registration.questions.exclude(state__in=PUBLISHED)
    return own.select_related("merged_into")


def feedback_of(registration: Registration) -> Feedback | None:
    return Feedback.objects.filter(registration=registration).first()

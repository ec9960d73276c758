"""Behind a personal link: what its owner may do. A withdrawn link only says that it is."""

from django.db.models import QuerySet
from django.http import Http404

from webinars import rules
from webinars.enums import QuestionState
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


def other_registrations(registration: Registration) -> QuerySet[Registration, Registration]:
    """What else the same address is registered for; each has a link of its own."""
    same = Registration.objects.filter(address_hash=registration.address_hash)
    others = same.exclude(pk=registration.pk).select_related("webinar")
    return others.order_by("webinar__starts_at", "pk")


def own_unpublished(registration: Registration) -> QuerySet[Question, Question]:
    """What somebody asked and nobody else reads as it stands."""
    own = registration.questions.exclude(state__in=PUBLISHED)
    return own.exclude(state=QuestionState.DECLINED).select_related("merged_into")


def feedback_of(registration: Registration) -> Feedback | None:
    return Feedback.objects.filter(registration=registration).first()

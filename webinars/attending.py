"""After the session: presences no link noted, the mail with everything, what people thought."""

import structlog
from django.db import transaction

from campaigns import clock
from organisations.models import User
from webinars import mails
from webinars.models import Feedback, Registration, Webinar
from webinars.places import lock_registration, lock_webinar

log = structlog.get_logger()


class NotOver(Exception):
    """That comes once the session is over."""


class AlreadyFollowedUp(Exception):
    """Everybody got the mail of after the session."""


@transaction.atomic
def mark_attendance(*, registration: Registration, attended: bool | None) -> Registration:
    """Say that somebody was there, by telephone for instance, or was not; None takes it back."""
    one = lock_registration(registration)
    one.attended = attended
    one.save(update_fields=["attended"])
    return one


@transaction.atomic
def send_follow_up(*, webinar: Webinar, author: User) -> int:
    """Write once to all who had a place: replay, slides, answers, three questions.

    Answers how many. Raises `NotOver` and `AlreadyFollowedUp`.
    """
    webinar = lock_webinar(webinar)
    now = clock.now()
    if webinar.followed_up_at is not None:
        raise AlreadyFollowedUp
    if not webinar.is_over_at(now):
        raise NotOver
    webinar.followed_up_at = now
    webinar.save(update_fields=["followed_up_at"])
    number = mails.follow_up(webinar)
    log.info("webinar-followed-up", webinar=webinar.pk, user=author.pk, number=number)
    return number


@transaction.atomic
def give_feedback(
    *, registration: Registration, usefulness: int, next_step: str = "", wish: str = ""
) -> Feedback:
    """Say what one thought of a session; saying it again replaces it. Raises `NotOver`."""
    if not registration.has_place or not registration.webinar.is_over_at(clock.now()):
        raise NotOver
    feedback, _ = Feedback.objects.update_or_create(
        registration=registration,
        defaults={
            "usefulness": usefulness, "next_step": next_step.strip(), "wish": wish.strip(),
            "given_at": clock.now(),
        },
    )  # fmt: skip
    return feedback

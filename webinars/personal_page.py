"""What somebody reads on their own page of a session, before, during and after."""

from datetime import timedelta

from campaigns import clock
from webinars import agenda_rules, personal_rules, rules
from webinars.enums import Door
from webinars.joining import Doorstep
from webinars.models import Registration
from webinars.wording import countdown_words, programme_words, when_for

# A page without JavaScript asks again: rarely while the day is far, at once when it opens.
SLOWEST, FASTEST = 300, 15  # seconds
MOST_QUESTIONS = 3


def page_of(registration: Registration, step: Doorstep) -> dict[str, object]:
    """Everything the page shows; of a link that was withdrawn, only that it was."""
    webinar, now = registration.webinar, clock.now()
    left = step.opens_at - now if step.opens_at and step.opens_at > now else None
    context: dict[str, object] = {
        "registration": registration,
        "webinar": webinar,
        "door": step.door,
        "when": when_for(registration),
        "countdown": countdown_words(left) if left else "",
        "seconds_left": int(left.total_seconds()) if left else 0,
        "refresh": _refresh(left),
        "replay_url": step.replay_url,
    }
    if step.door == Door.GONE:
        return context
    has_place, is_over = registration.has_place, webinar.is_over_at(now)
    return context | {
        "is_over": is_over,
        "can_ask": has_place and webinar.is_open_at(now),
        "is_open": webinar.is_open_at(now),
        "is_full": bool(agenda_rules.full_among([webinar])),
        "programme": programme_words(webinar),
        "questions": rules.published_questions(webinar)[:MOST_QUESTIONS] if has_place else [],
        "documents": rules.documents_of(webinar) if has_place else [],
        "feedback": personal_rules.feedback_of(registration) if is_over else None,
        "others": personal_rules.other_registrations(registration),
    }


def _refresh(left: timedelta | None) -> int:
    if left is None:
        return FASTEST
    return min(max(int(left.total_seconds()) + 1, FASTEST), SLOWEST)

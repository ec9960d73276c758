"""Who came, from where, and what people want next: reads in a constant number of queries."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from organisations.enums import Kind
from organisations.models import Organisation, User
from webinars.enums import RegistrationState
from webinars.models import Feedback, Question, QuestionQuerySet, Registration, Webinar
from webinars.models.webinar import WebinarQuerySet

MOST_SUGGESTED = 20
# Of fewer opinions one would guess whose they are.
FEWEST_OPINIONS = 5


@dataclass(frozen=True)
class Attendance:
    """One session in numbers."""

    registered: int
    came: int
    waiting: int
    asked: int
    # Links that were used on several devices: forwarded, or a telephone and a computer.
    shared_links: int

    @property
    def missed(self) -> int:
        return self.registered - self.came

    @property
    def rate(self) -> int | None:
        """How many in a hundred came; None while nobody is registered."""
        return round(100 * self.came / self.registered) if self.registered else None


@dataclass(frozen=True)
class Opinion:
    """What was thought of a session, once enough people said so that nobody is recognised."""

    answers: int
    usefulness: float | None
    # How many gave 1, 2, 3, 4 and 5.
    spread: tuple[int, ...] = ()

    @property
    def is_shown(self) -> bool:
        return self.answers >= FEWEST_OPINIONS


def attendance_of(webinar: Webinar) -> Attendance:
    state = {
        state: Count("pk", filter=Q(state=state)) for state in ("registered", "waiting", "asked")
    }
    counts = webinar.registrations.aggregate(
        came=Count("pk", filter=Q(state=RegistrationState.REGISTERED, attended=True)), **state
    )
    shared = webinar.registrations.on_several_devices().count()
    return Attendance(**counts, shared_links=shared)


def opinion_of(webinar: Webinar) -> Opinion:
    marks = {f"mark_{mark}": Count("pk", filter=Q(usefulness=mark)) for mark in range(1, 6)}
    found = Feedback.objects.filter(registration__webinar=webinar).aggregate(
        **marks, answers=Count("pk"), usefulness=Avg("usefulness")
    )
    spread = tuple(found.pop(name) for name in marks)
    return Opinion(**found, spread=spread)


def next_steps(webinar: Webinar) -> list[str]:
    """What people will do with it, in their words, in no telling order; none of a small group."""
    given = Feedback.objects.filter(registration__webinar__in=_with_enough([webinar.pk]))
    return sorted(set(given.exclude(next_step="").values_list("next_step", flat=True)))


def participation(
    user: User,
    webinars: WebinarQuerySet,
    *,
    kinds: Collection[Kind] = (Kind.UD, Kind.FD),
) -> QuerySet[Organisation, Organisation]:
    """The organisations the person works for and those below, with `registered`, `came` and
    `sessions` (how many they came to): who comes for an UL counts for its UD.

    One query, whatever the number of organisations and sessions.
    """
    there = _from_there(webinars)
    came = there.filter(attended=True)
    return _organisations(user, kinds).annotate(
        registered=_number(there, "pk"),
        came=_number(came, "pk"),
        sessions=_number(came, "webinar"),
    )


def never_came(
    user: User, webinars: WebinarQuerySet, *, kinds: Collection[Kind] = (Kind.UD,)
) -> QuerySet[Organisation, Organisation]:
    """Those of which nobody has come to any of these sessions yet."""
    return _organisations(user, kinds).exclude(Exists(_from_there(webinars).filter(attended=True)))


def no_shows(webinar: Webinar) -> QuerySet[Registration, Registration]:
    """Who had a place and did not come, as far as one knows."""
    return webinar.registrations.missed().select_related("organisation", "user")


def suggested_questions(webinars: WebinarQuerySet) -> QuestionQuerySet:
    """What people wanted and did not get: unanswered questions, the most wanted first."""
    asked = Question.objects.filter(webinar__in=webinars.order_by().values("pk"))
    return asked.unanswered().ranked().select_related("webinar")[:MOST_SUGGESTED]


def wishes(webinars: WebinarQuerySet) -> QuerySet[Feedback, Feedback]:
    """What people would like next time, in their words, the latest sessions first.

    Nobody is named, small groups are left out, and words come in no telling order.
    """
    enough = _with_enough(webinars.order_by().values("pk"))
    given = Feedback.objects.filter(registration__webinar__in=enough).exclude(wish="")
    return given.select_related("registration__webinar").order_by(
        "-registration__webinar__starts_at", "wish", "pk"
    )


def _with_enough(webinars: Any) -> QuerySet[Webinar, Any]:
    """Of sessions by number, those of which enough people said what they thought."""
    answers = Count("registrations__feedback")
    counted = Webinar.objects.filter(pk__in=webinars).order_by().annotate(answers=answers)
    return counted.filter(answers__gte=FEWEST_OPINIONS).values("pk")


def _organisations(user: User, kinds: Collection[Kind]) -> QuerySet[Organisation, Organisation]:
    own = Organisation.objects.active().filter(kind__in=kinds)
    if not user.scope.everything:
        own = own.staffed_by(user)
    return own.order_by("kind", F("departement").asc(nulls_last=True), "name")


def _from_there(webinars: WebinarQuerySet) -> QuerySet[Registration, Registration]:
    """Who is registered for the organisation of the outer query, or one just below it."""
    return Registration.objects.filter(
        Q(organisation=OuterRef("pk")) | Q(organisation__parent=OuterRef("pk")),
        state=RegistrationState.REGISTERED,
        webinar__in=webinars.order_by().values("pk"),
    )


def _number(rows: QuerySet[Registration, Registration], field: str) -> Coalesce:
    counted = (
        rows.order_by()
        .annotate(all=Value(1))
        .values("all")
        .annotate(number=Count(field, distinct=True))
        .values("number")
    )
    return Coalesce(Subquery(counted), 0)

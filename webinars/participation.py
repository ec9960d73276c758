"""Who came, from where, and what people want next: reads in a constant number of queries."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from organisations.enums import Kind
from organisations.models import Organisation, User
from webinars.enums import RegistrationState
from webinars.models import Feedback, Question, QuestionQuerySet, Registration, Webinar
from webinars.models.webinar import WebinarQuerySet

MOST_SUGGESTED = 20


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
    """What was thought of a session."""

    answers: int
    usefulness: float | None


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
    found = Feedback.objects.filter(registration__webinar=webinar).aggregate(
        answers=Count("pk"), usefulness=Avg("usefulness")
    )
    return Opinion(**found)


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
    """What people would like next time, in their words, the latest first; nobody is named."""
    given = Feedback.objects.filter(registration__webinar__in=webinars.order_by().values("pk"))
    return given.exclude(wish="").select_related("registration__webinar").order_by("-given_at")


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

"""What the pages of those who hold sessions read. All of it is of the current campaign."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.http import Http404

from campaigns import clock
from library.models import Document
from library.rules import visible_documents
from organisations.enums import Kind
from organisations.models import Organisation, User
from webinars.enums import QuestionState, RegistrationState, WebinarState
from webinars.models import (
    Admission,
    Meeting,
    Question,
    QuestionQuerySet,
    Registration,
    RegistrationQuerySet,
    Series,
    Webinar,
    WebinarQuerySet,
)
from webinars.participation import MOST_SUGGESTED
from webinars.rules import can_keep_series, can_plan, questions_to_sort

KEY = re.compile(r"[0-9]{1,15}")
PAGE_SIZE = 30
PEOPLE_PER_PAGE = 50
# What is to be answered before what is settled, who left at the end.
IN_LISTS = (
    RegistrationState.ASKED, RegistrationState.REGISTERED, RegistrationState.WAITING,
    RegistrationState.REFUSED, RegistrationState.CANCELLED,
)  # fmt: skip
# Of a kind that sends people to the sessions of others, the widest first.
SENDS_PEOPLE = (Kind.UD, Kind.FD, Kind.UL, Kind.REGION)


def check_planner(user: User) -> None:
    """Raises `Http404` for who holds no session in anybody's name."""
    if not can_plan(user):
        raise Http404


def check_series_keeper(user: User) -> None:
    if not can_keep_series(user):
        raise Http404


def managed_webinars(user: User) -> WebinarQuerySet:
    check_planner(user)
    return Webinar.objects.managed_by(user).filter(campaign__is_current=True)


def sessions_at(
    user: User, *, moment: str, series: Series | None, page: str | None
) -> Page[Webinar]:
    """A page of the sessions the person holds, with the number of people of each."""
    wanted = managed_webinars(user).filter(_moments(clock.now())[moment])
    if series:
        wanted = wanted.filter(series=series)
    starts = F("starts_at").desc if moment == "passees" else F("starts_at").asc
    rows = wanted.select_related("series", "organisation").with_counts()
    return Paginator(rows.order_by(starts(nulls_last=True), "pk"), PAGE_SIZE).get_page(page)


def count_by_moment(user: User, series: Series | None) -> dict[str, int]:
    found = managed_webinars(user).order_by()
    if series:
        found = found.filter(series=series)
    moments = _moments(clock.now()).items()
    counts = {slug: Count("pk", filter=moment) for slug, moment in moments}
    return dict(found.aggregate(**counts))


def _moments(now: datetime) -> dict[str, Q]:
    announced = Q(state=WebinarState.ANNOUNCED)
    over = Q(ends_at__lte=now)
    return {
        "a-venir": announced & (Q(ends_at=None) | ~over),
        "brouillons": Q(state=WebinarState.DRAFT),
        "passees": announced & over,
        "annulees": Q(state=WebinarState.CANCELLED),
    }


def all_series() -> QuerySet[Series, Series]:
    return Series.objects.all()


def series_to_keep(user: User) -> QuerySet[Series, Series]:
    """Every series with `session_count`, for those who say whom they are for."""
    check_series_keeper(user)
    counted = Series.objects.annotate(session_count=Count("webinars"))
    return counted.order_by("position", "title")


def offered_series(webinar: Webinar | None = None) -> QuerySet[Series, Series]:
    """Those in use, and the session's own."""
    own = webinar.series_id if webinar else None
    return Series.objects.filter(Q(is_active=True) | Q(pk=own))


def admitted_count(series: Series) -> int:
    """How many addresses are welcome by name."""
    return Admission.objects.filter(series=series).count()


def offered_documents(user: User, webinar: Webinar) -> QuerySet[Document, Document]:
    """The library, and what the session has of it even withdrawn."""
    offered = Q(retired_at=None) | Q(webinars=webinar) | Q(pk=webinar.slides_id)
    return visible_documents(user).filter(offered).distinct()


def meeting_of(webinar: Webinar) -> Meeting | None:
    return Meeting.objects.filter(webinar=webinar).select_related("changed_by").first()


def get_meeting_or_404(webinar: Webinar) -> Meeting:
    meeting = meeting_of(webinar)
    if meeting is None:
        raise Http404
    return meeting


def filled_steps(webinar: Webinar) -> set[str]:
    """The steps of the preparation that hold something."""
    holds = {
        "seance": webinar.title,
        "moment": webinar.starts_at,
        "programme": webinar.parts.exists(),
        "documents": webinar.slides_id or webinar.replay_url or webinar.documents.exists(),
        "salle": meeting_of(webinar),
    }
    return {slug for slug, value in holds.items() if value}


def concerned_count(webinar: Webinar) -> int:
    """How many a new date or a cancellation is told to."""
    return webinar.registrations.reachable().concerned().count()


def registered_count(webinar: Webinar) -> int:
    """How many the mail of after the session goes to."""
    return webinar.registrations.reachable().registered().count()


def people_of(webinar: Webinar) -> RegistrationQuerySet:
    """Everybody of a session, requests first, with the devices their link was used on."""
    people = webinar.registrations.select_related("organisation").with_devices()
    ranks = [When(state=state, then=Value(rank)) for rank, state in enumerate(IN_LISTS)]
    return people.order_by(Case(*ranks, output_field=IntegerField()), "name", "pk")


def page_of_people(people: RegistrationQuerySet, page: str | None) -> Page[Registration]:
    return Paginator(people, PEOPLE_PER_PAGE).get_page(page)


@dataclass(frozen=True)
class Sorting:
    """The questions of a session by where they stand."""

    new: int
    published: int
    answered: int
    declined: int

    @property
    def total(self) -> int:
        return self.new + self.published + self.answered + self.declined


def count_questions(webinar: Webinar) -> Sorting:
    def number(*states: QuestionState) -> Count:
        return Count("pk", filter=Q(state__in=states))

    return Sorting(
        **webinar.questions.aggregate(
            new=number(QuestionState.NEW),
            published=number(QuestionState.ACCEPTED),
            answered=number(QuestionState.ANSWERED_LIVE, QuestionState.ANSWERED_IN_WRITING),
            declined=number(QuestionState.DECLINED),
        )
    )


def written_count(webinar: Webinar) -> int:
    """How many questions were answered in writing."""
    return webinar.questions.answered_in_writing().count()


def question_after(question: Question) -> Question | None:
    """The one below it among those to deal with; the one above when it is the last."""
    waiting = list(questions_to_sort(question.webinar).unanswered())
    place = next((rank for rank, one in enumerate(waiting) if one.pk == question.pk), None)
    if place is None:
        return None
    others = waiting[place + 1 :] or waiting[max(place - 1, 0) : place]
    return others[0] if others else None


def mergeable_into(question: Question) -> QuestionQuerySet:
    """The other questions of the session that stand by themselves, the most wanted first."""
    others = Question.objects.filter(webinar=question.webinar_id, merged_into=None)
    return others.exclude(pk=question.pk).exclude(state=QuestionState.DECLINED).ranked()


def questions_to_answer(user: User, numbers: Sequence[str]) -> QuestionQuerySet:
    """Of questions named by number, those that wait in a session the person holds."""
    wanted = [int(number) for number in numbers if KEY.fullmatch(number)][:MOST_SUGGESTED]
    asked = Question.objects.filter(webinar__in=managed_webinars(user).order_by().values("pk"))
    return asked.filter(pk__in=wanted).unanswered().ranked()


def held_webinars(user: User, series: Series | None = None) -> WebinarQuerySet:
    """The sessions that took place, of one series or of the campaign, as far as one sees."""
    seen = Webinar.objects.visible_to(user).filter(campaign__is_current=True)
    held = seen.over(clock.now())
    return held.filter(series=series) if series else held


def kinds_in_reach(user: User) -> list[Kind]:
    """The kinds of organisations whose participation the person may read."""
    check_planner(user)
    seen = Organisation.objects.active()
    if not user.scope.everything:
        seen = seen.staffed_by(user)
    found = set(seen.order_by().values_list("kind", flat=True))
    return [kind for kind in SENDS_PEOPLE if kind in found]

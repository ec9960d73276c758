"""Fetching is the permission check: what is not yours answers 404."""

from collections.abc import Iterable

from django.core.cache import cache
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from campaigns import clock
from core.tokens import hash_secret, keyed_hash
from library.models import Document, DocumentVersion
from organisations.enums import Kind
from organisations.models import Organisation, User
from organisations.rules import led_organisations
from webinars.models import (
    Question,
    QuestionQuerySet,
    Registration,
    RegistrationQuerySet,
    Series,
    Webinar,
    WebinarQuerySet,
)

# What the pages about one session read of it.
DETAILS = ("series", "organisation", "campaign", "slides")
HOUR = 3600
PER_DEVICE = 20
# Of one network for one session, in an hour: a whole union hall may register, a robot may not.
PER_NETWORK = 40
# From there on, staff are told for a week.
WORTH_A_LOOK = 15


def can_plan(user: User) -> bool:
    """Whether the person prepares sessions: they work in the name of an organisation."""
    return bool(user.led)


def planning_organisations(user: User) -> list[Organisation]:
    """The organisations the person may hold a session for."""
    return [one for one in led_organisations(user) if one.is_active]


def can_keep_series(user: User) -> bool:
    """Series, and whom they are for, are the confederation's."""
    return user.scope.everything


def series_in_use() -> QuerySet[Series, Series]:
    return Series.objects.filter(is_active=True)


def get_series_or_404(user: User, slug: str) -> Series:
    """A series, for those who say whom it is for."""
    if not can_keep_series(user):
        raise Http404
    return get_object_or_404(Series, slug=slug)


def visible_webinars(user: User) -> WebinarQuerySet:
    """What a list shows of each session, in a constant number of queries."""
    seen = Webinar.objects.visible_to(user).filter(campaign__is_current=True)
    return seen.select_related("series", "organisation").prefetch_related("parts")


def public_webinars() -> WebinarQuerySet:
    """Sessions to come that anybody may know of."""
    coming = Webinar.objects.public().to_come(clock.now()).filter(campaign__is_current=True)
    return coming.select_related("series", "organisation").prefetch_related("parts")


def get_webinar_or_404(user: User, pk: int) -> Webinar:
    return get_object_or_404(Webinar.objects.visible_to(user).select_related(*DETAILS), pk=pk)


def can_manage(user: User, webinar: Webinar) -> bool:
    """Whether the person prepares this session and reads who comes."""
    return Webinar.objects.managed_by(user).filter(pk=webinar.pk).exists()


def get_managed_webinar_or_404(user: User, pk: int) -> Webinar:
    return get_object_or_404(Webinar.objects.managed_by(user).select_related(*DETAILS), pk=pk)


def get_announced_webinar_or_404(code: str) -> Webinar:
    """A session by the code of its registration page, whoever asks: who may come is decided later.

    Over or cancelled ones too, so that the page says so.
    """
    announced = Webinar.objects.filter(announced_at__isnull=False).select_related(*DETAILS)
    return get_object_or_404(announced, code=code)


def open_among(codes: list[str]) -> list[Webinar]:
    """Of sessions named by code, those one may still register for."""
    found = Webinar.objects.to_come(clock.now()).filter(code__in=codes)
    return list(found.select_related("series", "organisation"))


def sessions_of_series(webinar: Webinar) -> WebinarQuerySet:
    """The other sessions to come of a series, to register for several at once."""
    return (
        Webinar.objects.to_come(clock.now())
        .filter(series=webinar.series_id, campaign=webinar.campaign_id)
        .exclude(pk=webinar.pk)
    )


def own_registrations(user: User) -> dict[int, Registration]:
    """By session, what somebody with an account is registered for."""
    own = Registration.objects.filter(user=user).select_related("webinar")
    return {one.webinar_id: one for one in own.order_by("pk")}


def get_registration_by_secret_or_404(secret: str) -> Registration:
    """Somebody by their personal link, a withdrawn one too: `joining.doorstep` says so."""
    rows = Registration.objects.reachable().select_related(
        "organisation", "user", "webinar__series", "webinar__organisation", "webinar__slides"
    )
    return get_object_or_404(rows, secret_hash=hash_secret(secret))


def registrations_of(webinar: Webinar) -> RegistrationQuerySet:
    """Who comes, waits, asked or left, for those who manage the session."""
    return webinar.registrations.select_related("organisation", "user").with_devices()


def get_managed_registration_or_404(user: User, pk: int, registration: int) -> Registration:
    """Somebody of a session the person manages."""
    webinar = get_managed_webinar_or_404(user, pk)
    found = get_object_or_404(
        webinar.registrations.select_related("organisation", "user"), pk=registration
    )
    found.webinar = webinar
    return found


def devices_of(registration: Registration) -> int:
    """On how many devices somebody's link was used."""
    return registration.joins.order_by().values("device_hash").distinct().count()


def can_be_written_to(registration: Registration) -> bool:
    """Whether a link sent now is of use: they come, wait or asked, and it is not over."""
    is_open = registration.webinar.is_open_at(clock.now())
    mine = registration.webinar.registrations.filter(pk=registration.pk)
    return is_open and mine.reachable().concerned().exists()


def questions_to_sort(webinar: Webinar) -> QuestionQuerySet:
    """Every question, for those who manage the session; merged ones hang under theirs."""
    return (
        webinar.questions.ranked()
        .filter(merged_into=None)
        .select_related("registration__organisation")
        .prefetch_related("merged")
    )


def published_questions(webinar: Webinar) -> QuestionQuerySet:
    """What everybody registered reads and supports, the most wanted first; nobody is named."""
    return webinar.questions.published().ranked()


def voted_by(registration: Registration) -> set[int]:
    """The questions somebody supports, by number; where one was merged, the one that stands."""
    votes = registration.votes.select_related("question").order_by("pk")
    return {one.question.merged_into_id or one.question_id for one in votes}


def get_managed_question_or_404(user: User, pk: int, question: int) -> Question:
    webinar = get_managed_webinar_or_404(user, pk)
    return get_object_or_404(webinar.questions.select_related("webinar"), pk=question)


def get_published_question_or_404(registration: Registration, pk: int) -> Question:
    """A question of the session somebody is registered for."""
    return get_object_or_404(registration.webinar.questions.published(), pk=pk)


def documents_of(webinar: Webinar) -> list[Document]:
    """What goes with a session, the slides first."""
    available = Document.objects.available().with_versions()
    wanted = [webinar.slides_id, *webinar.documents.values_list("pk", flat=True)]
    found = available.in_bulk([pk for pk in wanted if pk])
    return [found[pk] for pk in dict.fromkeys(wanted) if pk in found]


def get_file_of_registration_or_404(registration: Registration, slug: str) -> DocumentVersion:
    """A document of one's session, without an account: the library itself asks for one."""
    if registration.has_place and registration.revoked_at is None:
        for document in documents_of(registration.webinar):
            if document.slug == slug:
                return document.current
    raise Http404


def organisations_to_choose() -> QuerySet[Organisation, Organisation]:
    """What somebody without an account may say they come for."""
    kinds = [Kind.CONFEDERATION, Kind.REGION, Kind.UD, Kind.UL, Kind.FD]
    return Organisation.objects.active().filter(kind__in=kinds).order_by("kind", "name")


def is_too_fast(device: str) -> bool:
    """Count one more registration; whether this device already had its share of the hour.

    Devices without a name share one count: a real browser has been given its own.
    """
    key = f"webinar-sign-up:{keyed_hash(device)}"
    cache.add(key, 0, HOUR)
    return int(cache.incr(key)) > PER_DEVICE


def is_crowded(webinars: Iterable[Webinar], network: str) -> bool:
    """Count one more stranger from a network; whether a session already had its share of the hour.

    Only keyed hashes are counted, for an hour: whoever drops the name of their browser is counted.
    """
    most = 0
    for webinar in webinars:
        key = f"webinar-network:{webinar.pk}:{keyed_hash(network)}"
        cache.add(key, 0, HOUR)
        number = int(cache.incr(key))
        if number >= WORTH_A_LOOK:
            cache.set(_crowd_key(webinar), True, 7 * 24 * HOUR)
        most = max(most, number)
    return most > PER_NETWORK


def had_a_crowd(webinar: Webinar) -> bool:
    """Whether many strangers registered from one network within an hour, lately."""
    return bool(cache.get(_crowd_key(webinar)))


def _crowd_key(webinar: Webinar) -> str:
    return f"webinar-crowd:{webinar.pk}"

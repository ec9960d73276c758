"""What somebody may know of the sessions: those to come, for whom, and which are full."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from campaigns import clock
from core.tokens import clean_code
from organisations.models import User
from webinars import rules
from webinars.audience import address_hash
from webinars.enums import RegistrationState
from webinars.models import Admission, Registration, Series, Webinar, WebinarQuerySet

# Older events are the calendar program's own affair.
REMEMBERED = timedelta(days=90)
IN_PROGRESS = (RegistrationState.REGISTERED, RegistrationState.WAITING, RegistrationState.ASKED)


def sessions_for(user: User | None) -> WebinarQuerySet:
    """Sessions to come that somebody may know of: open ones; for a member, those of their audience.

    In a constant number of queries with what a list shows of each.
    """
    coming = Webinar.objects.to_come(clock.now()).filter(campaign__is_current=True)
    return (
        coming.filter(_concerns(user))
        .select_related("series", "organisation")
        .prefetch_related("parts")
    )


def _concerns(user: User | None) -> Q:
    for_all = Q(series__is_open=True)
    if user is None or not user.active_memberships:
        return for_all
    if user.scope.everything:
        return Q()
    kinds = [membership.organisation.kind for membership in user.active_memberships]
    admitted = Admission.objects.filter(address_hash=address_hash(user.email))
    mandates = list(admitted.exclude(mandate="").order_by("pk").values_list("mandate", flat=True))
    return (
        for_all
        | Q(series__kinds__overlap=kinds)
        | Q(series__mandates__overlap=mandates)
        | Q(series__in=admitted.exclude(series=None).values("series"))
        # Everybody asks to come there.
        | Q(series__kinds=[], series__mandates=[])
        | Q(Exists(Registration.objects.filter(webinar=OuterRef("pk"), user=user)))
    )


def get_session_or_404(code: str) -> Webinar:
    """A session that was announced, by its code as somebody typed it, whoever they are."""
    return rules.get_announced_webinar_or_404(clean_code(code))


def get_dated_session_or_404(code: str) -> Webinar:
    webinar = get_session_or_404(code)
    if webinar.starts_at is None:
        raise Http404
    return webinar


def others_of_series(webinar: Webinar) -> WebinarQuerySet:
    """The other sessions to come of its series, with what a list shows of each."""
    others = rules.sessions_of_series(webinar).select_related("series", "organisation")
    return others.prefetch_related("parts")


def full_among(webinars: Iterable[Webinar]) -> set[int]:
    """By number, the sessions whose places are all taken; one query."""
    limited = [webinar.pk for webinar in webinars if webinar.capacity is not None]
    if not limited:
        return set()
    taken = Registration.objects.registered().filter(webinar__in=limited).order_by()
    counted = taken.values("webinar", "webinar__capacity").annotate(number=Count("pk"))
    return set(counted.filter(number__gte=F("webinar__capacity")).values_list("webinar", flat=True))


def asking_among(user: User, series: Iterable[Series]) -> set[str]:
    """Of some series, those where staff answer before this person comes; one query.

    As `audience.belongs` says of one.
    """
    if user.scope.everything:
        return set()
    admitted = Admission.objects.filter(address_hash=address_hash(user.email)).order_by("pk")
    known = list(admitted.values_list("series", "mandate"))
    own = {membership.organisation.kind for membership in user.active_memberships}
    own |= {mandate for _, mandate in known if mandate}
    named = {slug for slug, _ in known}
    return {
        one.pk
        for one in series
        if not one.is_open and own.isdisjoint((*one.kinds, *one.mandates)) and one.pk not in named
    }


def feed_sessions() -> WebinarQuerySet:
    """What the public calendar holds: open sessions with a date, those called off too."""
    dated = Webinar.objects.public().filter(
        campaign__is_current=True, ends_at__gt=clock.now() - REMEMBERED
    )
    return dated.select_related("series", "organisation").order_by("starts_at", "pk")


def get_own_registration_or_404(user: User, code: str) -> Registration:
    own = Registration.objects.reachable().filter(user=user)
    return get_object_or_404(own, webinar=get_session_or_404(code))


def next_registrations(user: User) -> QuerySet[Registration, Registration]:
    """The sessions to come that somebody is registered for, waits for or asked to come to."""
    coming = Webinar.objects.to_come(clock.now()).order_by()
    own = Registration.objects.filter(
        user=user, state__in=IN_PROGRESS, webinar__in=coming.values("pk")
    )
    return own.select_related("webinar").order_by(
        F("webinar__starts_at").asc(nulls_last=True), "pk"
    )

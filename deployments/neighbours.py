"""Who is told of an announced action: neighbours, the region, federations, the confederation."""

from collections.abc import Collection, Iterable
from math import asin, cos, radians, sin, sqrt
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from deployments.enums import Stage
from deployments.heard import last_heard
from deployments.models import Deployment
from messaging.actions import Envelope, enqueue_composed
from messaging.enums import Channel
from messaging.models import Message
from messaging.rendering import Rendered, render_email
from organisations.enums import Kind, Role
from organisations.models import Membership, Organisation, User
from territory.models import Commune

ANNOUNCED, CANCELLED = "deployment-announced", "deployment-cancelled"
RESTORED = "deployment-restored"
# « Limitrophe »: with a commune this near the action's own.
NEAR_KM = 15.0
EARTH_KM = 6371.0
KM_PER_DEGREE = 111.0


def neighbours_of(deployment: Deployment) -> QuerySet[Organisation, Organisation]:
    """The organisations an announcement is for, the organisers themselves left out."""
    commune = deployment.commune
    if commune is None:
        return Organisation.objects.none()
    near = communes_near(commune)
    places = {one.departement_id for one in near}
    postcodes = [code for one in near for code in one.postcodes]
    concerned = (
        Q(kind=Kind.UL, communes__in=[one.pk for one in near])
        | Q(kind=Kind.UL, postcodes__overlap=postcodes)
        | Q(kind=Kind.UD, departement__in=places)
        | Q(kind=Kind.REGION, region=commune.departement.region_id)
        | Q(kind=Kind.FD, agreements__trades__in=deployment.trades.all())
        | Q(kind=Kind.CONFEDERATION)
    )
    organisers = [
        deployment.organisation_id,
        *deployment.co_organisers.values_list("pk", flat=True),
    ]
    found = Organisation.objects.active().filter(concerned).exclude(pk__in=organisers)
    return Organisation.objects.filter(pk__in=found.values("pk")).order_by("kind", "name")


def communes_near(commune: Commune) -> list[Commune]:
    """The commune and those within `NEAR_KM` of its town hall; itself alone without a point."""
    if commune.latitude is None or commune.longitude is None:
        return [commune]
    latitude, longitude = commune.latitude, commune.longitude
    height = NEAR_KM / KM_PER_DEGREE
    width = height / max(cos(radians(latitude)), 0.1)
    box = Commune.objects.filter(
        latitude__range=(latitude - height, latitude + height),
        longitude__range=(longitude - width, longitude + width),
    )
    return [
        one
        for one in box.only("pk", "departement_id", "postcodes", "latitude", "longitude")
        if _kilometres(latitude, longitude, one) <= NEAR_KM
    ]


def _kilometres(latitude: float, longitude: float, other: Commune) -> float:
    """Along the great circle."""
    if other.latitude is None or other.longitude is None:
        return EARTH_KM
    up, across = radians(other.latitude - latitude), radians(other.longitude - longitude)
    turn = (
        sin(up / 2) ** 2
        + cos(radians(latitude)) * cos(radians(other.latitude)) * sin(across / 2) ** 2
    )
    return 2 * EARTH_KM * asin(sqrt(turn))


def inform_neighbours(deployment: Deployment, *, author: User | None) -> None:
    """Note who is told and write to the teams of these organisations, once each per action."""
    deployment.informed.set(neighbours_of(deployment))
    _write(deployment, ANNOUNCED, author)


def tell_of_cancellation(deployment: Deployment, *, author: User | None) -> None:
    """Write to those who were told of the action that it will not take place."""
    if deployment.reported_at:
        knowing = _believe_it_is_off(deployment)
        _write(deployment, CANCELLED, author, but=knowing)


def tell_of_return(deployment: Deployment, *, author: User | None) -> None:
    """Write to those who heard that it was called off that it takes place after all."""
    _write(deployment, RESTORED, author, only=_believe_it_is_off(deployment))


def _believe_it_is_off(deployment: Deployment) -> set[int]:
    """Accounts that last heard of a cancellation; what waits about it never leaves."""
    keys = Q()
    for purpose in (CANCELLED, RESTORED):
        keys |= Q(unique_key__startswith=f"{purpose}:{deployment.pk}:")
    heard = last_heard(Message.objects.filter(keys), place=2)
    return {person for person, purpose in heard.items() if purpose == CANCELLED}


def _write(
    deployment: Deployment,
    purpose: str,
    author: User | None,
    *,
    only: set[int] | None = None,
    but: Collection[int] = (),
) -> None:
    if deployment.ends_at is None:
        return
    # A second cancellation, after the action came back, is a new message.
    version = 0 if purpose == ANNOUNCED else deployment.revision
    envelopes = [
        Envelope(
            unique_key=f"{purpose}:{deployment.pk}:{person.pk}:{version}",
            channel=Channel.EMAIL,
            recipient=person.email,
            not_after=deployment.ends_at,
            departement=deployment.departement,
            is_transactional=True,
        )
        for person in _teams_of(deployment.informed.all())
        if person != author and person.pk not in but and (only is None or person.pk in only)
    ]
    enqueue_composed(purpose=purpose, envelopes=envelopes)


def _teams_of(organisations: Iterable[Organisation]) -> QuerySet[User, User]:
    """Whoever works in the name of one of `organisations`, once each."""
    leading = Membership.objects.active().filter(
        organisation__in=organisations, role__in=[Role.STAFF, Role.ADMIN]
    )
    people = User.objects.filter(is_active=True, pk__in=leading.values("user"))
    return people.order_by("pk")


def compose(messages: list[Message]) -> dict[UUID, Rendered]:
    """The words, as things stand when they leave: nothing of an action called off meanwhile."""
    keys = {message.pk: message.unique_key.split(":") for message in messages}
    rows = Deployment.objects.select_related("organisation", "commune", "place")
    found = rows.in_bulk({int(key[1]) for key in keys.values()})
    people = User.objects.in_bulk({int(key[2]) for key in keys.values()})
    words = {}
    for message in messages:
        _, deployment, person = keys[message.pk][:3]
        action, reader = found.get(int(deployment)), people.get(int(person))
        if action and reader and reader.email == message.recipient and _still_true(message, action):
            words[message.pk] = _render(message, action, reader)
    return words


def _still_true(message: Message, deployment: Deployment) -> bool:
    if message.purpose == CANCELLED:
        return deployment.is_off
    return deployment.stage == Stage.REPORTED and deployment.archived_at is None


def _render(message: Message, deployment: Deployment, reader: User) -> Rendered:
    context = {
        "deployment": deployment,
        "reader": reader,
        "url": settings.SITE_URL + reverse("deployments:detail", args=[deployment.pk]),
        "is_cancelled": message.purpose == CANCELLED,
        "is_back": message.purpose == RESTORED,
    }
    return render_email("deployments/email/announced", context, message.language)

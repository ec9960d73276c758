"""The next actions near somebody: what they can walk, ride or drive to."""

from math import cos, radians

from django.db.models import F, FloatField, QuerySet, Value
from django.db.models.functions import Power, Sqrt

from campaigns import clock
from deployments.enums import Stage
from deployments.models import Deployment
from deployments.rules import visible_deployments
from organisations.models import User

NEAR = 40.0  # kilometres
KM_PER_DEGREE = 111.2


def next_actions_near(user: User, *, most: int) -> list[Deployment]:
    """The next announced actions within 40 km of one's organisation, each with its `distance_km`.

    Where nothing is that close, the next ones one sees. The distance is as the crow flies, from
    the middle of the organisation's territory to the commune; None when either is not known.
    """
    coming = visible_deployments(user).filter(stage=Stage.REPORTED, ends_at__gt=clock.now())
    point = user.home_point
    if point is None:
        return _first(coming.annotate(distance_km=_unknown()), most)
    coming = coming.annotate(distance_km=_distance(*point))
    return _first(coming.filter(distance_km__lte=NEAR), most) or _first(coming, most)


def _first(coming: QuerySet[Deployment, Deployment], most: int) -> list[Deployment]:
    return list(coming.order_by("starts_at", "pk")[:most])


def _unknown() -> Value:
    return Value(None, output_field=FloatField())


def _distance(latitude: float, longitude: float) -> Sqrt:
    """Exact enough at the scale of a département: the Earth is flat there."""
    shrink = cos(radians(latitude))
    north = (F("commune__latitude") - latitude) * KM_PER_DEGREE
    east = (F("commune__longitude") - longitude) * KM_PER_DEGREE * shrink
    return Sqrt(Power(north, 2) + Power(east, 2), output_field=FloatField())

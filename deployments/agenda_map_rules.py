"""What the map of the calendar reads: as many queries for one action as for a thousand."""

from datetime import UTC, date, datetime, time

from django.db.models.functions import Coalesce

from campaigns.clock import current_campaign
from deployments.agenda_map import Spot
from deployments.agenda_rules import ANY_ZONE, Found, read_entries
from deployments.models import Deployment
from organisations.models import User

# What one map shows; a narrower filter shows the rest.
MOST_SPOTS = 2000


Spots = tuple[list[Spot], bool]


def spots_of_campaign(found: Found, user: User, *, now: datetime) -> Spots:
    """Those of the edition under way, and whether there are too many for one map."""
    return _read_spots(found.filter(campaign=current_campaign()), user, now)


def spots_between(found: Found, user: User, first: date, last: date, *, now: datetime) -> Spots:
    """Those that fall between two days, first and last included; and whether they are too many."""
    start = datetime.combine(first, time.min, UTC) - ANY_ZONE
    end = datetime.combine(last, time.max, UTC) + ANY_ZONE
    spots, is_cut = _read_spots(found.between(start, end), user, now)
    return [spot for spot in spots if spot.entry.falls_between(first, last)], is_cut


def _read_spots(found: Found, user: User, now: datetime) -> Spots:
    """The first actions in order of time, each with its place's point, else its commune's."""
    pks = list(found.order_by("starts_at", "pk").values_list("pk", flat=True)[:MOST_SPOTS])
    # A place has a whole point or none (`place_has_a_whole_point`).
    rows = (
        Deployment.objects.filter(pk__in=pks)
        .annotate(
            latitude=Coalesce("place__latitude", "commune__latitude"),
            longitude=Coalesce("place__longitude", "commune__longitude"),
        )
        .order_by()
        .values_list("pk", "departement", "departement__name", "latitude", "longitude")
    )
    places = {pk: rest for pk, *rest in rows}
    spots = []
    for entry in read_entries(pks, user, now=now):
        code, name, latitude, longitude = places[entry.pk]
        point = None if latitude is None or longitude is None else (latitude, longitude)
        spots.append(Spot(entry, f"{code} – {name}", point))
    return spots, len(pks) == MOST_SPOTS

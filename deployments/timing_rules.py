"""What is known around the hours of an action: holidays of its place, market, people."""

from django.db.models import Q

from deployments.models import Deployment
from deployments.shifts import Slot
from deployments.timing import Surroundings, warnings_about
from territory.models import PublicHoliday, SchoolHoliday


def timing_warnings(deployment: Deployment) -> list[str]:
    """What to know of the hours that are kept, in a constant number of queries."""
    shifts = deployment.shifts.all()
    slots = [Slot(shift.starts_at, shift.ends_at) for shift in shifts]
    return warnings_about(slots, _around(deployment, slots)) if slots else []


def _around(deployment: Deployment, slots: list[Slot]) -> Surroundings:
    days = [slot.starts_at.astimezone(deployment.zone).date() for slot in slots]
    place, departement = deployment.place, deployment.departement
    holidays = PublicHoliday.objects.filter(
        Q(area="") | Q(area=deployment.departement_id or ""), date__in=days
    )
    schools = SchoolHoliday.objects.filter(
        zone=departement.school_zone if departement else "",
        starts_on__lte=max(days),
        ends_on__gte=min(days),
    )
    return Surroundings(
        zone=deployment.zone,
        public=deployment.public,
        trades=frozenset(deployment.trades.values_list("pk", flat=True)),
        holidays=tuple(holidays.values_list("date", "name")),
        school_holidays=tuple(schools.values_list("starts_on", "ends_on", "name")),
        market_days=tuple(place.market_days) if place else (),
    )

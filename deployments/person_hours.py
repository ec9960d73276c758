"""How long people were there, all together: what contacts are held against."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import (
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from deployments.models import Booking, Deployment, DeploymentQuerySet, Shift, TeamMember

NOTHING = timedelta(0)
# What `with_presence` adds and `hours_spent` reads.
PRESENCE = ("presence_booked", "presence_unbooked", "presence_whole", "presence_reported")


def with_presence(deployments: DeploymentQuerySet) -> DeploymentQuerySet:
    """Add to each action, in the same query, what `hours_spent` reads."""
    present = TeamMember.objects.filter(attended=True, deployment=OuterRef("pk"))
    unbooked = present.filter(bookings=None).order_by().values("deployment")
    booked = Booking.objects.filter(member__attended=True)
    return deployments.annotate(
        presence_booked=_lasted(booked, "member__deployment"),
        presence_unbooked=Coalesce(
            Subquery(unbooked.annotate(number=Count("pk")).values("number")),
            0,
            output_field=IntegerField(),
        ),
        presence_whole=_lasted(Shift.objects.all(), "deployment"),
        presence_reported=F("debrief__participants"),
    )


def hours_spent(row: Mapping[str, Any]) -> float:
    """Hours of those who were there: each their own shifts, else the whole action.

    Where nobody was marked present, the length of the action by how many its report says they were.
    `row` gives the values `PRESENCE` of an action.
    """
    whole: timedelta = row["presence_whole"] or NOTHING
    spent: timedelta = row["presence_booked"] or NOTHING
    spent += whole * row["presence_unbooked"]
    spent = spent or whole * (row["presence_reported"] or 0)
    return spent.total_seconds() / 3600


def person_hours(deployment: Deployment) -> float:
    """`hours_spent` of one action, asked of the database."""
    rows = with_presence(Deployment.objects.filter(pk=deployment.pk))
    return hours_spent(rows.values(*PRESENCE).get())


def _lasted(rows: QuerySet[Any, Any], name: str) -> Subquery:
    """The time of shifts, or of bookings of shifts, added up."""
    prefix = "shift__" if rows.model is Booking else ""
    length = ExpressionWrapper(
        F(f"{prefix}ends_at") - F(f"{prefix}starts_at"), output_field=DurationField()
    )
    own = rows.filter(**{name: OuterRef("pk")}).order_by()
    return Subquery(own.values(name).annotate(total=Sum(length)).values("total"))

"""What `materials/` is told of actions to come, so that their material is there in time."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.urls import reverse

from campaigns.models import PARIS
from deployments.enums import Stage
from deployments.models import Deployment
from materials.hooks import Need


def material_needs(organisations: Collection[int], first: date, last: date) -> list[Need]:
    """The actions these organisations hold from `first` to `last`, ideas with a date included."""
    start = datetime.combine(first, time.min, tzinfo=PARIS)
    end = datetime.combine(last + timedelta(days=1), time.min, tzinfo=PARIS)
    actions = (
        Deployment.objects.on_calendar()
        .filter(organisation__in=organisations, starts_at__gte=start, starts_at__lt=end)
        .exclude(stage=Stage.CANCELLED)
        .order_by("starts_at", "pk")
    )
    return [
        Need(
            organisation=action.organisation_id,
            title=action.title,
            on=action.starts_at.astimezone(action.zone).date(),
            workers=action.objective_count or 0,
            url=reverse("deployments:detail", args=[action.pk]),
        )
        for action in actions
        if action.starts_at is not None
    ]

"""The few figures of the home page, within the scope of whoever looks.

Two counts within the scope's own index; the summary tables of the dashboards will take over.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from campaigns.models import Campaign
from contacts.models import Contact
from organisations.models import User


@dataclass(frozen=True)
class HomeFigures:
    contacts: int
    contacts_this_week: int
    own_contacts: int
    as_of: datetime


def home_figures(user: User) -> HomeFigures:
    """Contacts in scope, those of the last seven days, and the person's own captures."""
    # Captures bear the real time, whatever day a rehearsal stands on.
    moment = timezone.now()
    counted = Contact.objects.visible_to(user).aggregate(
        everyone=Count("pk"),
        week=Count("pk", filter=Q(created_at__gte=moment - timedelta(days=7))),
    )
    own = user.captures.filter(contact__isnull=False).values("contact").distinct().count()
    return HomeFigures(counted["everyone"], counted["week"], own, moment)


def personal_goal(campaign: Campaign, done: int) -> int:
    """The next step of an activist: 5, then 10, then 15 contacts (the campaign's own goals)."""
    steps = sorted(campaign.goals_per_militant)
    return next((step for step in steps if step > done), steps[-1] if steps else 0)

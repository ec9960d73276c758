"""What the report reads: counts, tops and flops, facts for its texts."""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from campaigns import clock
from contacts.rules import count_captures
from core.dates import NBSP, day_of_week, hour
from core.tokens import derive_secret
from deployments.day_rules import takes_part, total_of
from deployments.declaration_rules import today_at
from deployments.enums import PRESS_ROLE, TallyKind
from deployments.models import Debrief, Deployment, Remark
from deployments.person_hours import person_hours
from deployments.press import Facts
from deployments.rules import can_manage, get_deployment_or_404
from organisations.models import User


def find_debrief(deployment: Deployment) -> Debrief | None:
    return Debrief.objects.filter(deployment=deployment).select_related("closed_by").first()


def suggested(deployment: Deployment) -> dict[str, int | None]:
    """What the counters and the attendance list already know, for the empty fields."""
    return {
        "people_met": total_of(deployment, TallyKind.MET) or None,
        "leaflets": total_of(deployment, TallyKind.LEAFLETS) or None,
        "participants": deployment.team.filter(attended=True).count() or None,
    }


LABELS = {
    "people_met": "Personnes rencontrées",
    "leaflets": "Tracts distribués",
    "members_joined": "Adhésions",
    "participants": "Militant·es présent·es",
}


# As long as the numbers of a team are kept.
OPINIONS_LAST = timedelta(days=30)


@dataclass(frozen=True)
class PressContact:
    """Whom newspapers call: who took the press role, at the organisation's number or their own."""

    name: str
    phone: str
    # A number of one's own is printed with the agreement of its owner.
    is_personal: bool


def press_contact_of(deployment: Deployment) -> PressContact:
    taken = deployment.team.coming().filter(role=PRESS_ROLE).select_related("user")
    person = taken.order_by("answered_at", "pk").first()
    name = (person.user.get_full_name() if person.user else person.first_name) if person else ""
    if office := deployment.organisation.phone_as_national:
        return PressContact(name, office, is_personal=False)
    own = person.phone.as_national if person and person.phone else ""
    return PressContact(name, own, is_personal=bool(own))


@dataclass(frozen=True)
class Figure:
    label: str
    value: int
    note: str = ""


def figures_of(deployment: Deployment, debrief: Debrief | None) -> list[Figure]:
    """What was written, else what the counters know; nothing for what nobody counted."""
    known = suggested(deployment)
    notes = {"participants": _hours_words(deployment)}
    figures = []
    for name, label in LABELS.items():
        written = getattr(debrief, name) if debrief else None
        if written is not None:
            figures.append(Figure(label, written, notes.get(name, "")))
        elif counted := known.get(name):
            note = notes.get(name, "") or "D’après les compteurs"
            figures.append(Figure(label, counted, note))
    return figures


def _hours_words(deployment: Deployment) -> str:
    """« 7,5 h de présence en tout »; nothing when nobody noted who was there."""
    hours = person_hours(deployment)
    written = f"{hours:.1f}".removesuffix(".0").replace(".", ",")
    return f"{written}{NBSP}h de présence en tout" if hours else ""


def remarks_of(deployment: Deployment) -> QuerySet[Remark, Remark]:
    return deployment.remarks.select_related("member")


def get_removable_remark_or_404(user: User, pk: int) -> Remark:
    """A remark the person made, or of an action they manage."""
    remark = get_object_or_404(Remark.objects.select_related("deployment", "member"), pk=pk)
    deployment = get_deployment_or_404(user, remark.deployment_id)
    is_own = remark.member is not None and remark.member.user_id == user.pk
    if not (is_own or can_manage(user, deployment)):
        raise Http404
    return remark


def may_be_reported(deployment: Deployment) -> bool:
    """Whether the action took place, or has begun."""
    return deployment.starts_at is not None and deployment.starts_at <= clock.now()


def why_no_report_yet(deployment: Deployment) -> str:
    """When the report opens; nothing once it has."""
    if may_be_reported(deployment):
        return ""
    if deployment.starts_at is None:
        return "Le bilan s’ouvrira le jour de l’action : sa date reste à choisir."
    start = deployment.starts_at.astimezone(deployment.zone)
    at = hour(start.time())
    if start.date() == today_at(deployment):
        return f"C’est aujourd’hui : le bilan s’ouvre à {at}, quand l’action commence."
    return f"Le bilan s’ouvrira le {day_of_week(start.date())} à {at}, quand l’action commencera."


def takes_opinions(deployment: Deployment) -> bool:
    """Whether the link for tops and flops is open: from the beginning to a month after the end."""
    now = clock.now()
    is_old = deployment.ends_at is not None and deployment.ends_at + OPINIONS_LAST < now
    return may_be_reported(deployment) and not is_old


def may_read(user: User, deployment: Deployment, debrief: Debrief | None) -> bool:
    """Who sees the action reads its report once it is in; the team reads it as it grows."""
    if debrief is not None and debrief.closed_at is not None:
        return True
    return takes_part(user, deployment)


def opinion_secret(deployment: Deployment) -> str:
    """The secret of the link for tops and flops, derived: there is nothing to steal."""
    return derive_secret(f"deployment-opinion:{deployment.pk}:{deployment.source_id}")


def get_deployment_by_opinion_secret_or_404(pk: int, secret: str) -> Deployment:
    found = Deployment.objects.select_related("organisation", "commune", "place")
    deployment = get_object_or_404(found.filter(~Q(stage="cancelled"), archived_at=None), pk=pk)
    if not hmac.compare_digest(opinion_secret(deployment), secret):
        raise Http404
    return deployment


def facts_of(deployment: Deployment, debrief: Debrief | None) -> Facts | None:
    """The facts for the texts; none before place and date are known."""
    if deployment.starts_at is None or deployment.ends_at is None or deployment.commune is None:
        return None
    zone, campaign = deployment.zone, deployment.campaign
    starts, ends = deployment.starts_at.astimezone(zone), deployment.ends_at.astimezone(zone)
    now, press = clock.now(), press_contact_of(deployment)
    return Facts(
        organisation=deployment.organisation.name,
        organisation_kind=deployment.organisation.kind,
        commune=deployment.commune.name,
        place=deployment.place.name if deployment.place else "",
        first=starts.date(),
        last=ends.date(),
        starts=starts.time(),
        ends=ends.time(),
        guest=deployment.guest,
        trades=tuple(trade.label.lower() for trade in deployment.trades.all()),
        theme=deployment.theme,
        met=debrief.people_met if debrief else None,
        leaflets=debrief.leaflets if debrief else None,
        contacts=count_captures(deployment.source)["captures"],
        joined=debrief.members_joined if debrief else None,
        participants=debrief.participants if debrief else None,
        vote_opens=campaign.vote_opens,
        vote_closes=campaign.vote_closes,
        is_over=deployment.is_over_at(now),
        written_on=now.astimezone(zone).date(),
        press_name=press.name,
        press_phone=press.phone,
    )

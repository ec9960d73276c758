"""Fetching is the permission check: what is not yours answers 404."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from calls.enums import Reason
from calls.invitations import UNDO_WINDOW
from calls.models import (
    Call,
    CallQuerySet,
    Escalation,
    FollowUp,
    FollowUpQuerySet,
    Meeting,
    MeetingQuerySet,
    Outcome,
    OutcomeQuerySet,
)
from campaigns.enums import Phase
from contacts.addresses import addresses_of, e164, open_channels
from contacts.enums import ConsentChannel
from contacts.models import Contact
from organisations.models import Organisation, User
from organisations.rules import led_organisations

# What a page about a follow-up shows of it.
RELATED = (
    "contact__trade", "contact__commune", "contact__departement", "organisation", "federation",
    "assigned_to", "last_outcome", "lease_holder",
)  # fmt: skip


def visible_follow_ups(user: User) -> FollowUpQuerySet:
    return FollowUp.objects.visible_to(user)


def get_follow_up_or_404(user: User, pk: int) -> FollowUp:
    return get_object_or_404(visible_follow_ups(user).select_related(*RELATED), pk=pk)


def get_own_call_or_404(user: User, pk: int) -> Call:
    """A call the person recorded, of somebody they still see."""
    calls = Call.objects.filter(caller=user, follow_up__in=visible_follow_ups(user).order_by())
    return get_object_or_404(calls.select_related("follow_up", "outcome", "meeting"), pk=pk)


def visible_meetings(user: User) -> MeetingQuerySet:
    return Meeting.objects.visible_to(user).select_related(
        "follow_up__contact__departement", "follow_up__organisation", "organiser"
    )


def get_meeting_or_404(user: User, pk: int) -> Meeting:
    return get_object_or_404(visible_meetings(user), pk=pk)


def get_planned_meeting_or_404(user: User, pk: int) -> Meeting:
    return get_object_or_404(visible_meetings(user).planned(), pk=pk)


def history(follow_up: FollowUp) -> CallQuerySet:
    """Every call to the person, the latest first, those taken back among them."""
    calls = Call.objects.filter(follow_up__contact=follow_up.contact_id)
    return calls.select_related("caller", "outcome", "meeting", "undo")


def last_own_call(user: User) -> Call | None:
    """The call the person can still take back."""
    since = timezone.now() - UNDO_WINDOW
    calls = Call.objects.standing().filter(
        caller=user, ended_at__gte=since, follow_up__in=visible_follow_ups(user).order_by()
    )
    return calls.select_related("follow_up__contact", "outcome").order_by("-ended_at").first()


def is_held_by(follow_up: FollowUp, user: User) -> bool:
    return FollowUp.objects.leased_to(user).filter(pk=follow_up.pk).exists()


def is_taken(follow_up: FollowUp) -> bool:
    return not FollowUp.objects.free().filter(pk=follow_up.pk).exists()


def held_by(user: User) -> FollowUp | None:
    """Whom the person is calling right now."""
    held = (
        FollowUp.objects.leased_to(user)
        .open()
        .filter(pk__in=visible_follow_ups(user).order_by().values("pk"))
    )
    return held.select_related("contact").first()


def ways_to_reach(follow_up: FollowUp) -> set[str]:
    """How the person may be reached at this instant: "call", "email", "sms"."""
    contact = Contact.objects.get(pk=follow_up.contact_id)
    return open_channels(contact) & ways_known(contact)


def ways_known(contact: Contact) -> set[str]:
    """The channels on which the person left a number or an address."""
    addresses = addresses_of(phone=e164(contact), email=contact.email)
    return {channel for channel, _ in addresses}


def can_be_written_to(contact: Contact) -> bool:
    """Whether an appointment can be written to the person at this instant."""
    return bool(open_channels(contact) & ways_known(contact) - {ConsentChannel.CALL})


def is_callable(follow_up: FollowUp) -> bool:
    """Whether the person agrees to calls at this instant and the number is refused by nobody."""
    return ConsentChannel.CALL in ways_to_reach(follow_up)


def is_reachable(follow_up: FollowUp) -> bool:
    """Whether the person may be called, or wished something and may be written to."""
    return is_reachable_by(follow_up, ways_to_reach(follow_up))


def is_reachable_by(follow_up: FollowUp, ways: set[str]) -> bool:
    return ConsentChannel.CALL in ways or (bool(ways) and follow_up.reasons != [Reason.CONSENT])


def seconds_left(follow_up: FollowUp) -> int:
    """How long the lease still runs."""
    until = follow_up.lease_until
    return max(0, int((until - timezone.now()).total_seconds())) if until else 0


def can_see_contact(user: User, follow_up: FollowUp) -> bool:
    return Contact.objects.visible_to(user).filter(pk=follow_up.contact_id).exists()


def outcomes_in_use() -> OutcomeQuerySet:
    return Outcome.objects.in_use()


def assignable_follow_ups_or_404(user: User) -> FollowUpQuerySet:
    """What staff may give to somebody: the follow-ups of their scope, nothing else."""
    if not user.led:
        raise Http404
    return FollowUp.objects.within_scope(user)


def assignees(user: User) -> list[tuple[Organisation, User]]:
    """The active members of the organisations one leads, who may be given people to call."""
    return [
        (organisation, membership.user)
        for organisation in led_organisations(user)
        for membership in organisation.memberships.active()
        .filter(user__is_active=True)
        .select_related("user")
        .order_by("user__first_name", "user__last_name", "pk")
    ]


def can_edit_rules(user: User) -> bool:
    return user.is_superuser or user.scope.everything


def check_can_edit_rules(user: User) -> None:
    if not can_edit_rules(user):
        raise Http404


def get_phase_or_404(user: User, phase: str) -> Phase:
    check_can_edit_rules(user)
    try:
        return Phase(phase)
    except ValueError as error:
        raise Http404 from error


def all_outcomes() -> list[Outcome]:
    return list(Outcome.objects.order_by("position", "pk"))


def all_escalations() -> list[Escalation]:
    return list(Escalation.objects.order_by("pk"))

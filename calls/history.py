"""The calls of a person, as their page tells them."""

from django.urls import reverse

from calls.models import Call, FollowUp
from contacts.hooks import Happening
from contacts.models import Contact
from core.dates import instant
from core.text import counted

HEADING = "Appels"


def calls_of(contact: Contact) -> list[Happening]:
    """Who must still be called, then every call, the latest first."""
    opened = FollowUp.objects.open().filter(contact=contact).select_related(
        "organisation", "assigned_to"
    )  # fmt: skip
    calls = (
        Call.objects.filter(follow_up__contact=contact)
        .select_related("caller", "meeting__follow_up__contact__departement", "undo")
        .order_by("-ended_at", "-pk")
    )
    return [*map(_to_call, opened), *map(_call, calls)]


def _to_call(row: FollowUp) -> Happening:
    who = row.assigned_to.get_full_name() if row.assigned_to else ""
    by = who or (row.organisation.name if row.organisation else "")
    return Happening(
        at=row.created_at,
        title=f"À appeler : {', '.join(row.reason_labels).lower()}",
        detail=", ".join(filter(None, [f"avant le {instant(row.due_at)}", by])),
        url=reverse("calls:follow-up", args=[row.pk]),
    )


def _call(call: Call) -> Happening:
    said = [call.caller.get_full_name()] if call.caller else []
    if call.meeting:
        minutes = counted(call.meeting.minutes, "minute", "minutes")
        said.append(
            f"rendez-vous le {instant(call.meeting.starts_at)}, {call.meeting.place} ({minutes})"
        )
    elif call.next_attempt_at:
        said.append(f"prochain essai à partir du {instant(call.next_attempt_at)}")
    return Happening(
        at=call.ended_at,
        title=call.outcome_label,
        detail=", ".join(said),
        note=call.note,
        is_undone=hasattr(call, "undo"),
    )

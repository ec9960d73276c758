"""What is stored of the calls with one person, for the person."""

from typing import Any

from calls.models import Call, FollowUp, Meeting
from contacts.models import Contact


def calls_as_json(contact: Contact) -> dict[str, Any]:
    """Every follow-up with its calls, their notes and appointments, the oldest first.

    Who called is not told: a caller has a right to their name too.
    """
    rows = (
        FollowUp.objects.filter(contact=contact)
        .select_related("organisation")
        .prefetch_related("calls__undo", "meetings")
        .order_by("created_at", "pk")
    )
    return {"rappels": [_follow_up(row) for row in rows]}


def _follow_up(row: FollowUp) -> dict[str, Any]:
    return {
        "raisons": row.reason_labels,
        "état": row.get_status_display(),
        "organisation": row.organisation.name if row.organisation else None,
        "ouvert_le": row.created_at.isoformat(),
        "à_appeler_avant": row.due_at.isoformat(),
        "clos_le": row.closed_at.isoformat() if row.closed_at else None,
        "besoin_d’aide_pour_voter": row.needs_vote_help,
        "numéro_erroné": row.wrong_number or None,
        "appels": [_call(call) for call in reversed(row.calls.all())],
        "rendez-vous": [_meeting(meeting) for meeting in row.meetings.all()],
    }


def _call(call: Call) -> dict[str, Any]:
    undo = getattr(call, "undo", None)
    return {
        "début": call.started_at.isoformat(),
        "fin": call.ended_at.isoformat(),
        "issue": call.outcome_label,
        "note": call.note or None,
        "repris_le": undo.undone_at.isoformat() if undo else None,
    }


def _meeting(meeting: Meeting) -> dict[str, Any]:
    return {
        "début": meeting.starts_at.isoformat(),
        "minutes": meeting.minutes,
        "lieu": meeting.place,
        "état": meeting.get_state_display(),
    }

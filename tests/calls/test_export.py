"""The data a person asks for include what their calls left."""

from datetime import timedelta

import pytest

from calls import actions
from calls.effects import CallReport, MeetingDraft
from calls.models import Call, FollowUp
from contacts.export import person_as_json
from contacts.models import Contact
from organisations.models import User
from tests.calls.conftest import TUESDAY, make_follow_up, outcome

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


def call(caller: User, row: FollowUp, report: CallReport) -> Call:
    actions.take(caller=caller, follow_up=row)
    return actions.record_call(follow_up=row, caller=caller, report=report)


def told(row: FollowUp) -> dict[str, object]:
    (follow_up,) = person_as_json(Contact.objects.get(pk=row.contact_id))["rappels"]
    return dict(follow_up)


def test_calls_are_told_with_their_notes(caller: User) -> None:
    row = make_follow_up(wishes=["join"])
    call(caller, row, CallReport(outcome=outcome("no-answer"), note="Répondeur plein"))
    follow_up = told(row)
    assert follow_up["raisons"] == ["Veut adhérer"]
    (only,) = follow_up["appels"]  # type: ignore[misc]
    assert (only["note"], only["issue"], only["repris_le"]) == (
        "Répondeur plein", outcome("no-answer").label, None,
    )  # fmt: skip


def test_a_call_taken_back_is_told_as_such(caller: User) -> None:
    row = make_follow_up()
    actions.undo_call(
        call=call(caller, row, CallReport(outcome=outcome("no-answer"))), caller=caller
    )
    (only,) = told(row)["appels"]  # type: ignore[misc]
    assert only["repris_le"] == TUESDAY.isoformat()


def test_appointments_are_told(caller: User) -> None:
    row = make_follow_up()
    draft = MeetingDraft(starts_at=TUESDAY + timedelta(days=2), minutes=30, place="Bourse")
    call(caller, row, CallReport(outcome=outcome("meeting"), meeting=draft))
    (meeting,) = told(row)["rendez-vous"]  # type: ignore[misc]
    assert (meeting["lieu"], meeting["état"]) == ("Bourse", "Prévu")


def test_the_caller_is_not_told(caller: User) -> None:
    row = make_follow_up()
    call(caller, row, CallReport(outcome=outcome("no-answer")))
    assert caller.email not in str(told(row))

"""Late follow-ups pass on; those of people who work elsewhere now follow them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from calls import actions
from calls.creation import open_missing_follow_ups
from calls.effects import CallReport
from calls.enums import MoveCause
from calls.models import Escalation, FollowUp
from calls.sweeping import cancel_unreachable, escalate_late, follow_places
from calls.sweeping import sweep_follow_ups as sweep_follow_ups_now
from calls.tasks import sweep_follow_ups
from contacts.actions import change_consents, correct_contact, merge_contacts, unmerge_contacts
from contacts.enums import Wish
from contacts.models import Contact, ContactMerge
from contacts.places import find_place
from messaging.actions import lift_suppressions, suppress
from messaging.enums import SuppressedChannel, SuppressionReason
from organisations.models import User
from tests.calls.conftest import make_follow_up, outcome
from tests.factories import get_organisation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def local_union(db: None) -> None:
    get_organisation("ul-caen")


def make_late(row: FollowUp, days: int) -> None:
    then = timezone.now() - timedelta(days=days, hours=1)
    FollowUp.objects.filter(pk=row.pk).update(due_at=then, organisation_since=then)


def organisation_of(row: FollowUp) -> str:
    return FollowUp.objects.get(pk=row.pk).organisation.slug  # type: ignore[union-attr]


def test_what_the_local_union_leaves_goes_to_the_departmental_one() -> None:
    late, fresh = make_follow_up(), make_follow_up()
    make_late(late, 3)
    make_late(fresh, 2)
    assert escalate_late() == 1
    assert organisation_of(late) == "ud-14"
    assert organisation_of(fresh) == "ul-caen"
    move = late.moves.get()
    assert (move.cause, move.from_organisation.slug) == (MoveCause.LATE, "ul-caen")  # type: ignore[union-attr]


def test_the_next_organisation_has_its_own_days() -> None:
    row = make_follow_up()
    make_late(row, 9)
    assert escalate_late() == 1
    assert escalate_late() == 0
    make_late(row, 5)
    assert escalate_late() == 1
    assert organisation_of(row) == "cr-28"


def test_the_days_are_data() -> None:
    row = make_follow_up()
    Escalation.objects.filter(from_kind="ul").update(days_late=10)
    make_late(row, 9)
    assert escalate_late() == 0


def test_whoever_was_asked_is_asked_no_more() -> None:
    row = make_follow_up()
    FollowUp.objects.update(
        assigned_to=User.objects.first(), assigned_for=get_organisation("ul-caen")
    )
    make_late(row, 3)
    escalate_late()
    assert FollowUp.objects.get().assigned_to is None


def test_somebody_on_the_line_is_not_moved() -> None:
    row = make_follow_up()
    make_late(row, 3)
    FollowUp.objects.update(
        lease_holder=User.objects.first(), lease_until=timezone.now() + timedelta(minutes=5)
    )
    assert escalate_late() == 0


def test_who_withdrew_is_late_for_nobody() -> None:
    row = make_follow_up()
    make_late(row, 3)
    change_consents(contact=row.contact, given=[])
    assert escalate_late() == 0


def test_a_late_answer_in_writing_passes_on_too() -> None:
    row = make_follow_up(phone="", wishes=(Wish.LEGAL,))
    make_late(row, 3)
    assert escalate_late() == 1
    assert organisation_of(row) == "ud-14"


def test_a_corrected_workplace_changes_who_owes_the_call() -> None:
    row = make_follow_up()
    assert follow_places() == 0
    contact = row.contact
    correct_contact(
        contact=contact, first_name=contact.first_name, phone=contact.phone.as_e164,
        email=contact.email, place=find_place("50000"), trade=contact.trade,
    )  # fmt: skip
    assert follow_places() == 1
    assert organisation_of(row) == "ud-50"
    assert row.moves.get().cause == MoveCause.PLACE
    assert follow_places() == 0


def test_the_task_sweeps_everything_and_can_be_repeated() -> None:
    row = make_follow_up()
    make_late(row, 3)
    sweep_follow_ups()
    sweep_follow_ups()
    assert organisation_of(row) == "ud-14"


def test_every_late_follow_up_moves_however_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("calls.sweeping.BATCH", 2)
    for _ in range(5):
        make_late(make_follow_up(), 3)
    assert sweep_follow_ups_now()["escalated"] == 5


def refuse_calls(row: FollowUp) -> None:
    number = row.contact.phone.as_e164
    suppress(channel=SuppressedChannel.CALL, address=number, reason=SuppressionReason.DO_NOT_CALL)


def test_a_number_that_is_refused_waits_for_nobody_and_is_opened_again_once_it_is_freed() -> None:
    row = make_follow_up()
    refuse_calls(row)
    assert cancel_unreachable() == 1
    assert not FollowUp.objects.open().exists()
    assert open_missing_follow_ups() == 0
    lift_suppressions(addresses=[("call", row.contact.phone.as_e164)])
    assert open_missing_follow_ups() == 1


def test_who_withdrew_everything_waits_for_nothing_even_with_a_wish() -> None:
    row = make_follow_up(wishes=(Wish.LEGAL,))
    change_consents(contact=row.contact, given=[])
    assert cancel_unreachable() == 1


def test_a_wish_waits_while_the_person_can_be_written_to() -> None:
    refuse_calls(make_follow_up(wishes=(Wish.LEGAL,)))
    make_follow_up(phone="", wishes=(Wish.JOIN,))
    make_follow_up()
    assert cancel_unreachable() == 0


def test_who_voted_is_called_no_more_unless_they_wished_something() -> None:
    make_follow_up()
    wished = make_follow_up(wishes=(Wish.JOIN,))
    Contact.objects.update(voted_at=timezone.now())
    assert cancel_unreachable() == 1
    assert FollowUp.objects.open().get() == wished


def test_nobody_on_the_line_is_cut_off() -> None:
    refuse_calls(make_follow_up())
    FollowUp.objects.update(
        lease_holder=User.objects.first(), lease_until=timezone.now() + timedelta(minutes=5)
    )
    assert cancel_unreachable() == 0


def test_every_batch_is_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calls.sweeping.BATCH", 2)
    rows = [make_follow_up() for _ in range(5)]
    for row in (rows[0], rows[4]):
        refuse_calls(row)
    assert sweep_follow_ups_now()["cancelled"] == 2
    assert set(FollowUp.objects.open()) == set(rows[1:4])


def merge(first: FollowUp, second: FollowUp) -> ContactMerge:
    return merge_contacts(
        survivor=first.contact, other=second.contact, choices={}, reason="", author=make_user()
    )


def part(merged: ContactMerge) -> Contact:
    return unmerge_contacts(merge=merged, author=make_user())


def test_two_people_made_one_are_called_once() -> None:
    first, second = make_follow_up(), make_follow_up(wishes=(Wish.JOIN,))
    merge(first, second)
    row = FollowUp.objects.open().get()
    assert (row.contact, row.reasons, row.due_at) == (
        first.contact, ["join", "consent"], second.due_at,
    )  # fmt: skip


def test_parting_them_gives_each_their_own_back() -> None:
    first, second = make_follow_up(), make_follow_up(wishes=(Wish.JOIN,))
    part(merge(first, second))
    rows = {row.contact_id: (row.reasons, row.due_at) for row in FollowUp.objects.open()}
    assert rows == {
        first.contact_id: (["consent"], first.due_at),
        second.contact_id: (["join", "consent"], second.due_at),
    }


def test_the_other_ones_calls_go_along_when_the_survivor_waits_for_none() -> None:
    first, second = make_follow_up(), make_follow_up()
    FollowUp.objects.filter(pk=first.pk).delete()
    merged = merge(first, second)
    assert FollowUp.objects.open().get().contact == first.contact
    part(merged)
    assert FollowUp.objects.open().get().contact_id == second.contact_id


def test_who_was_called_while_they_were_one_is_not_called_again(caller: User) -> None:
    first, second = make_follow_up(), make_follow_up()
    merged = merge(first, second)
    actions.take(caller=caller, follow_up=first)
    report = CallReport(outcome=outcome("talked"))
    actions.record_call(follow_up=first, caller=caller, report=report)
    part(merged)
    assert not FollowUp.objects.open().exists()
    assert open_missing_follow_ups() == 0


def test_who_withdrew_while_they_were_one_is_not_called_again() -> None:
    first, second = make_follow_up(), make_follow_up()
    merged = merge(first, second)
    change_consents(contact=first.contact, given=[])
    part(merged)
    assert not FollowUp.objects.callable().exists()
    assert not FollowUp.objects.open().filter(contact=second.contact_id).exists()


def test_a_date_agreed_on_the_telephone_meanwhile_stays() -> None:
    first, second = make_follow_up(), make_follow_up()
    merged = merge(first, second)
    agreed = timezone.now() + timedelta(days=6)
    FollowUp.objects.filter(pk=first.pk).update(due_at=agreed)
    part(merged)
    assert FollowUp.objects.get(pk=first.pk).due_at == agreed

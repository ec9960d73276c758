"""What each outcome does, and how it is taken back."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from icalendar import Calendar

from calls import actions
from calls.effects import CallReport, MeetingDraft
from calls.enums import Status
from calls.errors import LeaseLost, NoLongerCallable, UndoRefused
from calls.models import Call, FollowUp, Meeting
from contacts.actions import change_consents, erase_contact, merge_contacts
from contacts.addresses import open_channels
from contacts.enums import Wish
from contacts.models import Contact
from messaging.enums import Status as MessageStatus
from messaging.gates import gates_for
from messaging.models import Message
from organisations.models import User
from tests.calls.conftest import TUESDAY, make_follow_up, make_person, outcome
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
PARIS = ZoneInfo("Europe/Paris")
TOMORROW_AT_TEN = datetime(2024, 11, 6, 10, 0, tzinfo=PARIS)


def call(caller: User, row: FollowUp, code: str, **fields: Any) -> Call:
    actions.take(caller=caller, follow_up=row)
    report = CallReport(outcome=outcome(code), **fields)
    return actions.record_call(follow_up=row, caller=caller, report=report)


def stands(row: FollowUp) -> FollowUp:
    return FollowUp.objects.select_related("contact").get(pk=row.pk)


def letters() -> list[Message]:
    return list(
        Message.objects.filter(purpose__in=["meeting", "call-instead"]).order_by("unique_key")
    )


def test_no_answer_is_tried_tomorrow_at_another_hour(caller: User) -> None:
    row = make_follow_up()
    call(caller, row, "no-answer")
    # Called on Tuesday at three: on Wednesday at ten.
    assert stands(row).next_attempt_at == TOMORROW_AT_TEN
    assert stands(row).is_open


def test_nobody_is_tried_again_on_a_sunday(caller: User, tuesday: Any) -> None:
    row = make_follow_up()
    tuesday.move_to(datetime(2026, 4, 4, 9, 0, tzinfo=UTC))
    call(caller, row, "no-answer")
    # Sunday, then Easter Monday.
    assert stands(row).next_attempt_at == datetime(2026, 4, 7, 9, 0, tzinfo=PARIS)


def test_after_four_silences_one_writes_instead(caller: User) -> None:
    row = make_follow_up()
    for _ in range(4):
        call(caller, row, "no-answer")
    assert stands(row).status == Status.DONE
    assert [message.channel for message in letters()] == ["email"]
    assert "moi/" in letters()[0].text


def test_a_pickup_starts_the_count_again(caller: User) -> None:
    row = make_follow_up()
    call(caller, row, "no-answer")
    call(caller, row, "later", later_at=TOMORROW_AT_TEN)
    assert stands(row).attempts == 0
    assert stands(row).next_attempt_at == TOMORROW_AT_TEN


def test_a_conversation_closes_the_follow_up_and_teaches_where_the_person_stands(
    caller: User,
) -> None:
    row = make_follow_up()
    call(caller, row, "talked", standing={"support": "convinced", "will_vote": "yes"}, note="Oui")
    contact = stands(row).contact
    assert (contact.support, contact.will_vote, contact.joining) == ("convinced", "yes", "")
    assert contact.reached_at == TUESDAY
    assert stands(row).status == Status.DONE
    assert row.calls.get().note == "Oui"


def test_what_was_not_asked_changes_nothing(caller: User) -> None:
    row = make_follow_up()
    Contact.objects.update(support="hesitant")
    call(caller, row, "talked", standing={"support": ""})
    assert stands(row).contact.support == "hesitant"


def test_no_answer_reaches_nobody(caller: User) -> None:
    row = make_follow_up()
    call(caller, row, "no-answer")
    assert stands(row).contact.reached_at is None


def test_having_voted_is_a_fact_without_a_choice(caller: User) -> None:
    row = make_follow_up()
    call(caller, row, "voted")
    assert stands(row).contact.voted_at == TUESDAY
    assert not stands(row).is_open


def test_help_to_vote_stays_open_for_today(caller: User) -> None:
    row = make_follow_up()
    call(caller, row, "vote-help")
    assert stands(row).needs_vote_help
    assert stands(row).due_at == datetime(2024, 11, 5, 20, 0, tzinfo=PARIS)
    assert stands(row).is_open


def test_joining_makes_a_member(caller: User) -> None:
    row = make_follow_up()
    call(caller, row, "joined")
    assert stands(row).contact.joining == "member"


def test_a_wrong_number_is_flagged_and_answered_by_mail(caller: User) -> None:
    row = make_follow_up()
    call(caller, row, "wrong-number")
    assert stands(row).wrong_number == row.contact.phone.as_e164
    assert [message.channel for message in letters()] == ["email"]
    assert "n’est pas le vôtre" in letters()[0].text


def test_a_letter_held_back_with_its_call_is_written_again_with_the_next(caller: User) -> None:
    row = make_follow_up()
    for _ in range(2):
        done = call(caller, row, "wrong-number")
        waiting = [letter for letter in letters() if letter.status == MessageStatus.QUEUED]
        assert len(waiting) == 1
        actions.undo_call(call=done, caller=caller)
    assert {letter.status for letter in letters()} == {MessageStatus.SKIPPED}


def test_nobody_texts_a_wrong_number(caller: User) -> None:
    row = make_follow_up(email="", channels=["sms", "call"])
    call(caller, row, "wrong-number")
    assert letters() == []


def test_a_refusal_withdraws_the_agreement_and_the_number_everywhere(caller: User) -> None:
    row = make_follow_up(phone="+33639981111", email="")
    family = make_follow_up(phone="+33639981111", first_name="Zoé", email="")
    call(caller, row, "refused")
    assert open_channels(row.contact) == {"sms"}
    assert "call" not in open_channels(family.contact)
    assert stands(family).status == Status.CANCELLED
    assert not FollowUp.objects.callable().exists()


def test_a_refusal_leaves_messages_alone(caller: User) -> None:
    row = make_follow_up()
    call(caller, row, "refused")
    assert open_channels(row.contact) == {"email", "sms"}


def test_a_refusal_taken_back_gives_everything_back(caller: User) -> None:
    row = make_follow_up(phone="+33639981111", email="")
    family = make_follow_up(phone="+33639981111", first_name="Zoé", email="")
    done = call(caller, row, "refused")
    actions.undo_call(call=done, caller=caller)
    assert "call" in open_channels(row.contact)
    assert "call" in open_channels(family.contact)
    assert FollowUp.objects.callable().count() == 2


def test_who_withdrew_themselves_stays_withdrawn(caller: User) -> None:
    row = make_follow_up()
    done = call(caller, row, "refused")
    change_consents(contact=row.contact, given=[])
    actions.undo_call(call=done, caller=caller)
    assert "call" in open_channels(row.contact)


def meet(caller: User, row: FollowUp) -> Meeting:
    draft = MeetingDraft(TOMORROW_AT_TEN, 30, "Café de la gare")
    meeting = call(caller, row, "meeting", meeting=draft).meeting
    assert meeting is not None
    return meeting


def calendar(message: Message) -> Any:
    return Calendar.from_ical(message.attachments[0]["content"])


def test_an_appointment_is_sent_as_an_invitation(caller: User) -> None:
    meeting = meet(caller, make_follow_up())
    (letter,) = letters()
    assert calendar(letter)["method"] == "REQUEST"
    (event,) = calendar(letter).walk("VEVENT")
    assert (str(event["uid"]).partition("@")[0], event["sequence"]) == (str(meeting.uid), 0)
    assert event["dtstart"].dt == TOMORROW_AT_TEN
    assert event["location"] == "Café de la gare"
    assert letter.due_at == TUESDAY + timedelta(minutes=10)


def test_without_a_mail_address_the_appointment_is_texted(caller: User) -> None:
    meet(caller, make_follow_up(email="", channels=["sms", "call"]))
    (letter,) = letters()
    assert letter.channel == "sms"
    assert "6 novembre 2024 à 10 h" in letter.text.replace("\u00a0", " ")


def test_who_agreed_to_calls_only_is_written_nothing(caller: User) -> None:
    meet(caller, make_follow_up(channels=["call"]))
    assert letters() == []


def test_a_changed_appointment_is_the_same_one_in_the_calendar(caller: User) -> None:
    meeting = meet(caller, make_follow_up())
    draft = MeetingDraft(TOMORROW_AT_TEN + timedelta(hours=4), 60, "Permanence")
    actions.move_meeting(meeting=meeting, draft=draft)
    first, second = letters()
    assert first.status == MessageStatus.SKIPPED
    (event,) = calendar(second).walk("VEVENT")
    assert (str(event["uid"]).partition("@")[0], event["sequence"]) == (str(meeting.uid), 1)


def test_a_cancelled_appointment_leaves_the_calendar_of_who_was_told(caller: User) -> None:
    meeting = meet(caller, make_follow_up())
    Message.objects.filter(purpose="meeting").update(
        status=MessageStatus.SENT, handed_over_at=TUESDAY, sent_at=TUESDAY
    )
    actions.cancel_meeting(meeting=meeting)
    _, letter = letters()
    assert calendar(letter)["method"] == "CANCEL"
    (event,) = calendar(letter).walk("VEVENT")
    assert (event["status"], event["sequence"]) == ("CANCELLED", 1)


def test_who_was_not_told_yet_is_told_nothing(caller: User) -> None:
    meeting = meet(caller, make_follow_up())
    actions.cancel_meeting(meeting=meeting)
    assert [letter.status for letter in letters()] == [MessageStatus.SKIPPED]


def test_taking_the_call_back_cancels_the_appointment(caller: User) -> None:
    row = make_follow_up()
    meeting = meet(caller, row)
    actions.undo_call(call=row.calls.get(), caller=caller)
    meeting.refresh_from_db()
    assert meeting.state == "cancelled"
    assert [letter.status for letter in letters()] == [MessageStatus.SKIPPED]


def test_the_call_is_taken_back_even_if_the_appointment_was_called_off_meanwhile(
    caller: User,
) -> None:
    row = make_follow_up()
    meeting = meet(caller, row)
    # As read by a page that was opened before.
    done = row.calls.select_related("meeting").get()
    assert done.meeting
    actions.cancel_meeting(meeting=meeting)
    actions.undo_call(call=done, caller=caller)
    assert stands(row).is_open


def refused_by_gates() -> set[str]:
    """The keys of the waiting appointments and letters that must not leave any more."""
    messages = letters()
    refused: dict[Any, Any] = {}
    for gate, group in gates_for(messages):
        refused |= gate(group)
    return {message.unique_key for message in messages if message.pk in refused}


def write_both(caller: User) -> tuple[FollowUp, Meeting]:
    """An appointment and a letter to one person."""
    row = make_follow_up()
    meeting = meet(caller, row)
    FollowUp.objects.filter(pk=row.pk).update(status=Status.OPEN, closed_at=None)
    call(caller, row, "wrong-number")
    assert len(letters()) == 2
    return row, meeting


def test_appointments_and_letters_leave_while_the_person_agrees(caller: User) -> None:
    row, _ = write_both(caller)
    assert refused_by_gates() == set()
    change_consents(contact=row.contact, given=[])
    assert len(refused_by_gates()) == 2


def test_nothing_leaves_to_an_address_that_changed(caller: User) -> None:
    row, _ = write_both(caller)
    Contact.objects.filter(pk=row.contact_id).update(email="autre@example.org")
    assert len(refused_by_gates()) == 2


def test_what_waits_still_leaves_after_the_person_was_merged(caller: User) -> None:
    row, meeting = write_both(caller)
    other = make_person()
    merge_contacts(
        survivor=other, other=row.contact, choices={"email": "other"}, reason="", author=caller
    )
    assert refused_by_gates() == set()
    actions.cancel_meeting(meeting=meeting)
    (appointment,) = Message.objects.filter(purpose="meeting")
    assert appointment.status == MessageStatus.SKIPPED


def test_the_words_go_with_a_person_who_was_merged(caller: User) -> None:
    row, _ = write_both(caller)
    other = make_person()
    merge_contacts(survivor=other, other=row.contact, choices={}, reason="", author=caller)
    erase_contact(contact=other)
    assert [letter.text for letter in letters()] == ["", ""]


def test_only_who_holds_the_person_notes_a_call(caller: User) -> None:
    row = make_follow_up()
    with pytest.raises(LeaseLost):
        actions.record_call(
            follow_up=row, caller=caller, report=CallReport(outcome=outcome("talked"))
        )


def test_a_withdrawal_during_the_call_stops_it(caller: User) -> None:
    row = make_follow_up()
    actions.take(caller=caller, follow_up=row)
    change_consents(contact=row.contact, given=[])
    with pytest.raises(NoLongerCallable):
        actions.record_call(
            follow_up=row, caller=caller, report=CallReport(outcome=outcome("talked"))
        )
    assert not Call.objects.exists()


def test_the_same_call_is_not_noted_twice(caller: User) -> None:
    row = make_follow_up()
    call(caller, row, "talked")
    with pytest.raises(LeaseLost):
        actions.record_call(
            follow_up=row, caller=caller, report=CallReport(outcome=outcome("talked"))
        )


def test_the_database_refuses_to_change_a_call(caller: User) -> None:
    call(caller, make_follow_up(), "talked", note="Bonjour")
    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.update(note="Autre")


def test_an_account_may_go_without_its_calls(caller: User) -> None:
    call(caller, make_follow_up(), "talked")
    caller.delete()
    assert Call.objects.get().caller is None


def test_erasing_somebody_erases_calls_appointments_and_their_words(caller: User) -> None:
    row = make_follow_up()
    meet(caller, row)
    erase_contact(contact=row.contact)
    assert not Call.objects.exists()
    assert not Meeting.objects.exists()
    assert not Message.objects.exclude(text="").exists()


def test_the_words_to_somebody_go_even_where_a_family_shares_the_number(caller: User) -> None:
    row = make_follow_up(phone="+33639981111", email="", channels=["sms", "call"])
    make_person(phone="+33639981111", first_name="Zoé", email="")
    meet(caller, row)
    erase_contact(contact=row.contact)
    assert not Message.objects.filter(purpose="meeting").exclude(text="").exists()


def test_a_wish_without_a_number_is_answered_in_writing(caller: User) -> None:
    row = make_follow_up(phone="", wishes=(Wish.LEGAL,))
    call(caller, row, "talked")
    assert not stands(row).is_open


def test_a_call_taken_back_leaves_no_trace_but_itself(caller: User) -> None:
    row = make_follow_up()
    before = FollowUp.objects.filter(pk=row.pk).values().get()
    done = call(caller, row, "voted", standing={"support": "convinced"})
    actions.undo_call(call=done, caller=caller)
    assert FollowUp.objects.filter(pk=row.pk).values().get() == before
    contact = stands(row).contact
    assert (contact.voted_at, contact.support, contact.reached_at) == (None, "", None)
    assert Call.objects.count() == 1
    assert not Call.objects.standing().exists()


def test_what_changed_since_is_left_alone(caller: User) -> None:
    row = make_follow_up()
    done = call(caller, row, "talked", standing={"support": "convinced", "will_vote": "yes"})
    Contact.objects.update(support="opposed")
    actions.undo_call(call=done, caller=caller)
    assert (stands(row).contact.support, stands(row).contact.will_vote) == ("opposed", "")


def test_ten_minutes_later_it_is_too_late(caller: User, tuesday: Any) -> None:
    done = call(caller, make_follow_up(), "talked")
    tuesday.shift(timedelta(minutes=10, seconds=1))
    with pytest.raises(UndoRefused):
        actions.undo_call(call=done, caller=caller)


def test_only_ones_own_last_call_is_taken_back(caller: User) -> None:
    row = make_follow_up()
    first = call(caller, row, "no-answer")
    call(caller, row, "no-answer")
    for who, what in ((caller, first), (make_user(), row.calls.first())):
        with pytest.raises(UndoRefused):
            actions.undo_call(call=what, caller=who)


def test_an_undone_call_is_not_undone_twice(caller: User) -> None:
    done = call(caller, make_follow_up(), "talked")
    actions.undo_call(call=done, caller=caller)
    with pytest.raises(UndoRefused):
        actions.undo_call(call=done, caller=caller)


def test_a_person_met_again_meanwhile_is_left_as_they_are(caller: User) -> None:
    row = make_follow_up(phone="+33639982222", first_name="Lou")
    done = call(caller, row, "talked")
    make_person(phone="+33639982222", first_name="Lou", wishes=(Wish.JOIN,))
    with pytest.raises(UndoRefused):
        actions.undo_call(call=done, caller=caller)

"""A list from its file to its people, and back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calls.actions import record_call, take
from calls.creation import open_missing_follow_ups
from calls.effects import CallReport
from calls.models import FollowUp, Outcome
from contacts.actions import erase_contact, record_standing
from contacts.enums import CaptureMethod, SourceKind
from contacts.models import Capture, Consent, ConsentWording, Contact
from contacts.rules import current_wordings
from imports import actions, rules, tasks, work
from imports.enums import Status
from imports.models import ContactImport
from messaging.actions import suppress
from messaging.enums import Channel, SuppressionReason
from messaging.models import Message
from tests.factories import make_contact, make_user
from tests.imports.factories import (
    LIST,
    WORDS,
    declare,
    make_checked_import,
    make_done_import,
    make_import,
)
from tests.imports.factories import work as work_to_the_end

pytestmark = pytest.mark.django_db
MANY = "Prénom;Téléphone;Code postal\n" + "".join(
    f"Alix;06399{number:05d};14000\n" for number in range(80_000, 80_030)
)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "CHUNK_SIZE", 10)


def counts(contact_import: ContactImport) -> dict[str, int]:
    return {key: count for key, count in rules.progress_of(contact_import).counts.items() if count}


def test_nothing_is_stored_before_the_confirmation() -> None:
    contact_import = make_checked_import()
    assert contact_import.status == Status.READY
    assert not Contact.objects.exists()
    assert not Capture.objects.exists()
    assert not Message.objects.exists()


def test_the_check_foretells_what_the_import_does() -> None:
    make_contact(first_name="Zoé", phone="+33639980011", email="zoe@example.org")
    make_contact(first_name="Paul", phone="+33639980012", email="")
    contact_import = make_checked_import(LIST + "Max;12;;;14000\n")
    foretold = counts(contact_import)
    assert foretold == {
        "new": 1, "known": 1, "duplicates": 1, "wrong": 1, "away": 1, "mails": 2, "texts": 1,
    }  # fmt: skip
    done = counts(work_to_the_end(actions.confirm_import(contact_import=contact_import)))
    assert done == {key: foretold[key] for key in ("new", "known", "duplicates", "wrong")}


def test_whoever_is_out_of_sight_counts_as_new_before_and_after() -> None:
    """A list of one line must not tell whether somebody elsewhere in France is known."""
    make_contact(first_name="Zoé", phone="+33639980011", email="", postcode="59000")
    make_contact(first_name="Paul", phone="+33639980012", email="", postcode="59000")
    head = "Prénom;Téléphone;Code postal\n"
    text = head + "Zoé;0639980011;59000\nLéa;0639980012;59000\n"
    checked = make_checked_import(text)
    assert counts(checked) == {"new": 2, "away": 2, "texts": 2}
    done = work_to_the_end(actions.confirm_import(contact_import=checked))
    assert counts(done) == {"new": 2}


def test_somebody_met_between_the_check_and_the_import_is_known() -> None:
    checked = make_checked_import()
    make_contact(first_name="Léa", phone="+33639980012", email="")
    done = work_to_the_end(actions.confirm_import(contact_import=checked))
    assert counts(done) == {"new": 2, "known": 1}


TWO_LINES_OF_ZOE = """Prénom;Téléphone;E-mail;Métier;Code postal
Zoé;0639980011;zoe@example.org;coiffeuse;14000
Zoé;0639980011;;;14000
Paul;0639980011;;;14000
"""


def test_two_lines_of_one_person_announce_one_person() -> None:
    checked = make_checked_import(TWO_LINES_OF_ZOE)
    foretold = counts(checked)
    assert (foretold["new"], foretold["twice"], foretold["duplicates"]) == (1, 1, 1)
    assert rules.progress_of(checked).people == 2
    done = work_to_the_end(actions.confirm_import(contact_import=checked))
    assert counts(done) == {"new": 1, "twice": 1, "duplicates": 1}
    assert rules.progress_of(done).people == Contact.objects.count() == 2


def test_two_lines_far_apart_are_one_person_whichever_worker_reads_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "CHUNK_SIZE", 1)
    contact_import = declare(make_import(TWO_LINES_OF_ZOE))
    while work.Worker(contact_import).advance():
        pass
    assert counts(contact_import)["twice"] == 1


def test_other_columns_ask_for_another_check() -> None:
    contact_import = make_checked_import()
    actions.choose_columns(
        contact_import=contact_import,
        columns={"first_name": 0, "email": 2},
        default_trade=None,
        default_postcode="14000",
    )
    contact_import.refresh_from_db()
    assert contact_import.status == Status.DRAFT
    assert counts(contact_import) == {}
    assert counts(work_to_the_end(declare(contact_import)))["wrong"] == 1


def test_a_list_that_is_not_checked_cannot_be_confirmed() -> None:
    with pytest.raises(actions.WrongMoment):
        actions.confirm_import(contact_import=make_import())


def test_the_database_refuses_an_import_without_proof_of_consent() -> None:
    contact_import = make_checked_import()
    contact_import.words = ""
    contact_import.confirmed_at = timezone.now()
    with pytest.raises(DatabaseError, match="import_has_proof_of_consent"):
        contact_import.save()


def test_an_abandoned_list_leaves_no_line() -> None:
    contact_import = make_checked_import()
    actions.cancel_import(contact_import=contact_import)
    assert not contact_import.chunks.exists()
    with pytest.raises(actions.WrongMoment):
        actions.confirm_import(contact_import=contact_import)


def test_everybody_is_stored_with_the_source_of_the_list() -> None:
    contact_import = make_done_import()
    assert contact_import.status == Status.DONE
    assert sorted(Contact.objects.values_list("first_name", flat=True)) == ["Irène", "Léa", "Zoé"]
    source = contact_import.source
    assert source is not None
    assert (source.kind, source.is_active, source.label) == (
        SourceKind.LIST, False, "Permanences 2025",
    )  # fmt: skip
    captures = source.captures.all()
    assert {(capture.method, capture.captured_by) for capture in captures} == {
        (CaptureMethod.IMPORT, None)
    }


def test_the_words_of_the_list_are_the_proof_and_are_shown_nowhere_else() -> None:
    shown = current_wordings()
    make_done_import()
    consent = Consent.objects.filter(contact__first_name="Léa").get()
    assert consent.channel == "sms"
    assert consent.wording is not None
    assert consent.wording.text == WORDS
    assert "3 novembre 2025" in consent.wording.notice
    assert "Permanence du lundi" in consent.wording.notice
    assert current_wordings() == shown


def test_who_imports_sees_of_the_list_what_their_scope_shows() -> None:
    user = make_user("staff", "ud-14")
    make_done_import(user=user)
    seen = Contact.objects.visible_to(user).values_list("first_name", flat=True)
    assert sorted(seen) == ["Léa", "Zoé"]


def say_stop(contact: Contact) -> None:
    suppress(channel=Channel.SMS, address=contact.phone.as_e164, reason=SuppressionReason.STOP)


def test_a_list_does_not_bring_back_who_said_stop() -> None:
    lea = make_contact(first_name="Léa", phone="+33639980012", email="")
    say_stop(lea)
    checked = make_checked_import()
    assert counts(checked)["refused"] == 1
    done = work_to_the_end(actions.confirm_import(contact_import=checked))
    assert counts(done)["refused"] == 1
    assert lea.captures.count() == 1


@pytest.mark.parametrize("end", [say_stop, lambda contact: erase_contact(contact=contact)])
@pytest.mark.parametrize("second", ["Léa;0639980012;;;14000", "Paul;0639980012;;;14000"])
def test_a_refusal_of_somebody_out_of_sight_is_told_to_nobody(end: Any, second: str) -> None:
    """At no step, however the lines are put together: the same figures as for a stranger."""
    text = "\n".join([LIST.splitlines()[0], "Léa;0639980012;lea@example.org;;14000", second, ""])
    said = []
    for is_known in (False, True):
        if is_known:
            Contact.objects.all().delete()
            ContactImport.objects.all().delete()
            end(make_contact(first_name="Léa", phone="+33639980012", email="", postcode="59000"))
        checked = make_checked_import(text)
        foretold = counts(checked)
        done = work_to_the_end(actions.confirm_import(contact_import=checked))
        figures = counts(done)
        undone = work_to_the_end(actions.undo_import(contact_import=done))
        said.append((foretold, figures, counts(undone)))
    assert said[0] == said[1]


def test_nobody_of_a_list_is_to_be_called_unless_they_asked() -> None:
    make_done_import(channels=["call"])
    assert open_missing_follow_ups() == 0
    assert not FollowUp.objects.exists()


def test_who_asked_on_a_list_is_to_be_called() -> None:
    checked = make_checked_import(channels=["email", "call"], asked_to_be_called=True)
    assert counts(checked)["calls"] == 2
    work_to_the_end(actions.confirm_import(contact_import=checked))
    rows = FollowUp.objects.order_by("contact__first_name")
    assert [(row.contact.first_name, row.reasons) for row in rows] == [
        ("Léa", ["call-back"]), ("Zoé", ["call-back"]),
    ]  # fmt: skip


def test_messages_leave_only_if_asked() -> None:
    make_done_import(sends_welcome=False)
    assert not Message.objects.exists()


def test_each_person_gets_their_welcome_if_asked() -> None:
    make_done_import()
    assert sorted(Message.objects.values_list("channel", flat=True)) == ["email", "email", "sms"]


def test_confirming_twice_imports_once() -> None:
    contact_import = make_checked_import()
    actions.confirm_import(contact_import=contact_import)
    actions.confirm_import(contact_import=contact_import)
    work_to_the_end(contact_import)
    actions.confirm_import(contact_import=contact_import)
    assert Capture.objects.count() == 3
    assert ConsentWording.objects.filter(text=WORDS).count() == 2


def test_the_same_list_again_recognises_everybody() -> None:
    make_done_import()
    again = make_checked_import()
    seen = counts(again)
    # Irène works elsewhere: the organisation does not see her, and is not told.
    assert (seen["known"], seen["new"]) == (2, 1)
    work_to_the_end(actions.confirm_import(contact_import=again))
    assert Contact.objects.count() == 3
    assert list(rules.other_imports_of_file(again)) != []


def test_only_the_lines_to_correct_are_kept() -> None:
    contact_import = make_done_import(LIST + "Max;12;;;14000\n")
    assert [chunk.lines for chunk in contact_import.chunks.all()] == [
        [[5, ["Max", "12", "", "", "14000"]]]
    ]


def test_everything_goes_after_a_week() -> None:
    contact_import = make_done_import(LIST + "Max;12;;;14000\n")
    contact_import.created_at = timezone.now() - timedelta(days=8)
    contact_import.save()
    assert actions.empty_old_imports() == 1
    assert actions.empty_old_imports() == 0
    chunk = contact_import.chunks.get()
    assert (chunk.lines, chunk.errors) == ([], [])
    assert counts(contact_import)["new"] == 3


def test_a_forgotten_list_is_abandoned_after_a_week() -> None:
    contact_import = make_checked_import()
    ContactImport.objects.update(created_at=timezone.now() - timedelta(days=8))
    tasks.resume_imports()
    contact_import.refresh_from_db()
    assert contact_import.status == Status.CANCELLED


def test_a_killed_worker_loses_and_doubles_nothing(
    small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact_import = actions.confirm_import(contact_import=make_checked_import(MANY))
    real, calls = work.capture_batch, []

    def dies_in_the_second_batch(**arguments: Any) -> Any:
        calls.append(1)
        captures = real(**arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt  # after storing, before the chunk is marked
        return captures

    monkeypatch.setattr(work, "capture_batch", dies_in_the_second_batch)
    with pytest.raises(KeyboardInterrupt):
        work_to_the_end(contact_import)
    assert rules.progress_of(ContactImport.objects.get()).done == 10
    assert Contact.objects.count() == 10
    work_to_the_end(contact_import)
    assert Contact.objects.count() == 30
    assert Capture.objects.count() == 30


def test_a_silent_list_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(tasks.work_on_import, "delay", started.append)
    contact_import = declare(make_import())
    tasks.resume_imports()
    assert started == []
    ContactImport.objects.update(worked_at=timezone.now() - tasks.SILENCE - timedelta(seconds=1))
    tasks.resume_imports()
    assert started == [str(contact_import.pk)]


def test_a_long_list_goes_from_task_to_task(
    small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact_import = declare(make_import(MANY))
    again: list[str] = []
    monkeypatch.setattr(tasks, "SECONDS_PER_TASK", -1.0)
    monkeypatch.setattr(tasks.work_on_import, "delay", again.append)
    tasks.work_on_import(str(contact_import.pk))
    assert (rules.progress_of(contact_import).done, again) == (10, [str(contact_import.pk)])


def test_a_line_the_database_refuses_does_not_hold_up_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    contact_import = actions.confirm_import(contact_import=make_checked_import())
    real = work.capture_batch

    def refuses_lea(*, requests: Any) -> Any:
        if any(request.details.first_name == "Léa" for request in requests):
            raise DatabaseError("refused")
        return real(requests=requests)

    monkeypatch.setattr(work, "capture_batch", refuses_lea)
    work_to_the_end(contact_import)
    assert counts(contact_import) == {"new": 2, "wrong": 1}
    assert [number for number, _, _ in rules.errors_of(contact_import)] == [3]


def test_a_database_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    contact_import = actions.confirm_import(contact_import=make_checked_import())

    def away(**arguments: Any) -> Any:
        raise OperationalError("gone")

    monkeypatch.setattr(work, "capture_batch", away)
    with pytest.raises(OperationalError):
        work_to_the_end(contact_import)
    contact_import.refresh_from_db()
    assert contact_import.status == Status.RUNNING


def test_stopping_takes_effect_between_two_chunks(small_chunks: None) -> None:
    contact_import = actions.confirm_import(contact_import=make_checked_import(MANY))
    worker = work.Worker(contact_import)
    worker.advance()
    actions.cancel_import(contact_import=contact_import)
    assert not worker.advance()
    assert Contact.objects.count() == 10


def test_a_chunk_costs_the_same_queries_whatever_its_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def queries(size: int) -> int:
        Contact.objects.all().delete()
        monkeypatch.setattr(actions, "CHUNK_SIZE", size)
        text = "\n".join(MANY.splitlines()[: size + 1])
        worker = work.Worker(actions.confirm_import(contact_import=make_checked_import(text)))
        with CaptureQueriesContext(connection) as asked:
            worker.advance()
        return len(asked)

    assert queries(30) == queries(2)
    assert Contact.objects.count() == 2


def test_undoing_takes_back_everything_the_list_brought() -> None:
    contact_import = make_done_import()
    actions.undo_import(contact_import=contact_import)
    work_to_the_end(contact_import)
    assert contact_import.status == Status.UNDONE
    assert counts(contact_import)["removed"] == 3
    assert not Contact.objects.exists()
    assert not Capture.objects.exists()
    assert not Message.objects.exclude(recipient="").exists()


def test_an_undone_list_can_be_imported_again() -> None:
    contact_import = make_done_import()
    work_to_the_end(actions.undo_import(contact_import=contact_import))
    assert counts(make_done_import())["new"] == 3


def test_undoing_leaves_who_was_known_before_as_they_were() -> None:
    known = make_contact(first_name="Zoé", phone="+33639980011", email="zoe@example.org",
                         channels=["call"])  # fmt: skip
    contact_import = make_done_import()
    assert known.captures.count() == 2
    work_to_the_end(actions.undo_import(contact_import=contact_import))
    assert known.captures.count() == 1
    assert [consent.channel for consent in known.consents.all()] == ["call"]


def test_undoing_keeps_who_was_met_since() -> None:
    contact_import = make_done_import()
    make_contact(first_name="Léa", phone="+33639980012", email="")
    Contact.objects.filter(first_name="Zoé").update(reached_at=timezone.now())
    work_to_the_end(actions.undo_import(contact_import=contact_import))
    assert sorted(Contact.objects.values_list("first_name", flat=True)) == ["Léa", "Zoé"]
    assert counts(contact_import)["kept"] == 2


def test_undoing_keeps_who_was_called_since() -> None:
    """A call nobody answered writes nothing on the person."""
    contact_import = make_done_import(channels=["call"], asked_to_be_called=True)
    lea, zoe = (FollowUp.objects.get(contact__first_name=name) for name in ("Léa", "Zoé"))
    caller, answer = make_user("staff", "ud-14"), Outcome.objects.get(code="no-answer")
    take(caller=caller, follow_up=lea)
    record_call(follow_up=lea, caller=caller, report=CallReport(outcome=answer))
    take(caller=caller, follow_up=zoe)  # still on the line
    work_to_the_end(actions.undo_import(contact_import=contact_import))
    assert sorted(Contact.objects.values_list("first_name", flat=True)) == ["Léa", "Zoé"]
    assert FollowUp.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_undoing_waits_for_who_is_writing_and_keeps_that_person() -> None:
    contact_import = make_done_import(LIST.splitlines()[0] + "\n" + LIST.splitlines()[1])
    contact_import = actions.undo_import(contact_import=contact_import)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            record_standing(contact=Contact.objects.get(), author=None, reached_at=timezone.now())
            undoing = pool.submit(undo_elsewhere, contact_import)
            wait_until_somebody_waits_for_a_lock()
        undoing.result(timeout=30)
    assert counts(contact_import)["kept"] == 1
    assert Contact.objects.count() == 1


def undo_elsewhere(contact_import: ContactImport) -> None:
    try:
        work_to_the_end(contact_import)
    finally:
        connections.close_all()


def wait_until_somebody_waits_for_a_lock() -> None:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
            # The statistics of activity are read once per transaction.
            cursor.execute("SELECT pg_stat_clear_snapshot(), pg_sleep(0.01)")
    pytest.fail("nobody waits")


def test_a_stopped_import_can_be_undone(small_chunks: None) -> None:
    contact_import = actions.confirm_import(contact_import=make_checked_import(MANY))
    work.Worker(contact_import).advance()
    actions.cancel_import(contact_import=contact_import)
    work_to_the_end(actions.undo_import(contact_import=contact_import))
    assert not Contact.objects.exists()


def test_an_import_is_not_undone_after_a_day() -> None:
    contact_import = make_done_import()
    contact_import.finished_at = timezone.now() - rules.UNDO_WITHIN - timedelta(minutes=1)
    contact_import.save()
    with pytest.raises(actions.WrongMoment):
        actions.undo_import(contact_import=contact_import)

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.models import Campaign
from messaging import delivery, gates
from messaging.actions import cancel_messages, suppress
from messaging.delivery import Delivery, deliver_due_messages
from messaging.enums import Channel, SkipReason, Status, SuppressionReason
from messaging.models import Attachment, Message
from tests.messaging.factories import make_email
from tests.messaging.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def test_a_due_message_is_sent_once(sink: SmtpSink) -> None:
    message = make_email()
    deliver_due_messages()
    deliver_due_messages()
    assert sink.copies == {f"<{message.pk}@exemple.fr>": 1}
    message.refresh_from_db()
    assert message.status == Status.SENT
    assert message.sent_at


def test_a_message_waits_for_its_time(sink: SmtpSink) -> None:
    make_email(due_at=timezone.now() + timedelta(hours=1))
    deliver_due_messages()
    assert not sink.accepted


def test_one_connection_carries_many_messages(sink: SmtpSink) -> None:
    for number in range(5):
        make_email(number)
    deliver_due_messages(batch_size=2)
    assert len(sink.accepted) == 5
    assert sink.connections == 1


def test_the_answer_to_an_act_goes_before_an_older_mailing(sink: SmtpSink) -> None:
    make_email(1, due_at=timezone.now() - timedelta(hours=1))
    make_email(2, is_transactional=True)
    deliver_due_messages(batch_size=1)
    assert [mail["To"] for mail in sink.accepted] == [
        "personne2@exemple.fr",
        "personne1@exemple.fr",
    ]


def test_a_mail_says_what_it_is(sink: SmtpSink) -> None:
    message = make_email(unsubscribe_url="https://exemple.fr/d/jeton/")
    deliver_due_messages()
    (mail,) = sink.accepted
    assert mail["From"] == "Campagne TPE <campagne@exemple.fr>"
    assert mail["To"] == "personne1@exemple.fr"
    assert mail["Subject"] == "Bonjour N'Guyen et bienvenue"
    assert mail["Message-ID"] == f"<{message.pk}@exemple.fr>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<https://exemple.fr/d/jeton/>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Date"]
    parts = [part.get_content_type() for part in mail.walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]


def test_a_mail_without_unsubscribe_address_does_not_offer_one(sink: SmtpSink) -> None:
    make_email()
    deliver_due_messages()
    assert "List-Unsubscribe" not in sink.accepted[0]


def test_attachments_come_from_the_storage(sink: SmtpSink) -> None:
    path = default_storage.save("fiche.pdf", ContentFile(b"%PDF-1.7"))
    sheet = Attachment(path=path, name="Congés payés.pdf", type="application/pdf")
    make_email(attachments=[sheet])
    deliver_due_messages()
    (attachment,) = sink.accepted[0].iter_attachments()
    assert attachment.get_filename() == "Congés payés.pdf"
    assert attachment.get_content() == b"%PDF-1.7"


def test_a_missing_attachment_holds_its_message_back_and_no_other(sink: SmtpSink) -> None:
    lost = Attachment(path="nowhere.pdf", name="a.pdf", type="application/pdf")
    message = make_email(1, attachments=[lost])
    make_email(2)
    deliver_due_messages()
    message.refresh_from_db()
    assert message.status == Status.QUEUED
    assert "nowhere.pdf" in message.last_error
    assert [mail["To"] for mail in sink.accepted] == ["personne2@exemple.fr"]


def test_a_secret_body_is_blank_once_sent(sink: SmtpSink) -> None:
    secret, open_one = make_email(1, is_secret=True), make_email(2)
    deliver_due_messages()
    secret.refresh_from_db()
    open_one.refresh_from_db()
    assert (secret.subject, secret.text, secret.html) == ("", "", "")
    assert open_one.text
    assert "N'Guyen" in sink.accepted[0].get_body(["plain"]).get_content()


def test_a_secret_that_expires_is_blanked_too(sink: SmtpSink) -> None:
    message = make_email(is_secret=True, not_after=timezone.now() - timedelta(seconds=1))
    deliver_due_messages()
    message.refresh_from_db()
    assert message.status == Status.SKIPPED
    assert message.text == ""


def test_nothing_leaves_after_its_limit(sink: SmtpSink) -> None:
    with time_machine.travel(NOW, tick=False):
        message = make_email(not_after=NOW + timedelta(hours=1))
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        deliver_due_messages()
    message.refresh_from_db()
    assert (message.status, message.skip_reason) == (Status.SKIPPED, SkipReason.EXPIRED)
    assert not sink.accepted


def test_due_times_and_limits_follow_the_clock_of_a_rehearsal(sink: SmtpSink) -> None:
    due = make_email(1, due_at=timezone.now() + timedelta(days=10))
    late = make_email(2, not_after=timezone.now() + timedelta(days=10))
    Campaign.objects.create(
        slug="repetition",
        name="Répétition",
        is_current=True,
        collection_opens="2026-01-01",
        vote_opens="2026-11-25",
        vote_closes="2026-12-09",
        results_on="2026-12-19",
        employed_in_month="2025-12-01",
        goal_contacts=1,
        goal_deployments=1,
        goals_per_militant=[5],
        clock_offset=timedelta(days=11),
    )
    deliver_due_messages()
    due.refresh_from_db()
    late.refresh_from_db()
    assert (due.status, late.skip_reason) == (Status.SENT, SkipReason.EXPIRED)


def test_a_cancelled_message_never_leaves(sink: SmtpSink) -> None:
    message = make_email()
    cancel_messages(unique_keys=[message.unique_key])
    deliver_due_messages()
    message.refresh_from_db()
    assert (message.status, message.skip_reason) == (Status.SKIPPED, SkipReason.CANCELLED)
    assert not sink.accepted


def test_a_message_cancelled_while_its_batch_is_under_way_does_not_leave(sink: SmtpSink) -> None:
    make_email(1)
    make_email(2)
    run = Delivery()
    batch = run.claim(10, ["email"])
    cancel_messages(channel="email", recipient="personne2@exemple.fr")
    with delivery.Channels(timedelta()) as channels:
        run.deliver(batch, channels)
    assert [mail["To"] for mail in sink.accepted] == ["personne1@exemple.fr"]


def test_a_suppression_between_claim_and_hand_over_stops_the_message(sink: SmtpSink) -> None:
    message = make_email(recipient="Personne1@Exemple.FR")
    run = Delivery()
    batch = run.claim(10, ["email"])
    suppress(channel=Channel.EMAIL, address="personne1@exemple.fr", reason=SuppressionReason.ERASED)
    with delivery.Channels(timedelta()) as channels:
        run.deliver(batch, channels)
    message.refresh_from_db()
    assert (message.status, message.skip_reason) == (Status.SKIPPED, SkipReason.SUPPRESSED)
    assert not sink.accepted


def test_a_message_written_to_a_suppressed_address_does_not_leave(sink: SmtpSink) -> None:
    suppress(
        channel=Channel.EMAIL, address="personne1@exemple.fr", reason=SuppressionReason.UNSUBSCRIBED
    )
    message = make_email()
    deliver_due_messages()
    message.refresh_from_db()
    assert message.skip_reason == SkipReason.SUPPRESSED


def test_a_log_in_code_reaches_somebody_who_unsubscribed(sink: SmtpSink) -> None:
    waiting = make_email(1, is_transactional=True)
    suppress(
        channel=Channel.EMAIL, address=waiting.recipient, reason=SuppressionReason.UNSUBSCRIBED
    )
    make_email(2, recipient=waiting.recipient, is_transactional=True)
    deliver_due_messages()
    assert len(sink.accepted) == 2


@pytest.fixture
def no_gates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "_gates", {})


def test_a_gate_stops_the_messages_it_names_and_sees_its_purpose_only(
    sink: SmtpSink, no_gates: None
) -> None:
    seen: list[list[str]] = []

    def refuse_first(messages: list[Message]) -> dict[Any, SkipReason]:
        seen.append(sorted(message.recipient for message in messages))
        return {
            message.pk: SkipReason.NO_CONSENT
            for message in messages
            if message.recipient.startswith("personne1@")
        }

    gates.register_gate("reminder", refuse_first)
    refused = make_email(1, purpose="reminder")
    make_email(2, purpose="reminder")
    make_email(3, purpose="note")
    deliver_due_messages()
    refused.refresh_from_db()
    assert seen == [["personne1@exemple.fr", "personne2@exemple.fr"]]
    assert refused.skip_reason == SkipReason.NO_CONSENT
    assert sorted(mail["To"] for mail in sink.accepted) == [
        "personne2@exemple.fr",
        "personne3@exemple.fr",
    ]


def test_a_broken_gate_holds_up_its_own_messages_only(sink: SmtpSink, no_gates: None) -> None:
    def broken(messages: list[Message]) -> dict[Any, SkipReason]:
        raise ZeroDivisionError

    gates.register_gate("reminder", broken)
    held = make_email(1, purpose="reminder")
    make_email(2)
    deliver_due_messages()
    held.refresh_from_db()
    assert held.status == Status.QUEUED
    assert held.attempts == 0
    assert [mail["To"] for mail in sink.accepted] == ["personne2@exemple.fr"]


def test_a_purpose_has_one_gate(no_gates: None) -> None:
    gates.register_gate("reminder", lambda messages: {})
    with pytest.raises(ValueError, match="already has a gate"):
        gates.register_gate("reminder", lambda messages: {})


def test_an_address_that_does_not_exist_fails_at_once(sink: SmtpSink) -> None:
    sink.refuse = lambda address: "550 no such user" if "personne1" in address else None
    message = make_email(1)
    make_email(2)
    deliver_due_messages()
    message.refresh_from_db()
    assert (message.status, message.attempts) == (Status.FAILED, 1)
    assert message.last_error == "550 no such user"
    assert len(sink.accepted) == 1


def test_a_busy_server_is_tried_again_later_and_later_then_given_up(sink: SmtpSink) -> None:
    sink.refuse = lambda address: "451 try again"
    pauses = []
    with time_machine.travel(NOW, tick=False) as clock:
        message = make_email()
        while message.status == Status.QUEUED:
            deliver_due_messages()
            message.refresh_from_db()
            if message.status == Status.QUEUED:
                pauses.append((message.due_at - timezone.now()).total_seconds() / 60)
                clock.move_to(message.due_at)
    assert pauses == [1, 2, 4, 8, 16, 32, 60]
    assert (message.status, message.attempts) == (Status.FAILED, 8)


def test_a_busy_server_then_a_willing_one_means_one_mail(sink: SmtpSink) -> None:
    sink.refuse = lambda address: "451 try again"
    with time_machine.travel(NOW, tick=False) as clock:
        make_email()
        deliver_due_messages()
        sink.refuse = lambda address: None
        deliver_due_messages()
        assert not sink.accepted
        clock.shift(timedelta(minutes=1))
        deliver_due_messages()
    assert len(sink.accepted) == 1


def test_a_mail_server_that_is_down_costs_no_attempt(settings: Any, sink: SmtpSink) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    messages = [make_email(number) for number in range(3)]
    outcomes = deliver_due_messages()
    assert outcomes["waiting"] == 1
    assert {message.status for message in Message.objects.all()} == {Status.QUEUED}
    assert {message.attempts for message in Message.objects.all()} == {0}
    settings.EMAIL_PORT = port
    deliver_due_messages()
    assert len(sink.accepted) == len(messages)


def test_a_batch_checked_too_long_ago_is_checked_again(
    sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "CHECKS_LIFE", -1.0)
    make_email()
    run = Delivery()
    batch = run.claim(10, ["email"])
    with delivery.Channels(timedelta()) as channels:
        run.deliver(batch, channels)
    assert not sink.accepted
    assert Message.objects.get().status == Status.QUEUED


def test_a_message_costs_two_queries_whatever_the_size_of_its_batch(sink: SmtpSink) -> None:
    def queries_for(count: int) -> int:
        for number in range(count):
            make_email(number, unique_key=f"{count}:{number}")
        with CaptureQueriesContext(connection) as queries:
            deliver_due_messages()
        return len(queries)

    assert queries_for(11) - queries_for(1) == 2 * 10

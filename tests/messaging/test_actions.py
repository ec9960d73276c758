from contextlib import suppress as suppress_error
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from messaging.actions import (
    MessageMoved,
    cancel_messages,
    confirm_sent,
    forget_recipient,
    lift_suppressions,
    send_again,
    suppress,
)
from messaging.addresses import InvalidAddress
from messaging.delivery import deliver_due_messages
from messaging.enums import Channel, SkipReason, Status, SuppressionReason
from messaging.models import Message, Suppression
from tests.factories import make_user
from tests.messaging.factories import make_email, make_sms
from tests.messaging.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db


def reload(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def test_a_mail_is_rendered_when_it_is_written() -> None:
    message = make_email(context={"name": "<b>N'Guyen-Özgür 山田</b>"})
    assert message.subject == "Bonjour <b>N'Guyen-Özgür 山田</b> et bienvenue"
    assert message.text == "Bonjour <b>N'Guyen-Özgür 山田</b>,\nVoici votre note.\n"
    assert "&lt;b&gt;N&#x27;Guyen-Özgür 山田" in message.html


def test_a_name_cannot_break_the_headers(sink: SmtpSink) -> None:
    make_email(context={"name": "Zoé\r\nBcc: tout@exemple.fr"})
    deliver_due_messages()
    (mail,) = sink.accepted
    assert "Bcc" not in mail
    assert mail["Subject"] == "Bonjour Zoé Bcc: tout@exemple.fr et bienvenue"


def test_the_same_key_writes_once_and_returns_the_first() -> None:
    first = make_email(1)
    second = make_email(1, context={"name": "Une autre"})
    assert second.pk == first.pk
    assert second.subject == first.subject
    assert Message.objects.count() == 1


def test_nothing_is_written_when_its_cause_is_undone() -> None:
    with suppress_error(ZeroDivisionError), transaction.atomic():
        make_email()
        raise ZeroDivisionError
    assert not Message.objects.exists()


def test_enqueuing_never_sends(sink: SmtpSink) -> None:
    with transaction.atomic():
        make_email()
    assert not sink.accepted


@pytest.mark.parametrize("address", ["", "zoe", "@exemple.fr", "zoe@", "zoe a@exemple.fr"])
def test_what_is_not_an_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidAddress):
        make_email(recipient=address)


def test_a_number_is_stored_in_its_international_form() -> None:
    assert make_sms(recipient="+262 692 12 34 56").recipient == "+262692123456"
    with pytest.raises(InvalidAddress):
        make_sms(recipient="0692123456")


def test_suppression_acts_at_once_on_what_waits() -> None:
    waiting, other = make_email(1), make_email(2)
    suppress(
        channel=Channel.EMAIL, address="PERSONNE1@exemple.fr", reason=SuppressionReason.UNSUBSCRIBED
    )
    assert reload(waiting).skip_reason == SkipReason.SUPPRESSED
    assert reload(other).status == Status.QUEUED


def test_suppression_keeps_a_hash_and_no_address() -> None:
    suppress(channel=Channel.SMS, address="+33612340001", reason=SuppressionReason.STOP)
    (row,) = Suppression.objects.values()
    assert "612340001" not in str(row)
    assert Suppression.objects.for_address("sms", "+33 6 12 34 00 01").exists()


def test_suppressing_twice_keeps_the_first_reason() -> None:
    for reason in (SuppressionReason.STOP, SuppressionReason.ERASED):
        suppress(channel=Channel.SMS, address="+33612340001", reason=reason)
    assert Suppression.objects.get().reason == SuppressionReason.STOP


def test_a_lifted_suppression_lets_new_messages_leave(sink: SmtpSink) -> None:
    address = "personne1@exemple.fr"
    suppress(channel=Channel.EMAIL, address=address, reason=SuppressionReason.UNSUBSCRIBED)
    lift_suppressions(addresses=[(Channel.EMAIL, address)])
    make_email(1)
    deliver_due_messages()
    assert len(sink.accepted) == 1


def test_messages_are_cancelled_by_recipient_and_purpose() -> None:
    reminder = make_email(1, purpose="reminder", recipient="zoe@exemple.fr")
    note = make_email(2, purpose="note", recipient="zoe@exemple.fr")
    stopped = cancel_messages(channel="email", recipient="Zoe@exemple.fr", purposes=["reminder"])
    assert stopped == 1
    assert reload(reminder).skip_reason == SkipReason.CANCELLED
    assert reload(note).status == Status.QUEUED


def test_cancelling_asks_for_a_target() -> None:
    make_email()
    with pytest.raises(ValueError, match="by key"):
        cancel_messages(purposes=["note"])
    assert Message.objects.unsent().count() == 1


def test_what_is_sent_stays_sent(sink: SmtpSink) -> None:
    message = make_email()
    deliver_due_messages()
    assert cancel_messages(unique_keys=[message.unique_key]) == 0
    assert reload(message).status == Status.SENT


def test_a_forgotten_recipient_leaves_nothing_but_the_counts(sink: SmtpSink) -> None:
    make_email(1, recipient="zoe@exemple.fr")
    deliver_due_messages()
    make_email(2, recipient="zoe@exemple.fr", due_at=timezone.now() + timedelta(days=1))
    forget_recipient(channel=Channel.EMAIL, address="zoe@exemple.fr")
    rows = list(Message.objects.order_by("created_at").values())
    assert [row["status"] for row in rows] == [Status.SENT, Status.SKIPPED]
    assert "zoe" not in str(rows)
    assert "N'Guyen" not in str(rows)


def test_a_message_forgotten_in_the_hands_of_a_dead_worker_is_not_sent_to_nobody(
    sink: SmtpSink, expire_leases: Any
) -> None:
    make_email()
    Message.objects.update(status=Status.CLAIMED, handed_over_at=timezone.now())
    forget_recipient(channel=Channel.EMAIL, address="personne1@exemple.fr")
    expire_leases()
    deliver_due_messages()
    assert Message.objects.get().skip_reason == SkipReason.CANCELLED
    assert not sink.accepted


def test_a_human_confirms_an_uncertain_message() -> None:
    message, user = make_sms(), make_user()
    Message.objects.update(status=Status.UNCERTAIN, handed_over_at=timezone.now())
    confirm_sent(message=reload(message), user=user)
    settled = reload(message)
    assert (settled.status, settled.decided_by) == (Status.SENT, user)
    assert settled.sent_at == settled.handed_over_at


def test_a_failed_message_starts_afresh() -> None:
    message, user = make_email(), make_user()
    Message.objects.update(status=Status.FAILED, attempts=8, last_error="451")
    send_again(message=reload(message), user=user)
    queued = reload(message)
    assert (queued.status, queued.attempts, queued.decided_by) == (Status.QUEUED, 0, user)


@pytest.mark.parametrize("status", [Status.QUEUED, Status.SENT])
def test_nobody_decides_twice(status: Status) -> None:
    message, user = make_email(), make_user()
    Message.objects.update(status=status, sent_at=timezone.now())
    for decide in (confirm_sent, send_again):
        with pytest.raises(MessageMoved):
            decide(message=message, user=user)
    assert reload(message).decided_by is None


def test_a_secret_that_failed_has_no_body_left_to_send(sink: SmtpSink) -> None:
    sink.refuse = lambda address: "550 unknown"
    message = make_email(is_secret=True)
    deliver_due_messages()
    assert not reload(message).can_be_retried
    with pytest.raises(MessageMoved):
        send_again(message=reload(message), user=make_user())

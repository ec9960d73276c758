from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from messaging.tasks import deliver_due_messages
from tests.messaging.factories import make_email
from tests.messaging.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_deliver_ends_with_what_it_did(sink: SmtpSink) -> None:
    make_email(1)
    make_email(2, not_after=timezone.now() - timedelta(hours=1))
    assert run("deliver") == "Messages : 1 envoyés, 1 écartés par une règle\n"
    assert run("deliver") == "Messages : rien à envoyer\n"


def test_outbox_counts_and_names_the_oldest() -> None:
    make_email(1, due_at=timezone.now() + timedelta(days=1))
    table = run("outbox")
    assert any("En attente" in line and " 1 " in line for line in table.splitlines())
    assert "Le plus ancien à envoyer" in table


def test_outbox_says_when_nothing_waits() -> None:
    assert "Rien n’attend" in run("outbox")


def test_the_task_delivers(sink: SmtpSink) -> None:
    make_email()
    deliver_due_messages()
    assert len(sink.accepted) == 1

"""A worker dies by `kill -9` at the worst moments; nothing is lost, nothing reaches twice."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from campaigns.loading import load_campaign
from campaigns.models import Campaign
from messaging.delivery import deliver_due_messages
from messaging.enums import Status
from messaging.models import Message
from tests.messaging.conftest import WEDNESDAY
from tests.messaging.factories import make_email, make_sms
from tests.messaging.sms_gateway import SmsGateway
from tests.messaging.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(django_settings.BASE_DIR)


def start_worker(**environment: str) -> subprocess.Popen[bytes]:
    """`manage.py deliver` on the test database, as its own process."""
    database = connection.settings_dict
    address = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return subprocess.Popen(
        [sys.executable, "manage.py", "deliver"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": f"postgres://{database['USER']}:{quote(database['PASSWORD'])}@{address}",
            "DEFAULT_FROM_EMAIL": django_settings.DEFAULT_FROM_EMAIL,
            **environment,
        },
        stdout=subprocess.DEVNULL,
    )


def kill_when_stalled(worker: subprocess.Popen[bytes], server: SmtpSink | SmsGateway) -> None:
    try:
        assert server.stalled.wait(30), "the worker never reached the server"
    finally:
        worker.kill()
        worker.wait()


def statuses() -> dict[str, int]:
    return {status: count for status, count in Message.objects.counts_by_status().items() if count}


def test_killed_before_a_mail_is_accepted(sink: SmtpSink, expire_leases: Any) -> None:
    sink.stall_before = 3
    for number in range(6):
        make_email(number)
    kill_when_stalled(start_worker(EMAIL_URL=f"smtp://127.0.0.1:{sink.port}"), sink)
    assert statuses() == {Status.SENT: 2, Status.CLAIMED: 4}

    deliver_due_messages()
    assert len(sink.accepted) == 2, "a lease that still runs belongs to its worker"

    expire_leases()
    deliver_due_messages()
    assert statuses() == {Status.SENT: 6}
    assert len(sink.copies) == 6
    assert set(sink.copies.values()) == {1}


def test_killed_between_acceptance_and_commit(sink: SmtpSink, expire_leases: Any) -> None:
    sink.stall_after = 3
    for number in range(6):
        make_email(number)
    kill_when_stalled(start_worker(EMAIL_URL=f"smtp://127.0.0.1:{sink.port}"), sink)
    expire_leases()
    deliver_due_messages()
    assert statuses() == {Status.SENT: 6}
    # The copy nobody could know about bears the same Message-ID: a mailbox keeps one.
    assert sorted(sink.copies.values()) == [1, 1, 1, 1, 1, 2]


def test_killed_after_an_sms_was_taken(gateway: SmsGateway, expire_leases: Any) -> None:
    load_campaign()
    # The worker is a process of its own: only the campaign's clock takes it to the morning.
    Campaign.objects.update(clock_offset=WEDNESDAY - timezone.now())
    gateway.stall_after = True
    message = make_sms()
    kill_when_stalled(start_worker(SMS_URL=gateway.url), gateway)
    gateway.stall_after = False
    expire_leases()
    deliver_due_messages()
    assert statuses() == {Status.SENT: 1}
    assert gateway.posts == [str(message.pk)]

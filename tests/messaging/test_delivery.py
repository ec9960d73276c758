import pytest

from messaging.delivery import deliver_due_messages
from messaging.enums import Status
from messaging.models import Message
from tests.messaging.conftest import make_email
from tests.messaging.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db


def test_a_due_message_is_sent_once(sink: SmtpSink) -> None:
    message = make_email()
    deliver_due_messages()
    deliver_due_messages()
    assert sink.copies == {f"<{message.pk}@localhost>": 1}
    message.refresh_from_db()
    assert message.status == Status.SENT


def test_one_connection_carries_many_messages(sink: SmtpSink) -> None:
    for number in range(5):
        make_email(number)
    deliver_due_messages(batch_size=2)
    assert len(sink.accepted) == 5
    assert sink.connections == 1
    assert Message.objects.filter(status=Status.SENT).count() == 5

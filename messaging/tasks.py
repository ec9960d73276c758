"""The one task: look at the outbox. Rung by the doorbell, and by beat every ten seconds."""

from celery import shared_task

from messaging import delivery


@shared_task(ignore_result=True)
def deliver_due_messages() -> None:
    delivery.deliver_due_messages(seconds=60)

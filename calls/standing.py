"""Where a person stands, as a call taught it."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from contacts.models import Contact
from organisations.models import User

FIELDS = ("support", "will_vote", "joining", "voted_at", "reached_at")


@transaction.atomic
def record_standing(*, contact: Contact, author: User | None, **fields: Any) -> Contact:
    """Write what a person said of themselves; `fields` are those of `FIELDS` to change."""
    row = Contact.objects.select_for_update(no_key=True, of=("self",)).get(pk=contact.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    row.updated_at = timezone.now()
    row.save(update_fields=[*fields, "updated_at"])
    return row

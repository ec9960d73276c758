"""Who was called, for the rooms below that ask."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from calls.models import Call, FollowUp
from contacts.models import Contact


def called_among(contacts: Sequence[Contact]) -> set[int]:
    """Those called once, taken back or not, and those on the line right now.

    Their follow-ups stay locked: nobody takes one before the transaction ends.
    """
    rows = FollowUp.objects.filter(contact__in=contacts).order_by("pk")
    locked = list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    called = Exists(Call.objects.filter(follow_up=OuterRef("pk")))
    found = FollowUp.objects.filter(called | Q(lease_until__gte=Now()), pk__in=locked)
    return set(found.values_list("contact_id", flat=True))

"""What queries on follow-ups ask of the people they are about."""

from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from contacts.enums import ConsentChannel, Purpose
from contacts.models import Consent


def place_of(prefix: str = "") -> Concat:
    """What an organisation is found by, as one text: two equal texts lead to the same one."""
    parts = ("commune_id", "postcode", "departement_id", "agreement_id")
    columns = [Coalesce(F(f"{prefix}{part}"), Value("")) for part in parts]
    bar = Value("|")
    return Concat(columns[0], bar, columns[1], bar, columns[2], bar, columns[3])


def agrees_to_calls(contact: str) -> Subquery:
    """Whether the last word of a contact on calls is yes; `contact` names their key."""
    last = Consent.objects.filter(
        contact=OuterRef(contact), purpose=Purpose.CALL_BACK, channel=ConsentChannel.CALL
    ).order_by("-given_at", "-pk")
    return Subquery(last.values("is_given")[:1])

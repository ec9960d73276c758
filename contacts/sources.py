"""Opening a source from a form, where a button is easily pressed twice."""

from django.db import transaction

from contacts.enums import SourceKind
from contacts.models import Source
from core.tokens import derive_code
from organisations.models import Organisation, User
from territory.models import Trade


@transaction.atomic
def open_source(
    *, seed: bytes, organisation: Organisation, kind: SourceKind, label: str, created_by: User,
    trade: Trade | None = None,
) -> Source:  # fmt: skip
    """Open a source; sent again with the same `seed`, the same source comes back.

    Its public code is drawn from the seed, and codes are unique: whoever comes second, however
    close behind, finds the source of the first.
    """
    source, _ = Source.objects.get_or_create(
        code=derive_code(seed),
        defaults={
            "kind": kind,
            "label": label,
            "organisation": organisation,
            "trade": trade,
            "created_by": created_by,
        },
    )
    return source

"""What a tablet searches without network: trades, agreements and 35 000 communes in 190 kB.

The file is named by the hash of its content, built by a periodic task and kept in PostgreSQL.
"""

import gzip
import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import brotli
from django.db import transaction
from django.utils import timezone

from contacts.locks import lock_names
from field.models import ReferenceFile
from territory.models import CollectiveAgreement, Commune, Departement, Trade

LOCK = "field:reference-file"
# A tablet that has just learnt of a version asks for it within the hour.
KEPT = timedelta(days=7)
# Below this population a commune bears no mark: two thirds of them.
SMALLEST_MARKED = 2_000


def ensure_reference_file() -> None:
    """Build the first file; later ones come with the periodic task."""
    if not ReferenceFile.objects.exists():
        refresh_reference_file()


@transaction.atomic
def refresh_reference_file() -> ReferenceFile:
    """Make the current file say what the tables say; drop those nobody asks for any more."""
    lock_names([LOCK])
    content = reference_content()
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    version = hashlib.sha256(text).hexdigest()[:16]
    now = timezone.now()
    file = ReferenceFile.objects.filter(pk=version).first()
    if file is None:
        file = ReferenceFile(
            version=version, brotli=brotli.compress(text, quality=10), gzip=gzip.compress(text, 9)
        )
    file.built_at = now
    file.save()
    ReferenceFile.objects.filter(built_at__lt=now - KEPT).delete()
    return file


def reference_content() -> dict[str, Any]:
    """The file's content; the tablet's `static/js/field/reference.js` reads this shape."""
    trades = list(Trade.objects.in_use().prefetch_related("agreement_ranks"))
    used = {rank.agreement_id for trade in trades for rank in trade.agreement_ranks.all()}
    agreements = CollectiveAgreement.objects.filter(pk__in=used).order_by("idcc")
    return {
        "trades": [
            [trade.pk, trade.label, [rank.agreement_id for rank in trade.agreement_ranks.all()]]
            for trade in trades
        ],
        "agreements": [[agreement.pk, agreement.short_title] for agreement in agreements],
        "departements": _departements(),
    }


def _departements() -> list[list[str]]:
    communes: dict[str, list[tuple[str, list[str], int]]] = defaultdict(list)
    rows = Commune.objects.exclude(postcodes=[]).order_by("name", "pk")
    for departement, *row in rows.values_list("departement", "name", "postcodes", "population"):
        communes[departement].append(tuple(row))  # type: ignore[arg-type]
    return [
        [
            departement.code,
            departement.name,
            _prefix(departement.code),
            departement.phone_region,
            _grouped(communes[departement.code], _prefix(departement.code)),
        ]
        for departement in Departement.objects.order_by("code")
        if communes[departement.code]
    ]


def _prefix(code: str) -> str:
    """What the postcodes of a département begin with: 20 in Corsica."""
    return "20" if code in ("2A", "2B") else code


def _grouped(communes: Iterable[tuple[str, list[str], int]], prefix: str) -> str:
    """One line per group of communes that share their postcodes: `000:Caen9|…`."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name, postcodes, population in communes:
        key = ",".join(postcode.removeprefix(prefix) for postcode in postcodes)
        groups[key].append(f"{name}{_size(population)}")
    return "\n".join(f"{key}:{'|'.join(names)}" for key, names in sorted(groups.items()))


def _size(population: int) -> str:
    """One digit that grows with the population, so that towns come up first in a search."""
    if population < SMALLEST_MARKED:
        return ""
    return str(min(9, int(math.log10(population) * 2) - 1))

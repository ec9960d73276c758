"""One capture or correction at a time per identifier, number and address."""

from collections.abc import Iterable

from django.db import connection

# Sorted by what is locked, so that two batches that share people never wait for each other.
STATEMENT = """
SELECT pg_advisory_xact_lock(key) FROM (
    SELECT DISTINCT hashtextextended(name, 0) AS key FROM unnest(%s::text[]) AS name ORDER BY key
) AS keys
"""


def lock_names(names: Iterable[str]) -> None:
    """Wait for whoever holds one of `names`; they are free again when the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, [sorted({name for name in names if name})])

"""Looks for a meeting's address wherever it must not be: in the tables, in a page, in a log."""

from collections.abc import Iterable

from django.db import connection

from tests.webinars.factories import SECRETS


def assert_no_leak(texts: Iterable[str] = (), secrets: Iterable[str] = SECRETS) -> None:
    """Fail if one of `secrets` shows in any column of any table, or in one of `texts`."""
    secrets = list(secrets)
    guilty = [f"table {table}" for table in tables_that_hold(secrets)]
    for text in texts:
        guilty += [text[:200] for secret in secrets if secret in text]
    assert guilty == []


def tables_that_hold(secrets: Iterable[str]) -> list[str]:
    """The tables one of whose rows, written out as text, holds one of `secrets`."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("territory_", "django_migrations")):
                continue
            name = connection.ops.quote_name(table)
            wanted = [f"%{secret}%" for secret in secrets]
            cursor.execute(
                f"SELECT EXISTS (SELECT 1 FROM {name} AS row WHERE row::text LIKE ANY (%s))",
                [wanted],
            )
            if cursor.fetchone()[0]:
                found.append(table)
    return found

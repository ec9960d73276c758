"""Statements planned once per connection."""

import pytest
from django.db import DataError, connection, transaction

from field.prepared import fetch_prepared

pytestmark = pytest.mark.django_db


def test_it_answers_the_first_row_or_nothing() -> None:
    statement = "SELECT number * 2 FROM generate_series(1, %(last)s) AS number"
    assert fetch_prepared(statement, {"last": 3}) == (2,)
    assert fetch_prepared(statement, {"last": 0}) is None


def test_the_database_keeps_its_plan() -> None:
    statement = "SELECT 'kept' || %(text)s::text"
    for text in ("a", "b"):
        assert fetch_prepared(statement, {"text": text}) == (f"kept{text}",)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE '%%''kept''%%' AND name <> ''"
        )
        assert cursor.fetchall() == [(2,)]


def test_its_errors_are_those_of_every_query() -> None:
    with pytest.raises(DataError), transaction.atomic():
        fetch_prepared("SELECT 1 / %(number)s", {"number": 0})

"""Statements that PostgreSQL plans once per connection, for the few that run all day long."""

from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection


def fetch_prepared(statement: str, parameters: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The first row that `statement` answers.

    Django writes the parameters into the text, so that each execution is planned anew: storing one
    record then takes the database 0.8 ms instead of 0.3.
    """
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        psycopg.Cursor(cursor.connection) as prepared,
    ):
        return prepared.execute(statement, parameters, prepare=True).fetchone()

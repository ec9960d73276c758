"""Traps set for every test: each turns a habit that bites later into a failure today."""

import random
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models.query import QuerySet
from django.template.base import FilterExpression, Variable, VariableDoesNotExist

WRITES = re.compile(
    r"\b(INSERT\s+INTO|UPDATE\s+\"|DELETE\s+FROM|TRUNCATE|CREATE|ALTER|DROP|COPY|nextval|setval)\b",
    re.IGNORECASE,
)
# A GET may open or extend a session, count against the log-in's limits, count a download or the
# opening of a QR code, and begin a visit of the library: book-keeping, not a change of the data.
KEPT_BOOKS = (
    "django_session|rate_limits|library_downloadcount|library_downloadmark|library_visit"
    "|contacts_dailyscans"
)
BOOK_KEEPING = re.compile(
    rf"^\s*(INSERT INTO|UPDATE|DELETE FROM) \"?({KEPT_BOOKS})\b", re.IGNORECASE
)
FILTERS_FOR_ABSENT_VALUES = {"default", "default_if_none", "yesno"}


class UndefinedVariable(AssertionError):
    pass


class WriteDuringGet(AssertionError):
    pass


class NetworkUse(AssertionError):
    pass


def refuse_writes(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    if WRITES.search(sql) and not BOOK_KEEPING.match(sql):
        raise WriteDuringGet(sql[:300])
    return execute(sql, params, many, context)


def guard_get_requests(monkeypatch: Any, client_class: type) -> None:
    """A GET that writes fails (log-in sessions aside)."""
    original = client_class.generic

    def generic(self: Any, method: str, *args: Any, **kwargs: Any) -> Any:
        if method.upper() not in ("GET", "HEAD"):
            return original(self, method, *args, **kwargs)
        with connection.execute_wrapper(refuse_writes):
            return original(self, method, *args, **kwargs)

    monkeypatch.setattr(client_class, "generic", generic)


def fail_on_undefined_variables(monkeypatch: Any) -> None:
    """A template of ours that prints a variable nobody set fails."""
    original = FilterExpression.resolve
    ours = str(Path(settings.BASE_DIR) / "templates")

    def resolve(self: FilterExpression, context: Any, ignore_failures: bool = False) -> Any:
        template = getattr(context, "template", None)
        origin = getattr(getattr(template, "origin", None), "name", "") or ""
        forgiving = any(
            function.__name__ in FILTERS_FOR_ABSENT_VALUES for function, _ in self.filters
        )
        watched = isinstance(self.var, Variable) and origin.startswith(ours)
        if watched and not ignore_failures and not forgiving:
            try:
                self.var.resolve(context)
            except VariableDoesNotExist as error:
                raise UndefinedVariable(f"{{{{ {self.token} }}}} in {origin}") from error
        return original(self, context, ignore_failures)

    monkeypatch.setattr(FilterExpression, "resolve", resolve)


def shuffle_unordered_queries(monkeypatch: Any) -> None:
    """Rows read without an order come back in another one each time, from a fixed seed."""
    original = QuerySet._fetch_all
    shuffler = random.Random(20241125)

    def _fetch_all(self: Any) -> None:
        fresh = self._result_cache is None
        original(self)
        if fresh and not self.ordered and not self.query.is_sliced:
            shuffler.shuffle(self._result_cache)

    monkeypatch.setattr(QuerySet, "_fetch_all", _fetch_all)


def run_commit_callbacks(monkeypatch: Any) -> None:
    """Inside a test's transaction, what waits for the commit runs when the action's block ends."""
    depth = len(connection.savepoint_ids)
    original = transaction.Atomic.__exit__

    def __exit__(self: Any, *exception: Any) -> None:
        original(self, *exception)
        if self.using not in (None, "default") or exception[0] is not None:
            return
        if connection.in_atomic_block and len(connection.savepoint_ids) == depth:
            callbacks, connection.run_on_commit = connection.run_on_commit, []
            for _, callback, robust in callbacks:
                _call(callback, robust)

    monkeypatch.setattr(transaction.Atomic, "__exit__", __exit__)


def _call(callback: Callable[[], None], robust: bool) -> None:
    try:
        callback()
    except Exception:
        if not robust:
            raise


@contextmanager
def loopback_only() -> Iterator[None]:
    """Any connection beyond this machine fails."""
    original = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        remote = isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost")
        if remote:
            raise NetworkUse(f"a test tried to reach {address}")
        original(self, address)

    socket.socket.connect = connect  # type: ignore[method-assign]
    try:
        yield
    finally:
        socket.socket.connect = original  # type: ignore[method-assign]

"""The management commands that bring the local database and files up to date before the start.

Each costs a second or more only to load Django, so one whose inputs and results are those of its
last success is left out. What was done is noted in the database itself: a new one forgets it all.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from local.state import ROOT, VAR


@dataclass(frozen=True)
class BootCommand:
    """One `manage.py` command, the files that decide its work, and the traces of its success."""

    label: str
    arguments: tuple[str, ...]
    inputs: tuple[str, ...] = ()  # globs below the checkout
    local_files: tuple[str, ...] = ()  # globs below var/, used or made
    witness: str = "SELECT 1"  # one value that changes if the result is undone

    @property
    def name(self) -> str:
        return self.arguments[0]


# Never served: a browsable API that does not exist here.
IGNORED_STATIC = ("--ignore", "rest_framework")
CONTACTS = os.environ.get("CONTACTS") or "5000"
BOOT_COMMANDS = (
    BootCommand(
        label="Database schema",
        arguments=("migrate", "--noinput"),
        inputs=("*/migrations/*.py", "requirements.txt"),
        witness="SELECT md5(string_agg(app || name, ',' ORDER BY app, name))"
        " FROM django_migrations",
    ),
    BootCommand(
        label="Static files",
        arguments=("collectstatic", "--noinput", "--clear", *IGNORED_STATIC),
        inputs=(
            "static/**/*",
            "core/storage.py",
            "tpe_campaign/settings.py",
            "requirements.txt",
        ),
        local_files=("vendor/**/*", "static/staticfiles.json"),
    ),
    BootCommand(
        label="Places, collective agreements and trades",
        arguments=("load_territory",),
        inputs=("territory/data/**/*", "territory/*.py", "territory/management/**/*.py"),
        witness="SELECT EXISTS (SELECT FROM territory_commune)",
    ),
    BootCommand(
        label="Demonstration",
        arguments=("demo", "--contacts", CONTACTS),
        inputs=("*/data/**/*",),
        # Its dates move by whole weeks; a repeat moves them and adds nothing else.
        witness="SELECT EXISTS (SELECT FROM campaigns_campaign), date_trunc('week', now())",
    ),
)


class Notebook:
    """Remembers, inside the database, which boot commands have nothing left to do."""

    def __init__(self, database_url: str) -> None:
        self.connection = psycopg.connect(database_url, autocommit=True)
        self.connection.execute("CREATE SCHEMA IF NOT EXISTS local_machine")
        self.connection.execute(
            "CREATE TABLE IF NOT EXISTS local_machine.boot"
            " (command text PRIMARY KEY, fingerprint text NOT NULL)"
        )

    def close(self) -> None:
        self.connection.close()

    def is_done(self, command: BootCommand) -> bool:
        row = self.connection.execute(
            "SELECT fingerprint FROM local_machine.boot WHERE command = %s", [command.name]
        ).fetchone()
        return row is not None and row[0] == self._fingerprint(command, inputs_of(command))

    def note(self, command: BootCommand, inputs: str) -> None:
        """Note the success of a command that was started when its inputs were `inputs`."""
        self.connection.execute(
            "INSERT INTO local_machine.boot VALUES (%s, %s)"
            " ON CONFLICT (command) DO UPDATE SET fingerprint = EXCLUDED.fingerprint",
            [command.name, self._fingerprint(command, inputs)],
        )

    def _fingerprint(self, command: BootCommand, inputs: str) -> str:
        local_files = digest(command.local_files, root=VAR)
        parts = (repr(command), inputs, local_files, self._witness(command))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _witness(self, command: BootCommand) -> str:
        try:
            row = self.connection.execute(sql.SQL(command.witness)).fetchone()
        except psycopg.errors.UndefinedTable:
            return "no table"
        return repr(row)


def inputs_of(command: BootCommand) -> str:
    return digest(command.inputs)


def digest(globs: Iterable[str], *, root: Path = ROOT) -> str:
    """Hash the names and contents of the files that match."""
    result = hashlib.sha256()
    files = {path for glob in globs for path in root.glob(glob) if path.is_file()}
    for path in sorted(files):
        if path.suffix != ".pyc":
            result.update(f"{path.relative_to(root)}\n".encode())
            result.update(hashlib.sha256(path.read_bytes()).digest())
    return result.hexdigest()

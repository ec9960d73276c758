"""The command a newcomer types first, from an empty `var/` to a killed supervisor and back."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from local.state import ROOT, VAR, free_port
from tests.local.test_processes import eventually

CONTACTS = 20


@dataclass
class Run:
    """One `python -m local.run` on a `var/` of its own."""

    process: subprocess.Popen[str]
    var: Path
    printed: str = ""

    def read_until(self, text: str) -> str:
        """Return what it has printed once that holds `text`."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.printed += line
            if text in line:
                return self.printed
        raise AssertionError(f"It ended before printing {text!r}:\n{self.printed}")

    @property
    def environment(self) -> dict[str, str]:
        return json.loads((self.var / "environment.json").read_text())

    def contacts(self) -> int:
        with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
            row = connection.execute("SELECT count(*) FROM contacts_contact").fetchone()
        assert row
        return int(row[0])


def environment(var: Path, port: int) -> dict[str, str]:
    ours = {"VAR_DIR": str(var), "PORT": str(port), "CONTACTS": str(CONTACTS)}
    return os.environ | ours | {"PYTHONUNBUFFERED": "1"}


def start(var: Path, port: int) -> Run:
    process = subprocess.Popen(
        [sys.executable, "-m", "local.run"],
        cwd=ROOT,
        env=environment(var, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Run(process, var)


def end(run: Run, number: signal.Signals) -> int:
    run.process.send_signal(number)
    code = run.process.wait(timeout=30)
    assert run.process.stdout
    run.process.stdout.close()
    return code


def descendants(pid: int) -> set[int]:
    """Every living process below `pid`."""
    listed = subprocess.run(
        ["/bin/ps", "-eo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
    )
    parents = {
        int(child): int(parent)
        for child, parent, state in map(str.split, listed.stdout.splitlines())
        if not state.startswith("Z")
    }
    found: set[int] = set()
    fresh = {pid}
    while fresh:
        fresh = {child for child, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return found


def living(pids: set[int]) -> set[int]:
    return {pid for pid in pids if state_of(pid) not in ("", "Z")}


def state_of(pid: int) -> str:
    """Its letter of /proc; empty once it is gone, which may be while one reads."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


@pytest.fixture
def var(open_folder: Path) -> Iterator[Path]:
    folder = open_folder / "var"
    shutil.copytree(VAR / "vendor", folder / "vendor")
    yield folder
    home = folder / "postgres"
    assert not (home / "data" / "postmaster.pid").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_killed_run_leaves_nothing_behind_and_the_next_one_keeps_the_data(var: Path) -> None:
    port = free_port()
    run = start(var, port)
    try:
        run.read_until("Logs:")
        address = f"http://localhost:{port}/"
        for page in (address, run.environment["CATCHER_URL"]):
            with urllib.request.urlopen(page, timeout=20) as answer:
                assert answer.status == 200
        assert run.contacts() >= CONTACTS
        second = subprocess.run(
            [sys.executable, "-m", "local.run"],
            cwd=ROOT,
            env=environment(var, port),
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode == 1
        assert f"already running at http://localhost:{port}" in second.stdout
        family = descendants(run.process.pid)
    finally:
        end(run, signal.SIGKILL)
    assert eventually(lambda: not living(family))

    run = start(var, port)
    try:
        run.read_until("Logs:")
        assert run.contacts() >= CONTACTS
        family = descendants(run.process.pid)
    finally:
        code = end(run, signal.SIGINT)
    assert code == 0
    assert not living(family)

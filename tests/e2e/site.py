"""The application as visitors meet it: granian, real static files, its own mail server."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

from local.boot import IGNORED_STATIC
from local.run import answers, manage, web_command
from local.state import ROOT, free_port
from messaging.delivery import deliver_due_messages
from tests.messaging.smtp_sink import SmtpSink

# Beside those of the other tests, one per test process; the local server has 64 databases.
FIRST_REDIS_DATABASE = 20
PATIENCE = 60


@dataclass
class Site:
    """A running site and the mails it sent."""

    url: str
    sink: SmtpSink
    media_root: Path

    def address(self, path: str) -> str:
        return f"{self.url}{path}"

    def deliver(self) -> list[EmailMessage]:
        """Send what waits in the outbox; return the mails that arrived by it."""
        before = len(self.sink.accepted)
        deliver_due_messages(seconds=20)
        return self.sink.accepted[before:]


@contextmanager
def running_site(folder: Path, *, static_root: Path, worker: int) -> Iterator[Site]:
    """Serve this process's test database until the end of the block."""
    port = free_port()
    redis_url = _with_path(os.environ["REDIS_URL"], f"/{FIRST_REDIS_DATABASE + worker}")
    with SmtpSink() as sink:
        site = Site(f"http://localhost:{port}", sink, folder / "media")
        environment = {
            **os.environ,
            "DATABASE_URL": _with_path(
                os.environ["DATABASE_URL"], f"/{connection.settings_dict['NAME']}"
            ),
            "REDIS_URL": redis_url,
            "SITE_URL": site.url,
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "CSRF_TRUSTED_ORIGINS": site.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
            "DEBUG": "false",
            "DEMONSTRATION": "true",
            "SECOND_FACTOR_REQUIRED": "true",
            "STATIC_ROOT": str(static_root),
            "MEDIA_ROOT": str(site.media_root),
        }
        with started(web_command(port), environment, folder / "web.log") as web:
            _wait_for(site, web, folder / "web.log")
            yield site


@contextmanager
def started(
    command: list[str], environment: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server that dies with this process, and at the end of the block at the latest."""
    shim = [sys.executable, "-I", "-S", str(ROOT / "local" / "child.py")]
    shim += [str(os.getpid()), str(int(signal.SIGTERM)), "-"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*shim, *command],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        finally:
            # Its own children too: the one that serves holds a connection to the database.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def collect_static(folder: Path) -> Path:
    """Static files under hashed names, collected once for all the test processes of a run."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        root = folder / "files"
        if not (root / "staticfiles.json").exists():
            environment = {**os.environ, "STATIC_ROOT": str(root)}
            command = manage("collectstatic", "--noinput", "-v", "0", *IGNORED_STATIC)
            subprocess.run(command, env=environment, cwd=ROOT, check=True)
        return root


def _wait_for(site: Site, web: subprocess.Popen[bytes], log: Path) -> None:
    ready = answers(site.address("/readyz"))
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if web.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the site did not start\n{log.read_text(errors='replace')}")
        time.sleep(0.05)


def _with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=path))

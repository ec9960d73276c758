"""`make run`: the whole application on this machine, with its servers and its demonstration."""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text

from local.boot import BOOT_COMMANDS, BootCommand, Notebook, inputs_of
from local.lock import take_lock, write_holder
from local.processes import Child, Family, LocalError, StopRequested
from local.services import Cluster, start_postgres, start_valkey
from local.state import ROOT, VAR, cluster_home, free_port, is_free, load_secrets, prepare_var

DEFAULT_PORT = 8000
PORTS_TRIED = 50
CATCHER_PORT = 8025
ENVIRONMENT_FILE = VAR / "environment.json"
STEPS = len(BOOT_COMMANDS) + 3


@dataclass(frozen=True)
class Ports:
    web: int
    catcher: int
    smtp: int


class Steps:
    """Shows what is being done, and how long each step took once it is done."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.progress = Progress(
            SpinnerColumn(),
            BarColumn(bar_width=24),
            TextColumn("{task.description}"),
            console=console,
            transient=True,
        )
        self.task = self.progress.add_task("", total=STEPS)

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        started = time.monotonic()
        self.progress.update(self.task, description=label)
        yield
        self.progress.advance(self.task)
        self.console.print(f"[green]✓[/] {label} [dim]{time.monotonic() - started:.1f} s[/]")


def main() -> int:
    """Start everything, wait for Ctrl-C, stop everything; return the exit code."""
    console = Console(highlight=False)
    try:
        prepare_var()
        with take_lock() as lock, Family(log_folder=VAR / "log", keep_open=lock) as family:
            return run(family, console, lock)
    except StopRequested:
        console.print("\nStopped. The data are kept in var/; make run continues from there.")
        return 0
    except LocalError as problem:
        console.print(Text(str(problem), style="red"), soft_wrap=True)
        return 1


def run(family: Family, console: Console, lock: IO[str]) -> int:
    started = time.monotonic()
    ports = choose_ports(console)
    steps = Steps(console)
    with steps.progress:
        environment = start_services(family, steps, ports)
        prepare_data(family, steps, environment)
        with steps.step("Web, worker and beat"):
            logins = start_application(family, environment, ports)
    write_holder(lock, url=environment["SITE_URL"])
    announce(console, environment, logins, time.monotonic() - started)
    ended = family.wait_for_end()
    raise LocalError(f"{ended.name} stopped by itself.\n{ended.last_words()}")


def choose_ports(console: Console) -> Ports:
    """PORT decides if it is set; otherwise the first free one from 8000."""
    wanted = os.environ.get("PORT", "")
    if wanted and not (wanted.isdecimal() and 0 < int(wanted) < 65536):
        raise LocalError(f"PORT={wanted} is not a port number.")
    if wanted and not is_free(int(wanted)):
        raise LocalError(
            f"Port {wanted} is busy or not allowed: choose another, or leave PORT unset."
        )
    web = int(wanted) if wanted else first_free(DEFAULT_PORT)
    if not wanted and web != DEFAULT_PORT:
        console.print(f"Port {DEFAULT_PORT} is busy: using {web} instead (PORT=… chooses).")
    catcher = next(port for port in range(CATCHER_PORT, 65536) if port != web and is_free(port))
    return Ports(web=web, catcher=catcher, smtp=free_port())


def first_free(start: int) -> int:
    for port in range(start, start + PORTS_TRIED):
        if is_free(port):
            return port
    raise LocalError(f"Ports {start} to {start + PORTS_TRIED - 1} are all busy: set PORT.")


def start_services(family: Family, steps: Steps, ports: Ports) -> dict[str, str]:
    """Start PostgreSQL, Valkey and the catcher; return the environment of the application."""
    secrets = load_secrets()
    cluster = Cluster(
        home=cluster_home(secrets["identity"]),
        admin_password=secrets["database_admin_password"],
        owner_password=secrets["database_password"],
    )
    with steps.step("PostgreSQL"):
        database_url = start_postgres(family, cluster)
    with steps.step("Valkey, mail and SMS catcher"):
        redis_url = start_valkey(family, password=secrets["valkey_password"])
        start_catcher(family, ports, secrets["catcher_token"])
    environment = {
        "ENV_FILE": "",
        "DJANGO_SETTINGS_MODULE": "tpe_campaign.settings",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": secrets["secret_key"],
        "PRIVACY_KEY": secrets["privacy_key"],
        "DEBUG": "false",
        "DEMONSTRATION": "true",
        "SECOND_FACTOR_REQUIRED": "false",
        # A name and not a number: browsers refuse passkeys to bare addresses.
        "SITE_URL": f"http://localhost:{ports.web}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "CSRF_TRUSTED_ORIGINS": f"http://localhost:{ports.web},http://127.0.0.1:{ports.web}",
        "EMAIL_URL": f"smtp://127.0.0.1:{ports.smtp}",
        "SMS_URL": f"http://{secrets['catcher_token']}@127.0.0.1:{ports.catcher}/sms",
        "CATCHER_URL": f"http://localhost:{ports.catcher}",
        "VAR_DIR": str(VAR),
        "STATIC_ROOT": str(VAR / "static"),
        "MEDIA_ROOT": str(VAR / "media"),
    }
    save_environment(environment)
    return {**os.environ, **environment, "PYTHONUNBUFFERED": "1"}


def start_catcher(family: Family, ports: Ports, token: str) -> Child:
    return family.start(
        "catcher",
        [
            sys.executable,
            "-m",
            "local.catcher",
            VAR / "caught",
            f"{ports.smtp}",
            f"{ports.catcher}",
        ],
        environment={**os.environ, "CATCHER_TOKEN": token, "PYTHONUNBUFFERED": "1"},
        folder=ROOT,
    )


def prepare_data(family: Family, steps: Steps, environment: dict[str, str]) -> None:
    """Run the boot commands that have something to do."""
    with closing(Notebook(environment["DATABASE_URL"])) as notebook:
        for command in BOOT_COMMANDS:
            with steps.step(command.label):
                if not notebook.is_done(command):
                    run_boot_command(family, notebook, command, environment)


def run_boot_command(
    family: Family, notebook: Notebook, command: BootCommand, environment: dict[str, str]
) -> None:
    inputs = inputs_of(command)
    family.run(command.name, manage(*command.arguments), environment=environment, folder=ROOT)
    notebook.note(command, inputs)


def start_application(family: Family, environment: dict[str, str], ports: Ports) -> str:
    """Start web, then worker and beat; return the demonstration log-ins, to be printed."""
    logins = family.start(
        "logins", manage("demo", "--print-logins"), environment=environment, folder=ROOT
    )
    web = family.start("web", web_command(ports.web), environment=environment, folder=ROOT)
    family.wait_until(answers(f"http://127.0.0.1:{ports.web}/readyz"), web, timeout=60)
    # Each costs seconds of processor to load: the page comes first.
    for name, arguments in CELERY_ARGUMENTS.items():
        command = [sys.executable, "-m", "celery", "-A", "tpe_campaign", name, *arguments]
        family.start(name, command, environment=environment, folder=ROOT)
    if family.wait(logins):
        raise LocalError(f"The log-ins could not be listed.\n{logins.last_words()}")
    return logins.output()


def web_command(port: int) -> list[str]:
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws"]
    options += ["--workers", "1", "--blocking-threads", "4", "--access-log"]
    return [sys.executable, "-m", "granian", *options, "tpe_campaign.wsgi:application"]


# Threads and not processes: nothing to orphan, and less memory.
CELERY_ARGUMENTS = {
    "worker": ["--pool", "threads", "--concurrency", "2", "--loglevel", "info"],
    "beat": ["--schedule", str(VAR / "beat"), "--pidfile", "", "--loglevel", "info"],
}


def manage(*arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def answers(address: str) -> Callable[[], bool]:
    """A test of whether the page at `address` is served without a server error."""

    def ready() -> bool:
        try:
            with urllib.request.urlopen(address, timeout=10):
                return True
        except urllib.error.HTTPError as problem:
            return problem.code < 500
        except OSError:
            return False

    return ready


def save_environment(environment: dict[str, str]) -> None:
    """Keep the variables for `make manage`, readable by their owner only."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with os.fdopen(os.open(ENVIRONMENT_FILE, flags, 0o600), "w") as file:
        json.dump(environment, file, indent=1)


def announce(console: Console, environment: dict[str, str], logins: str, seconds: float) -> None:
    site, catcher = environment["SITE_URL"], environment["CATCHER_URL"]
    console.print(f"\nReady in {seconds:.1f} s: [bold]{site}[/]")
    console.print(f"Mails and SMS caught: {catcher}")
    console.print(f"Logs: {Path('var') / 'log'} · Ctrl-C stops everything\n")
    console.print(logins, markup=False, soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())

"""`manage.py stress_capture`: tablets whose network breaks, and the figures that must be zero."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from field.stress import Cut, Figures, Plan, Trial
from organisations.models import Organisation, User


class Command(BaseCommand):
    help = "Try the way from tablets to contacts: cut connections, two tabs, replays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tablets", type=int, default=3)
        parser.add_argument("--records", type=int, default=1_000, help="per tablet (1000)")
        parser.add_argument("--replays", type=int, default=10)
        parser.add_argument("--url", default="", help="a running site; else one of its own")
        parser.add_argument("--keep", action="store_true", help="keep what was made")
        parser.add_argument(
            "--yes", action="store_true", help="allow it beside real data: what it makes is deleted"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMONSTRATION or options["yes"]):
            raise CommandError("This is no demonstration: add --yes to try it all the same.")
        if options["url"]:
            return self.run(options["url"], options)
        with own_site() as url:
            return self.run(url, options)

    def run(self, url: str, options: dict[str, Any]) -> None:
        plan = Plan(
            url=url,
            tablets=options["tablets"],
            records=options["records"],
            replays=options["replays"],
        )
        author = User.objects.order_by("pk").first()
        organisation = Organisation.objects.order_by("pk").first()
        if author is None or organisation is None:
            raise CommandError("Load the organisations and make an account first.")
        trial = Trial(plan, organisation=organisation, author=author)
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Records", total=plan.tablets * plan.records)
            figures = trial.run(lambda done: bar.advance(task, done))
        if not options["keep"]:
            trial.clean_up()
        show(figures)
        if not figures.is_perfect:
            raise CommandError("Records were lost, doubled or refused.")


def show(figures: Figures) -> None:
    table = Table(show_header=False)
    table.add_column(justify="left")
    table.add_column(justify="right")
    table.add_row("records", f"{figures.sent}")
    table.add_row("posts", f"{figures.posts}")
    for cut in (Cut.BEFORE, Cut.DURING, Cut.AFTER):
        table.add_row(f"  cut {cut}", f"{figures.cuts[cut]}")
    table.add_row("records replayed", f"{figures.replayed}")
    table.add_row("lost", f"{figures.lost}")
    table.add_row("doubled", f"{figures.doubled}")
    table.add_row("to correct", f"{figures.to_correct}")
    table.add_row("records per second, all included", f"{figures.sent / figures.seconds:.0f}")
    Console().print(table)


@contextmanager
def own_site() -> Iterator[str]:
    """A web server on a free port, on the same database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws"]
    server = subprocess.Popen(  # noqa: S603 – our own interpreter and arguments
        [sys.executable, "-m", "granian", *options, "--workers", "1", "--blocking-threads", "4",
         "tpe_campaign.wsgi:application"],
        env=os.environ | {"SITE_URL": url, "ALLOWED_HOSTS": "127.0.0.1"},
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(f"{url}/healthz", server)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 – our own address
                return
        except OSError:
            time.sleep(0.1)
    raise CommandError("The web server did not start.")

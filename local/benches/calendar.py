"""The month of the calendar with 50 and with 1 000 actions in it: the 95th percentile of each.

The pages are asked of the application itself, as an activist, a departmental union and the
confederation; the goal is 60 ms and a ratio of 1.3 at most, all actions in one month. The map,
which shows each of them, has no ratio to keep: its queries must not grow.
"""

import django

django.setup()

from collections.abc import Callable  # noqa: E402
from datetime import datetime, timedelta  # noqa: E402
from statistics import quantiles  # noqa: E402
from time import perf_counter  # noqa: E402
from zoneinfo import ZoneInfo  # noqa: E402

from django.conf import settings  # noqa: E402
from django.db import connection, reset_queries  # noqa: E402
from django.test import Client  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.progress import track  # noqa: E402
from rich.table import Table  # noqa: E402

from campaigns.clock import current_campaign  # noqa: E402
from deployments.actions import create_deployment, report_deployment  # noqa: E402
from deployments.models import DeploymentType  # noqa: E402
from deployments.shifts import Slot  # noqa: E402
from organisations.enums import Role  # noqa: E402
from organisations.models import Membership, Organisation, User  # noqa: E402
from territory.models import Commune  # noqa: E402

FEW, MANY = 50, 1_000
RUNS = 60
MONTH = datetime(2027, 3, 1, 9, tzinfo=ZoneInfo("Europe/Paris"))
PEOPLE = {"militant": (Role.MILITANT, "ud-14"), "UD": (Role.STAFF, "ud-14"),
          "confédération": (Role.STAFF, "confederation")}  # fmt: skip
VIEWS = ("mois", "semaine", "liste", "equipes", "carte")


def client_of(name: str) -> Client:
    role, slug = PEOPLE[name]
    user = User.objects.create_user(f"{role}-{slug}@example.org", first_name="Camille")
    Membership.objects.create(
        user=user, organisation=Organisation.objects.get(slug=slug), role=role
    )
    client = Client()
    client.force_login(user)
    return client


def fill(start: int, stop: int) -> None:
    """Actions of UD 14 on every day of one month, one in ten over several days."""
    campaign, union = current_campaign(), Organisation.objects.get(slug="ud-14")
    if campaign is None:
        raise RuntimeError("no campaign is loaded")
    communes = list(Commune.objects.filter(departement="14").order_by("-population")[:50])
    kinds = [[kind] for kind in DeploymentType.objects.all()]
    for number in track(range(start, stop), f"{stop} actions…", transient=True):
        begins = MONTH + timedelta(days=number % 31, hours=number % 8)
        days = 3 if number % 10 == 7 else 1
        slots = [
            Slot(begins + timedelta(days=day), begins + timedelta(days=day, hours=3))
            for day in range(days)
        ]
        made = create_deployment(
            campaign=campaign, organisation=union, title=f"Tractage sur le marché {number}",
            created_by=None, types=kinds[number % len(kinds)], slots=slots,
            commune=communes[number % len(communes)],
        )  # fmt: skip
        report_deployment(deployment=made, revision=made.revision)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def ask(client: Client, view: str) -> Callable[[], None]:
    address = f"/deploiements/agenda/?vue={view}&le={MONTH:%Y-%m-%d}"

    def get() -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")

    return get


def percentile_95(act: Callable[[], None]) -> float:
    """Milliseconds within which 95 of 100 repetitions end; the first ones are not counted."""
    for _ in range(3):
        act()
    durations = []
    for _ in range(RUNS):
        started = perf_counter()
        act()
        durations.append(perf_counter() - started)
    return quantiles(durations, n=20)[-1] * 1000


def queries_of(act: Callable[[], None]) -> int:
    connection.force_debug_cursor = True
    reset_queries()
    act()
    count = len(connection.queries)
    connection.force_debug_cursor = False
    return count


def measure(acts: dict[str, Callable[[], None]]) -> dict[str, tuple[float, int]]:
    return {
        name: (percentile_95(act), queries_of(act))
        for name, act in track(acts.items(), "Asking…", total=len(acts), transient=True)
    }


def main() -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.SECOND_FACTOR_REQUIRED = False
    # Plain names: nothing is collected for a bench.
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    clients = {name: client_of(name) for name in PEOPLE}
    acts = {
        f"{view}, {name}": ask(client, view) for view in VIEWS for name, client in clients.items()
    }
    fill(0, FEW)
    few = measure(acts)
    fill(FEW, MANY)
    many = measure(acts)
    table = Table(
        "", f"p95, {FEW}", f"p95, {MANY:,}", "ratio", "queries", title="calendar (milliseconds)"
    )
    for column in table.columns[1:]:
        column.justify = "right"
    for name in acts:
        (before, asked_before), (after, asked) = few[name], many[name]
        table.add_row(
            name, f"{before:.1f}", f"{after:.1f}", f"{after / before:.2f}",
            f"{asked_before} → {asked}",
        )  # fmt: skip
    Console().print(table)


if __name__ == "__main__":
    main()

"""Agendas read by a program people use: vdirsyncer subscribes to one of the running site."""

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from deployments import actions, feeds
from deployments.enums import FeedKind
from deployments.models import Deployment
from territory.models import Commune
from tests.deployments.factories import PARIS, make_deployment, slot
from tests.e2e.site import Site
from tests.factories import make_user

REUNION = ZoneInfo("Indian/Reunion")
CONFIG = """
[general]
status_path = "{folder}/status/"
[pair agenda]
a = "telephone"
b = "site"
collections = null
conflict_resolution = "b wins"
partial_sync = "revert"
[storage site]
type = "http"
url = "{address}"
[storage telephone]
type = "filesystem"
path = "{folder}/events/"
fileext = ".ics"
"""


@dataclass
class Telephone:
    """A folder kept by vdirsyncer, one file an event. A warning of the program is an error."""

    folder: Path

    def subscribe(self, address: str) -> None:
        (self.folder / "events").mkdir()
        config = CONFIG.format(folder=self.folder, address=address)
        (self.folder / "config").write_text(config, encoding="utf-8")
        assert self._run("discover").returncode == 0

    def sync(self) -> subprocess.CompletedProcess[str]:
        return self._run("sync")

    def files(self) -> dict[str, Event]:
        """By title, the event of each file."""
        found = {}
        for path in (self.folder / "events").iterdir():
            (event,) = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
            found[str(event["summary"])] = event
        assert len(found) == len(list((self.folder / "events").iterdir()))
        return found

    def _run(self, verb: str) -> subprocess.CompletedProcess[str]:
        program = [sys.executable, "-W", "error", "-m", "vdirsyncer"]
        return subprocess.run(
            [*program, "-c", str(self.folder / "config"), verb],
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder)},
            capture_output=True,
            text=True,
            timeout=60,
        )


def move(deployment: Deployment, start: datetime) -> None:
    actions.move_deployment(deployment=deployment, revision=deployment.revision, starts_at=start)


def hours_of(event: Event) -> tuple[datetime, datetime]:
    return event["dtstart"].dt, event["dtend"].dt


@pytest.fixture
def telephone(tmp_path: Path) -> Telephone:
    return Telephone(tmp_path)


def test_a_program_follows_an_agenda_and_keeps_its_copy_once_it_is_taken_back(
    site: Site, telephone: Telephone
) -> None:
    owner = make_user("staff", "confederation")
    feed, secret = feeds.open_feed(user=owner, kind=FeedKind.EVERYTHING)
    start = datetime(2027, 3, 10, 9, tzinfo=PARIS)
    still, moved, renamed, dropped = (
        make_deployment(title=title, slots=[slot(start)])
        for title in ("Intacte", "Déplacée", "Nommée", "Annulée")
    )
    telephone.subscribe(site.address(f"/deploiements/agendas/{secret}.ics"))
    assert telephone.sync().returncode == 0
    before = telephone.files()
    assert before.keys() == {"Intacte", "Déplacée", "Nommée", "Annulée"}

    move(moved, start + timedelta(days=1))
    actions.change_deployment(
        deployment=renamed, revision=renamed.revision, title="Marché de Noël, place Royale"
    )
    actions.cancel_deployment(deployment=dropped, revision=dropped.revision, reason="Tempête")
    second = telephone.sync()
    after = telephone.files()
    assert second.returncode == 0
    assert second.stderr.count("Copying") == second.stderr.count("Deleting") == 3
    assert after["Intacte"].to_ical() == before["Intacte"].to_ical()
    assert hours_of(after["Déplacée"])[0] == start + timedelta(days=1)
    assert "Marché de Noël, place Royale" in after
    assert "Nommée" not in after
    assert (before["Annulée"]["status"], after["Annulée"]["status"]) == ("CONFIRMED", "CANCELLED")

    feeds.revoke_feed(feed=feed)
    actions.archive_deployment(deployment=still, revision=still.revision)
    refused = telephone.sync()
    assert refused.returncode != 0
    assert "Not Found" in refused.stderr
    assert telephone.files().keys() == after.keys()


def test_hours_are_right_overseas_and_over_the_change_of_clocks(
    site: Site, telephone: Telephone
) -> None:
    """Nine in the morning on the wall, whatever the place and the season."""
    _, secret = feeds.open_feed(user=make_user("staff", "confederation"), kind=FeedKind.EVERYTHING)
    for day in (27, 28):
        start = datetime(2027, 3, day, 9, tzinfo=PARIS)
        make_deployment(title=f"Caen le {day}", slots=[slot(start)])
    make_deployment(
        title="Saint-Denis", commune=Commune.objects.get(pk="97411"),
        slots=[slot(datetime(2027, 3, 28, 9, tzinfo=REUNION))],
    )  # fmt: skip
    telephone.subscribe(site.address(f"/deploiements/agendas/{secret}.ics"))
    assert telephone.sync().returncode == 0
    starts = {title: hours_of(event)[0] for title, event in telephone.files().items()}
    assert starts == {
        "Caen le 27": datetime(2027, 3, 27, 8, tzinfo=UTC),
        "Caen le 28": datetime(2027, 3, 28, 7, tzinfo=UTC),
        "Saint-Denis": datetime(2027, 3, 28, 5, tzinfo=UTC),
    }

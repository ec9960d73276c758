"""A trial of the whole way from tablets to contacts: cut connections, two tabs, replays.

What it asks of the figures: no record lost, nobody twice. The command `stress_capture` prints them.
"""

import http.client
import json
import random
import socket
import string
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.db import connections, transaction
from django.utils import timezone

from contacts.models import Capture, Contact
from contacts.rules import current_wordings
from field.actions import open_device, open_session
from field.enums import RecordState
from field.models import FieldDevice, FieldSession, SealedRecord
from field.opening import open_waiting_records
from field.rules import current_sealing_key
from field.sealing import seal
from organisations.models import Organisation, User

BATCH = 200
PATIENCE = 30.0
NUMBERS = 10_000  # 06 39 98 00 00 to 06 39 98 99 99, kept for fiction by the regulator
Progress = Callable[[int], None]


class Cut(StrEnum):
    """Where the network goes away during a post."""

    NEVER = "never"
    BEFORE = "before the commit"
    DURING = "during the commit"
    AFTER = "after the commit"


@dataclass(frozen=True)
class Plan:
    url: str
    tablets: int = 3
    records: int = 1_000
    replays: int = 10
    tabs: int = 2
    openers: int = 2
    # Share of the posts whose connection is cut, a third of them at each place.
    cut_share: float = 0.5


@dataclass
class Figures:
    sent: int
    cuts: Counter[Cut] = field(default_factory=Counter)
    posts: int = 0
    replayed: int = 0
    lost: int = 0
    doubled: int = 0
    to_correct: int = 0
    seconds: float = 0.0

    @property
    def is_perfect(self) -> bool:
        return self.lost == self.doubled == self.to_correct == 0


class TrialTablet:
    """One tablet with several tabs: posts what it holds until each record is said to be stored."""

    def __init__(self, plan: Plan, device: FieldDevice, secret: str, records: list[Any]) -> None:
        self.plan, self.secret, self.records = plan, secret, records
        self.random = random.Random(device.pk)  # noqa: S311 – a trial, not a secret
        self.pending = {record["capture_id"]: record for record in records}
        self.lock = threading.Lock()
        self.cuts: Counter[Cut] = Counter()
        self.posts = 0

    def sync(self, progress: Progress) -> None:
        """One tab's work: batches of what is pending, in any order, whatever the network does."""
        deadline = time.monotonic() + PATIENCE * 10
        while batch := self._choose():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self.pending)} records were never stored")
            cut = Cut.NEVER
            if self.random.random() < self.plan.cut_share:
                cut = self.random.choice([Cut.BEFORE, Cut.DURING, Cut.AFTER])
            stored = post(self.plan.url, self.secret, batch, cut)
            with self.lock:
                self.posts += 1
                self.cuts[cut] += 1
                left = len(self.pending)
                for capture_id in stored:
                    self.pending.pop(capture_id, None)
                progress(left - len(self.pending))

    def _choose(self) -> list[Any]:
        with self.lock:
            records = list(self.pending.values())
            self.random.shuffle(records)
        return records[:BATCH]

    def replay(self) -> int:
        """Post everything again, in another order; returns the number of records."""
        records = list(self.records)
        self.random.shuffle(records)
        rows = iter(records)
        while batch := list(islice(rows, BATCH)):
            post(self.plan.url, self.secret, batch, Cut.NEVER)
        return len(records)


def post(url: str, secret: str, records: list[Any], cut: Cut) -> list[str]:
    """Post a batch; what the server said is stored, as far as the tablet could hear it."""
    body = json.dumps({"records": records, "unsent": len(records)}).encode()
    parts = urlsplit(url)
    wire = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    with closing(wire):
        wire.putrequest("POST", "/terrain/envoi/")
        wire.putheader("Content-Type", "application/json")
        wire.putheader("Content-Length", str(len(body)))
        wire.putheader("X-Requested-With", "tablette")
        wire.putheader("Cookie", f"tablette={secret}")
        wire.endheaders()
        wire.send(body[: len(body) // 2] if cut == Cut.BEFORE else body)
        if cut in (Cut.BEFORE, Cut.DURING):
            _hang_up(wire)
            return []
        answer = wire.getresponse()
        if cut == Cut.AFTER:
            return []
        content = json.loads(answer.read())
    if answer.status != 200:
        raise RuntimeError(f"the server answered {answer.status}: {content}")
    return [each["capture_id"] for each in content["answers"] if each["status"] == "stored"]


def _hang_up(wire: http.client.HTTPConnection) -> None:
    """As a network does: nothing is read any more, nothing is said."""
    if wire.sock is not None:
        wire.sock.shutdown(socket.SHUT_RDWR)


class Trial:
    """Opens a session with its tablets, seals the records, runs, counts, and cleans up."""

    def __init__(self, plan: Plan, *, organisation: Organisation, author: User) -> None:
        self.plan = plan
        today = timezone.localdate()
        self.session: FieldSession = open_session(
            organisation=organisation, label="Essai de charge", starts_on=today, ends_on=today,
            created_by=author,
        )  # fmt: skip
        self.word = "".join(random.sample(string.ascii_lowercase, 6))
        self.names: list[str] = []
        opened = [
            open_device(session=self.session, first_name=f"Essai {number}", goal=5)
            for number in range(plan.tablets)
        ]
        self.tablets = [
            TrialTablet(plan, device, secret, list(self._sealed(device)))
            for device, secret in opened
        ]

    def _sealed(self, device: FieldDevice) -> Iterator[dict[str, str]]:
        key = current_sealing_key().public_jwk
        called = [wording.pk for wording in current_wordings() if wording.channel == "call"]
        turn = {"id": str(uuid4()), "first_name": device.first_name, "goal": 5}
        for _ in range(self.plan.records):
            number, capture_id = len(self.names), str(uuid4())
            # Everybody has a name of their own: that is how somebody who exists twice is found.
            self.names.append(f"Essai {self.word} {_in_letters(number)}")
            content = {
                "v": 1, "capture_id": capture_id, "first_name": self.names[-1],
                "phone": f"06 39 98 {number % NUMBERS // 100:02} {number % 100:02}", "email": "",
                "trade": "boulanger", "postcode": "14000", "commune": "Caen", "consents": called,
                "wishes": [], "note": "", "language": "fr",
                "device_time": timezone.now().isoformat(), "turn": turn,
            }  # fmt: skip
            yield {
                "capture_id": capture_id, "session": str(self.session.public_id),
                "device": str(device.public_id), "sealed": seal(content, key),
            }  # fmt: skip

    def run(self, progress: Progress) -> Figures:
        """Sync every tablet from every tab while workers open; then replay; then count."""
        figures = Figures(sent=len(self.names))
        started = time.monotonic()
        with self._openers():
            self._all(lambda tablet: tablet.sync(progress), times=self.plan.tabs)
            for done in self._all(TrialTablet.replay, times=self.plan.replays):
                figures.replayed += done
        while open_waiting_records():
            pass
        figures.seconds = time.monotonic() - started
        for tablet in self.tablets:
            figures.cuts += tablet.cuts
            figures.posts += tablet.posts
        self._count(figures)
        return figures

    def _all(self, act: Callable[[TrialTablet], Any], *, times: int) -> list[Any]:
        with ThreadPoolExecutor(len(self.tablets) * self.plan.tabs) as pool:
            acts = [tablet for tablet in self.tablets for _ in range(times)]
            running: list[Future[Any]] = [pool.submit(act, tablet) for tablet in acts]
            return [done.result() for done in running]

    @contextmanager
    def _openers(self) -> Iterator[None]:
        """Workers of our own beside those of the site, if any."""
        stop = threading.Event()

        def work() -> None:
            try:
                while not stop.is_set():
                    if not open_waiting_records(seconds=5):
                        stop.wait(0.05)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(max(self.plan.openers, 1)) as pool:
            running = [pool.submit(work) for _ in range(self.plan.openers)]
            try:
                yield
            finally:
                stop.set()
                for done in running:
                    done.result()

    @property
    def _capture_ids(self) -> list[UUID]:
        return [UUID(row["capture_id"]) for tablet in self.tablets for row in tablet.records]

    def _count(self, figures: Figures) -> None:
        # A capture of nobody keeps nobody: it counts as lost.
        captures = Capture.objects.filter(capture_id__in=self._capture_ids, contact__isnull=False)
        records = SealedRecord.objects.filter(capture_id__in=self._capture_ids)
        figures.to_correct = records.filter(state=RecordState.TO_CORRECT).count()
        figures.lost = figures.sent - captures.count() - figures.to_correct
        people = Contact.objects.filter(first_name__in=self.names)
        figures.doubled = people.count() - people.values("first_name").distinct().count()

    @transaction.atomic
    def clean_up(self) -> None:
        """Leave nothing behind: the people of the trial do not exist."""
        Contact.objects.filter(first_name__in=self.names).delete()
        SealedRecord.objects.filter(capture_id__in=self._capture_ids).delete()
        Capture.objects.filter(source=self.session.source).delete()
        self.session.devices.all().delete()
        source = self.session.source
        self.session.delete()
        source.delete()


def _in_letters(number: int) -> str:
    """12 → “bc”: digits are no part of a first name."""
    return "".join(string.ascii_lowercase[int(digit)] for digit in str(number))

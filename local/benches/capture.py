"""From a tablet to the contacts: one record at a time, and thousands at once.

A single record is compared with a bare Django view that inserts one row, behind the same server;
thousands go all the way, decryption and search for duplicates included, opened by two workers.
"""

import django

django.setup()

import http.client  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import random  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from concurrent.futures import ThreadPoolExecutor  # noqa: E402
from pathlib import Path  # noqa: E402
from uuid import uuid4  # noqa: E402

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from contacts.models import Contact  # noqa: E402
from contacts.rules import current_wordings  # noqa: E402
from core.text import fold  # noqa: E402
from field.actions import ensure_sealing_key, open_device, open_session  # noqa: E402
from field.bells import ring_for_records  # noqa: E402
from field.enums import RecordState  # noqa: E402
from field.models import FieldDevice, SealedRecord  # noqa: E402
from field.rules import current_sealing_key  # noqa: E402
from field.sealing import seal  # noqa: E402
from local.processes import Family  # noqa: E402
from local.run import answers  # noqa: E402
from local.state import ROOT, free_port  # noqa: E402
from organisations.models import Organisation, User  # noqa: E402
from territory.models import Commune  # noqa: E402

# What `local.bare` inserts into.
TABLE = "CREATE TABLE bench_row (id bigserial PRIMARY KEY, text text NOT NULL)"
KNOWN = int(os.environ.get("KNOWN", "20000"))
RECORDS = int(os.environ.get("RECORDS", "8000"))
SECONDS, ROUNDS, CLIENTS, BATCH = 4.0, 3, 4, 200
# A tenth of those met are known already: by their number, in the same first name.
SHARE_KNOWN = 0.1
NAMES = ("Marie", "Paul", "Zoé", "Karim", "Léa", "Irène", "Fatou", "Inès")


def phone_of(number: int) -> str:
    """A number of the plan for mobiles; nothing is ever sent from here."""
    return f"+336{20_000_000 + number}"


def make_known() -> None:
    """People met before, among whom duplicates are searched."""
    caen = Commune.objects.select_related("departement").get(pk="14118")
    people = [
        Contact(
            first_name=NAMES[number % 8], phone=phone_of(number), postcode="14000",
            commune=caen, departement=caen.departement,
            search_text=fold(f"{NAMES[number % 8]} {phone_of(number)} 14000 caen"),
        )
        for number in range(KNOWN)
    ]  # fmt: skip
    Contact.objects.bulk_create(people, batch_size=5_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE contacts_contact")


class Sealer:
    """Makes sealed records, before anything is timed."""

    def __init__(self) -> None:
        self.chance = random.Random(1)
        self.key = current_sealing_key().public_jwk
        # Calls only: confirmations would set the same workers to delivering mails.
        self.ticked = [wording.pk for wording in current_wordings() if wording.channel == "call"]
        rows = Commune.objects.filter(departement="14").order_by("pk")
        self.places = list(rows.values_list("name", "postcodes"))
        self.made = KNOWN

    def body(self, device: FieldDevice, count: int) -> bytes:
        records = [self.record(device) for _ in range(count)]
        return json.dumps({"records": records, "unsent": 0, "oldest": None}).encode()

    def record(self, device: FieldDevice) -> dict[str, str]:
        self.made += 1
        is_known = self.chance.random() < SHARE_KNOWN
        number = self.chance.randrange(KNOWN) if is_known else self.made
        commune, postcodes = self.chance.choice(self.places)
        content = {
            "v": 1, "capture_id": str(uuid4()), "first_name": NAMES[number % 8],
            "phone": phone_of(number), "email": f"p{number}@example.org", "trade": "boulanger",
            "postcode": postcodes[0], "commune": commune, "consents": self.ticked,
            "wishes": ["call-back"], "note": "", "language": "fr",
            "device_time": timezone.now().isoformat(),
            "turn": {"id": str(device.public_id), "first_name": "Zoé", "goal": 5},
        }  # fmt: skip
        return {
            "capture_id": str(content["capture_id"]), "device": str(device.public_id),
            "sealed": seal(content, self.key),
        }  # fmt: skip


class Client:
    """One connection that stays open, as a browser's."""

    def __init__(self, port: int, path: str, secret: str) -> None:
        self.wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.path = path
        self.headers = {
            "Content-Type": "application/json", "X-Requested-With": "tablette",
            "Cookie": f"tablette={secret}",
        }  # fmt: skip

    def post(self, body: bytes) -> None:
        self.wire.request("POST", self.path, body, self.headers)
        answer = self.wire.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{self.path} answered {answer.status}: {said[:200]!r}")


def rate(clients: Sequence[Client], bodies: Sequence[list[bytes]]) -> float:
    """Posts per second, each client taking its own bodies one after another."""
    deadline = time.perf_counter() + SECONDS

    def work(client: Client, own: list[bytes]) -> int:
        done = 0
        while own and time.perf_counter() < deadline:
            client.post(own.pop())
            done += 1
        return done

    started = time.perf_counter()
    with ThreadPoolExecutor(len(clients)) as pool:
        done = sum(pool.map(work, clients, bodies))
    return done / (time.perf_counter() - started)


class Bench:
    def __init__(self, family: Family) -> None:
        self.family = family
        self.session = open_session(
            organisation=Organisation.objects.get(slug="ud-14"), label="Bench",
            starts_on=timezone.localdate(), ends_on=timezone.localdate(),
            created_by=User.objects.create_user("bench@example.org", first_name="Camille"),
        )  # fmt: skip
        ensure_sealing_key()
        self.sealer = Sealer()
        self.web = self.start_web("web", "tpe_campaign.wsgi:application")
        self.bare = self.start_web("bare", "local.bare:application")

    def start_web(self, name: str, application: str) -> int:
        port = free_port()
        options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws"]
        options += ["--workers", "1", "--blocking-threads", "4"]
        web = self.family.start(
            name, [sys.executable, "-m", "granian", *options, application],
            environment=os.environ | {"ALLOWED_HOSTS": "127.0.0.1"}, folder=ROOT,
        )  # fmt: skip
        self.family.wait_until(answers(f"http://127.0.0.1:{port}/healthz"), web, timeout=60)
        return port

    def open_tablets(self) -> tuple[list[FieldDevice], list[Client]]:
        """New ones for each round: a device that sends too much for a day is slowed down."""
        opened = [
            open_device(session=self.session, first_name="Zoé", goal=5) for _ in range(CLIENTS)
        ]
        tablets = [Client(self.web, "/terrain/envoi/", secret) for _, secret in opened]
        return [device for device, _ in opened], tablets

    def time_singles(self) -> tuple[float, float]:
        """Records and bare rows per second: the best of rounds that take turns."""
        rows, records = [], []
        for _ in range(ROUNDS):
            devices, tablets = self.open_tablets()
            bodies = [
                [self.sealer.body(device, 1) for _ in range(int(SECONDS * 400))]
                for device in devices
            ]
            plain = [Client(self.bare, "/", "") for _ in devices]
            rows.append(rate(plain, [list(own) for own in bodies]))
            records.append(rate(tablets, bodies))
        return max(records), max(rows)

    def time_batches(self) -> tuple[float, float]:
        """Records per second, until they are stored and until all of them are captures."""
        each = RECORDS // BATCH // CLIENTS
        devices, tablets = self.open_tablets()
        bodies = [[self.sealer.body(device, BATCH) for _ in range(each)] for device in devices]
        count = each * CLIENTS * BATCH
        started = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda pair: [pair[0].post(body) for body in pair[1]],
                          zip(tablets, bodies, strict=True)))  # fmt: skip
        stored = time.perf_counter() - started
        await_captures()
        return count / stored, count / (time.perf_counter() - started)

    def start_workers(self) -> None:
        arguments = ["worker", "--pool", "prefork", "--concurrency", "2", "--loglevel", "warning"]
        self.family.start(
            "workers", [sys.executable, "-m", "celery", "-A", "tpe_campaign", *arguments],
            environment=dict(os.environ), folder=ROOT,
        )  # fmt: skip


def await_captures() -> None:
    """Wait for the workers; all that was sent is good, so none may wait for a human."""
    deadline = time.monotonic() + 300
    while waiting := SealedRecord.objects.exclude(state=RecordState.CAPTURED).count():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{waiting} records were not captured")
        time.sleep(0.05)


def main() -> None:
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    make_known()
    with tempfile.TemporaryDirectory() as folder, Family(log_folder=Path(folder)) as family:
        bench = Bench(family)
        single, row = bench.time_singles()
        bench.start_workers()
        # What beat does twice a minute.
        ring_for_records()
        await_captures()
        stored, captured = bench.time_batches()
    table = Table("", "per second", "× one row", title=f"capture, {KNOWN} people known")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, figure in (
        ("a bare view inserts one row", row),
        ("a record is stored (one per post)", single),
        ("records stored (200 per post)", stored),
        ("records captured, all included", captured),
    ):
        table.add_row(name, f"{figure:.0f}", f"{figure / row:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()

"""How fast a long list goes in and out again, and how much memory it takes.

`LINES` of them, 100 000 unless the environment says otherwise.
"""

import django

django.setup()

import io  # noqa: E402
import os  # noqa: E402
import random  # noqa: E402
import resource  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from datetime import date  # noqa: E402
from typing import Any  # noqa: E402

from imports import actions  # noqa: E402
from imports.enums import ConsentOrigin  # noqa: E402
from imports.models import ContactImport  # noqa: E402
from imports.work import Worker  # noqa: E402
from organisations.models import Organisation, User  # noqa: E402
from territory.models import Commune  # noqa: E402

LINES = int(os.environ.get("LINES", "100000"))
NAMES = ("Marie", "Paul", "Zoé", "Karim", "Léa", "Irène", "Jean-Luc", "Fatou", "Inès")
TRADES = ("coiffeuse", "Boulanger", "maçon", "assistante maternelle", "vendeuse", "")
WORDS = "J’accepte d’être contacté·e pour les élections dans les très petites entreprises."


def make_list() -> bytes:
    """People who do not exist, everywhere in France. Numbers of the plan for mobiles."""
    chance = random.Random(1)
    places = Commune.objects.order_by("pk").values_list("postcodes", flat=True)
    postcodes = [code for codes in places for code in codes]
    rows = ["Prénom;Téléphone;E-mail;Métier;Code postal"]
    for number in range(LINES):
        phone = f"06{10_000_000 + number:08d}"
        who = f"{chance.choice(NAMES)};{phone};p{number}@example.org"
        rows.append(f"{who};{chance.choice(TRADES)};{chance.choice(postcodes)}")
    return "\n".join(rows).encode()


def open_list(data: bytes) -> ContactImport:
    union = Organisation.objects.get(slug="ud-14")
    user = User.objects.create_user("bench@example.org", first_name="Camille")
    return actions.open_import(
        organisation=union, user=user, label="Liste", file=io.BytesIO(data), file_name="liste.csv",
        size=len(data), largest=len(data),
    )  # fmt: skip


def work(contact_import: ContactImport) -> None:
    worker = Worker(contact_import)
    while worker.advance():
        pass


def declare(contact_import: ContactImport) -> None:
    actions.declare_consent(
        contact_import=contact_import, origin=ConsentOrigin.PAPER, consented_on=date(2026, 1, 5),
        words=WORDS, circumstances="", channels=["email", "sms", "call"],
        asked_to_be_called=True, sends_welcome=False,
    )  # fmt: skip


def timed(step: str, act: Callable[[], Any]) -> Any:
    start, cpu = time.perf_counter(), time.process_time()
    answer = act()
    took, cpu = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{step:8} {took:7.1f} s {LINES / took:9,.0f} lines/s   "
        f"worker alone {LINES / cpu:9,.0f} lines/s   peak {peak} MB",
        flush=True,
    )
    return answer


if __name__ == "__main__":
    data = make_list()
    print(f"{LINES:,} lines, {len(data) / 1e6:.1f} MB")
    sent: ContactImport = timed("read", lambda: open_list(data))
    declare(sent)
    timed("check", lambda: work(sent))
    actions.confirm_import(contact_import=sent)
    timed("import", lambda: work(sent))
    actions.undo_import(contact_import=sent)
    timed("undo", lambda: work(sent))

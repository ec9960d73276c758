"""The tablet in the words of an activist, and what a finder of the tablet could read in it."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, expect

from contacts.models import Capture
from field.actions import open_device, open_session
from field.models import FieldDevice, FieldSession, ReferenceFile
from field.opening import open_waiting_records
from field.reference import refresh_reference_file
from tests.factories import get_organisation, make_user

SESSION = "Marché de Caen"
SENT = "Tout est envoyé"
# The file takes a second to compress: it is made once per test process.
_reference: list[ReferenceFile] = []

IS_KEPT = """async () => {
  await navigator.serviceWorker.ready;
  const cache = await caches.open("terrain-reference");
  return (await cache.keys()).length > 0;
}"""
# Every text in the browser's stores but the reference file: databases, caches, storage, cookies.
EVERYTHING_KEPT = """async () => {
  const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const words = (value) => {
    if (value instanceof CryptoKey) return `key, extractable: ${value.extractable}`;
    const isBinary = value instanceof ArrayBuffer || ArrayBuffer.isView(value);
    if (isBinary) return new TextDecoder().decode(value);
    if (value && typeof value === "object") return Object.values(value).map(words).join(" ");
    return String(value);
  };
  for (const { name } of await indexedDB.databases()) {
    const db = await done(indexedDB.open(name));
    for (const store of db.objectStoreNames) {
      const rows = db.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([done(rows.getAllKeys()), done(rows.getAll())]);
      found.push(store, words(keys), words(values));
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    if (name === "terrain-reference") continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) found.push(await (await cache.match(request)).text());
  }
  return found.join("\\n");
}"""


def make_session(label: str = SESSION) -> FieldSession:
    """A session of the local union of Caen, open today."""
    today = timezone.localdate()
    return open_session(
        organisation=get_organisation("ul-caen"),
        label=label,
        starts_on=today,
        ends_on=today + timedelta(days=1),
        created_by=make_user("staff", "ul-caen"),
    )


def enrol(context: BrowserContext, session: FieldSession, **fields: object) -> FieldDevice:
    """Make a browser a device of the session, as scanning its QR code does."""
    prepare_reference()
    who = {"first_name": "Léa", "goal": 10} | fields
    device, secret = open_device(session=session, **who)  # type: ignore[arg-type]
    cookie = {"name": "tablette", "value": secret, "domain": "localhost", "path": "/"}
    kept = {"expires": time.time() + 86_400, "httpOnly": True, "sameSite": "Strict"}
    context.add_cookies([cookie | kept])  # type: ignore[list-item]
    return device


def prepare_reference() -> None:
    if not _reference:
        _reference.append(refresh_reference_file())
    ReferenceFile.objects.bulk_create(_reference, ignore_conflicts=True)


def open_records() -> list[Capture]:
    """What the worker does with the sealed records; returns every capture there is."""
    open_waiting_records()
    return list(Capture.objects.select_related("contact").order_by("pk"))


@dataclass
class TabletPage:
    """The one screen of the tablet."""

    page: Page

    def open(self) -> None:
        self.page.goto("/terrain/")
        self.expect_open()

    def expect_open(self) -> None:
        expect(self.page.get_by_role("heading", name=SESSION)).to_be_visible()
        expect(self.trades.first).to_be_visible()

    def wait_until_kept(self) -> None:
        """The page and the reference file are in the device: the network may go."""
        assert self.page.evaluate(IS_KEPT)

    def field(self, name: str) -> Locator:
        return self.page.locator("[data-form]").get_by_role("textbox", name=name)

    @property
    def trades(self) -> Locator:
        return self.page.locator("[data-picker=trade] .chip")

    @property
    def waiting(self) -> Locator:
        """How many records wait, in the bar."""
        return self.page.locator("[data-pill]")

    @property
    def count(self) -> Locator:
        return self.page.locator("[data-count]")

    @property
    def problems(self) -> Locator:
        return self.page.locator("[data-problems]")

    @property
    def warning(self) -> Locator:
        return self.page.locator("[data-warning]")

    def consent(self, words: str) -> Locator:
        return self.page.locator("[data-consents]").get_by_role("checkbox", name=words)

    def look_for(self, kind: str, text: str) -> Locator:
        """The suggestions for a trade (« métier ») or a place (« commune »)."""
        self.page.get_by_role("combobox", name=f"Chercher un{kind}").fill(text)
        return self.page.get_by_role("option").locator("visible=true")

    def choose(self, kind: str, text: str) -> None:
        self.look_for(kind, text).first.click()

    def fill(self, first_name: str = "Maëlle", phone: str = "06 39 98 00 23") -> None:
        """A person as one meets most: a number, a trade, a place, SMS."""
        self.field("Prénom").fill(first_name)
        self.field("Téléphone").fill(phone)
        self.choose(" métier", "coiff")
        if not self.page.locator("[data-picker=commune] :checked").count():
            self.choose("e commune", "caen")
        self.consent("SMS").check()

    def save(self) -> None:
        self.page.get_by_role("button", name="Enregistrer").click()

    def expect_saved(self, count: int) -> None:
        expect(self.page.locator("[data-saved]")).to_have_text(f"Enregistré ✓ ({count})")

    def capture(self, *numbers: int) -> None:
        """Save persons whose names and numbers are made from `numbers`."""
        for number in numbers:
            self.fill(f"Personne {chr(65 + number)}", f"06 39 98 01 {number:02d}")
            self.save()
            expect(self.field("Prénom")).to_have_value("")
            expect(self.page.locator("[data-saved]")).to_contain_text("(")

    def texts_kept(self) -> str:
        return str(self.page.evaluate(EVERYTHING_KEPT))


def wait_for_quiet() -> None:
    """Until the site does nothing with the database: a request may outlive its browser."""
    quiet = 0
    while quiet < 3:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            (busy,) = cursor.fetchone()
        quiet = 0 if busy else quiet + 1
        time.sleep(0.03)


def names_of(captures: list[Capture]) -> Counter[str]:
    return Counter(capture.contact.first_name for capture in captures if capture.contact)

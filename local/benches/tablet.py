"""From « Enregistrer » to « Enregistré ✓ » painted, in a browser slowed four times, and its weight.

Saving seals the record (ECDH-ES, A256GCM) and waits for the disk: nothing of it needs the network.
"""

import django

django.setup()

import os  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from datetime import timedelta  # noqa: E402
from pathlib import Path  # noqa: E402
from statistics import median  # noqa: E402

from django.utils import timezone  # noqa: E402
from playwright.sync_api import BrowserContext, Page, sync_playwright  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from field.actions import open_device, open_session  # noqa: E402
from local.boot import IGNORED_STATIC  # noqa: E402
from local.processes import Family  # noqa: E402
from local.run import answers, manage, web_command  # noqa: E402
from local.state import ROOT, free_port  # noqa: E402
from organisations.models import Organisation, User  # noqa: E402

SLOWER = 4
RECORDS = 25
GOAL = 100  # milliseconds
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
WATCH = """() => {
  window.spent = [];
  let pressed;
  addEventListener("click", (event) => {
    if (event.target.closest("[data-save]")) pressed = performance.now();
  }, true);
  const saved = document.querySelector("[data-saved]");
  new MutationObserver(() => {
    if (saved.textContent !== "Enregistré ✓") return;
    requestAnimationFrame(() => setTimeout(() => window.spent.push(performance.now() - pressed)));
  }).observe(saved, { childList: true });
}"""

SAVED = """(number) => new Promise((done) => {
  const look = () => (window.spent.length > number ? done() : setTimeout(look, 20));
  look();
})"""


def start_site(family: Family) -> str:
    family.run("static", manage("collectstatic", "--noinput", "-v", "0", *IGNORED_STATIC),
               environment=dict(os.environ), folder=ROOT)  # fmt: skip
    port = free_port()
    environment = os.environ | {"ALLOWED_HOSTS": "localhost,127.0.0.1"}
    web = family.start("web", web_command(port), environment=environment, folder=ROOT)
    family.wait_until(answers(f"http://127.0.0.1:{port}/healthz"), web, timeout=60)
    return f"http://localhost:{port}"


def enrol(context: BrowserContext) -> None:
    today = timezone.localdate()
    session = open_session(
        organisation=Organisation.objects.get(slug="ud-14"),
        label="Mesure",
        starts_on=today,
        ends_on=today + timedelta(days=1),
        created_by=User.objects.create_user("mesure@example.org"),
    )
    _, secret = open_device(session=session, first_name="Léa", goal=15)
    context.add_cookies(
        [{"name": "tablette", "value": secret, "domain": "localhost", "path": "/",
          "expires": time.time() + 3600}]
    )  # fmt: skip


def capture(page: Page, number: int) -> None:
    page.locator("#first_name").fill(f"Personne {number}")
    page.locator("#phone").fill(f"06 39 98 01 {number:02d}")
    page.locator("[data-picker=trade] .chip").first.click()
    if not page.locator("[data-picker=commune] :checked").count():
        page.locator("#commune-search").fill("caen")
        page.locator("#commune-list [role=option]").first.click()
    page.locator("[name=consent]:enabled").first.check()
    page.locator("[data-save]").click()
    page.evaluate(SAVED, number)


def measure(page: Page) -> tuple[list[float], int]:
    """The durations of the saves, and the bytes of scripts as they came."""
    page.goto("/terrain/")
    page.locator("[data-picker=trade] .chip").first.wait_for(timeout=60_000)
    scripts = page.evaluate(
        "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'))"
        ".reduce((sum, { transferSize }) => sum + transferSize, 0)"
    )
    page.evaluate(WATCH)
    slow = page.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.context.set_offline(True)
    for number in range(RECORDS):
        capture(page, number)
    return page.evaluate("window.spent"), int(scripts)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Family(log_folder=Path(folder)) as family:
        url = start_site(family)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ["CHROMIUM"], args=CHROMIUM
            )
            context = browser.new_context(base_url=url, viewport={"width": 360, "height": 740})
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
            enrol(context)
            spent, scripts = measure(context.new_page())
            browser.close()
    spent.sort()
    table = Table("", "ms", "× goal", title=f"tablet, CPU {SLOWER} times slower, {RECORDS} saves")
    for name, figure in (
        ("median", median(spent)),
        ("19 of 20", spent[int(len(spent) * 0.95)]),
        ("slowest", spent[-1]),
    ):
        table.add_row(name, f"{figure:.0f}", f"{figure / GOAL:.2f}")
    Console().print(table)
    Console().print(f"scripts over the network: {scripts / 1024:.0f} kB")


if __name__ == "__main__":
    main()

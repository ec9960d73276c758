"""Goes through the pages as somebody and notes all there is to say about each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import BrowserContext, Page

from tests.e2e.pages import await_behaviours
from tests.e2e.watch import Watch

WIDTHS = {"1440": {"width": 1440, "height": 900}, "360": {"width": 360, "height": 740}}
AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """async (rules) => {
  const only = rules ? { runOnly: { type: "rule", values: rules } } : {};
  const { violations } = await axe.run(document, { resultTypes: ["violations"], ...only });
  return violations.map(({ id, nodes }) =>
    `${id}: ${nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | ")}`);
}"""
COLOURS = ["color-contrast", "link-in-text-block"]
# The pieces a page is made of: its tags with their classes, in whatever number and order.
PIECE = re.compile(r'<([a-z]\w*)(?:[^>]*?\sclass="([^"]*)")?')


Piece = tuple[str, str]


@dataclass
class Visit:
    """One page as one person met it."""

    role: str
    path: str
    status: int
    policy: str | None = None
    html: str = ""
    complaints: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    @property
    def is_page(self) -> bool:
        return bool(self.html)

    def __str__(self) -> str:
        return f"{self.role} {self.path}"


@dataclass
class Crawler:
    """Keeps the visits. A page made of no other piece than for somebody else is not opened again.

    The frame around it (menu, footer) differs by person: their first page is always opened.
    """

    visits: list[Visit] = field(default_factory=list)
    known: dict[str, set[Piece]] = field(default_factory=dict)

    def follow(self, context: BrowserContext, role: str, paths: Iterable[str]) -> None:
        """Ask for each address, and open those that are pages."""
        watch = Watch()
        watch.follow(context)
        page = context.new_page()
        is_first = True
        for path in paths:
            answer = context.request.get(path, max_redirects=0)
            headers = answer.headers
            visit = Visit(role, path, answer.status, headers.get("content-security-policy", ""))
            self.visits.append(visit)
            if answer.status != 200 or not headers.get("content-type", "").startswith("text/html"):
                continue
            visit.html = answer.text()
            known = self.known.setdefault(path, set())
            pieces = pieces_of(visit.html)
            if is_first or not pieces <= known:
                known |= pieces
                page.goto(path)
                examine(page, visit, watch, whole=is_first)
            is_first = False
        context.close()

    def reach(self, context: BrowserContext, name: str, lead: Callable[[Page], Any]) -> None:
        """Examine the state of a page that `lead` brings about."""
        watch = Watch()
        watch.follow(context)
        page = context.new_page()
        lead(page)
        visit = Visit("state", name, 200, html=page.content())
        self.visits.append(visit)
        examine(page, visit, watch, whole=True)
        context.close()


def pieces_of(html: str) -> set[Piece]:
    """What stands inside the frame of a page."""
    return set(PIECE.findall(html[html.index("<main") : html.index("</main>")]))


def examine(page: Page, visit: Visit, watch: Watch, *, whole: bool) -> None:
    await_behaviours(page)
    visit.violations = violations_of(page, whole=whole)
    visit.complaints = [*watch.complaints]
    watch.complaints.clear()


def violations_of(page: Page, *, whole: bool) -> list[str]:
    """What axe finds, on a computer and a telephone, in light and dark.

    Every rule on the computer; then those about colours, and all again if `whole`: what else
    changes with the width is the frame.
    """
    found = []
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for width, viewport in WIDTHS.items():
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            every_rule = scheme == "light" and (whole or width == "1440")
            said = page.evaluate(RUN_AXE, None if every_rule else COLOURS)
            found += [f"{width} {scheme} {one}" for one in said]
    return found

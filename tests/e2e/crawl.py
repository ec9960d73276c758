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
# What the colours of an element depend on: what it is, what it stands in, and the state of both.
KINDS = """
  const STATES = [
    "aria-current", "aria-invalid", "aria-selected", "data-state", "disabled", "open",
  ];
  const kind = (element) => [
    element.localName, ...[...element.classList].sort(), element.type ?? "",
    ...STATES.filter((name) => element.hasAttribute(name))
      .map((name) => `${name}=${element.getAttribute(name)}`),
  ].join(".");
  const pair = (element) => `${kind(element.parentElement)} > ${kind(element)}`;
  const shown = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility());
"""
PAIRS = f"() => {{ {KINDS} return [...new Set(shown.map(pair))]; }}"
RUN_AXE = f"""async ({{ pairs, ...rules }}) => {{
  {KINDS}
  const wanted = new Set(pairs);
  const where = pairs ? {{ include: shown.filter((one) => wanted.delete(pair(one))) }} : document;
  // To look for locked orientations axe copies imported sheets, which our policy refuses.
  const own = {{ resultTypes: ["violations"], preload: false, ...rules }};
  const {{ violations }} = await axe.run(where, own);
  return violations.map(({{ id, nodes }}) =>
    `${{id}}: ${{nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | ")}}`);
}}"""
COLOURS = ["color-contrast", "link-in-text-block"]
ALL_ELSE = {"rules": {name: {"enabled": False} for name in COLOURS}}
ONLY_COLOURS = {"runOnly": {"type": "rule", "values": COLOURS}}
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

    The frame around it (menu, footer) differs by person: their first page is always opened. Colours
    are judged, at both widths and in both schemes, where an element stands in another than on any
    page before.
    """

    visits: list[Visit] = field(default_factory=list)
    known: dict[str, set[Piece]] = field(default_factory=dict)
    pairs: set[str] = field(default_factory=set)

    def follow(self, context: BrowserContext, role: str, paths: Iterable[str]) -> None:
        """Ask for each address, and open those that are pages."""
        watch = Watch()
        watch.follow(context)
        context.add_init_script(path=AXE)
        page = context.new_page()
        is_first = True
        for path in paths:
            answer = context.request.get(path, max_redirects=0)
            headers = answer.headers
            visit = Visit(role, path, answer.status, headers.get("content-security-policy", ""))
            self.visits.append(visit)
            if answer.status != 200 or not headers.get("content-type", "").startswith("text/html"):
                continue
            if "<main" not in (html := answer.text()):
                continue  # a part of a page, which is visited whole
            visit.html = html
            known = self.known.setdefault(path, set())
            pieces = pieces_of(visit.html)
            if is_first or not pieces <= known:
                known |= pieces
                page.goto(path)
                self.examine(page, visit, watch, whole=is_first)
            is_first = False
        context.close()

    def reach(self, context: BrowserContext, name: str, lead: Callable[[Page], Any]) -> None:
        """Examine the state of a page that `lead` brings about."""
        watch = Watch()
        watch.follow(context)
        context.add_init_script(path=AXE)
        page = context.new_page()
        lead(page)
        visit = Visit("state", name, 200, html=page.content())
        self.visits.append(visit)
        self.examine(page, visit, watch, whole=True)
        context.close()

    def examine(self, page: Page, visit: Visit, watch: Watch, *, whole: bool) -> None:
        await_behaviours(page)
        # The tablet writes its own page: it has a heading once it knows where it is.
        page.locator("h1").locator("visible=true").first.wait_for()
        new = sorted(set(page.evaluate(PAIRS)) - self.pairs)
        self.pairs.update(new)
        visit.violations = violations_of(page, whole=whole, pairs=new)
        visit.complaints = [*watch.complaints]
        watch.complaints.clear()


def pieces_of(html: str) -> set[Piece]:
    """What stands inside the frame of a page."""
    return set(PIECE.findall(html[html.index("<main") : html.index("</main>")]))


def violations_of(page: Page, *, whole: bool, pairs: list[str] | None = None) -> list[str]:
    """What axe finds on a computer; then the colours of `pairs`, of the whole page by default.

    All rules again on a telephone if `whole`: what else changes with the width is the frame.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = []
    for (width, scheme), rules in runs(whole=whole, pairs=pairs).items():
        page.set_viewport_size(WIDTHS[width])  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for one in rules:
            found += [f"{width} {scheme} {said}" for said in page.evaluate(RUN_AXE, one)]
    return found


def runs(*, whole: bool, pairs: list[str] | None) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """What to ask axe, by width and colour scheme."""
    colours = [ONLY_COLOURS | {"pairs": pairs}] if pairs is None or pairs else []
    found: dict[tuple[str, str], list[dict[str, Any]]] = {("1440", "light"): [ALL_ELSE, *colours]}
    if colours:
        found |= {("1440", "dark"): colours, ("360", "dark"): colours}
    if whole or colours:
        found[("360", "light")] = [*([ALL_ELSE] if whole else []), *colours]
    return found

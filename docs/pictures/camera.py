"""The camera: pages of a fixed size and colour scheme, kept as light pictures."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from docs.pictures.site import ADDRESS, PictureSite

IMAGES = Path(__file__).parent.parent / "guide" / "images"
LARGEST = 120_000  # bytes: the guide is read on telephones
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--unsafely-treat-insecure-origin-as-secure={ADDRESS}",
)
# The ribbon says that the people are made up; readers of the guide work with real ones.
STYLE = ".ribbons { display: none }"
IMAGES_DRAWN = "Promise.all([...document.images].map(image => image.decode()))"
END_OF = """
    selector => document.querySelector(selector).getBoundingClientRect().bottom + 24
        + (document.querySelector(".bottombar")?.offsetHeight ?? 0)
"""


@dataclass(frozen=True)
class Screen:
    size: ViewportSize
    scale: float
    tallest: int  # in CSS pixels


PHONE = Screen({"width": 390, "height": 780}, 1.5, 1500)
DESKTOP = Screen({"width": 1120, "height": 760}, 1.0, 1100)


@dataclass
class Camera:
    """Opens pages as somebody, and keeps what is seen."""

    browser: Browser
    site: PictureSite
    taken: set[str] = field(default_factory=set)

    @contextmanager
    def page(self, screen: Screen, persona: str = "") -> Iterator[Page]:
        """A fresh browser, logged in as one of the demonstration if `persona` says so."""
        context = self.browser.new_context(
            base_url=ADDRESS,
            viewport=screen.size,
            device_scale_factor=screen.scale,
            has_touch=screen is PHONE,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            color_scheme="light",
            reduced_motion="reduce",
            bypass_csp=True,
        )
        page = context.new_page()
        if persona:
            page.goto("/demo/")
            page.locator(f"button[name=role][value={persona}]").click()
            page.get_by_role("heading", level=1, name="Bonjour").wait_for()
        yield page
        context.close()

    def take(self, page: Page, name: str, *, until: str = "", keep_focus: bool = False) -> None:
        """Keep the page from its top, down to the end of the first `until` or of the page."""
        screen = PHONE if page.viewport_size == PHONE.size else DESKTOP
        page.wait_for_load_state()
        page.evaluate(IMAGES_DRAWN)
        page.evaluate("window.scrollTo(0, 0)")
        if not keep_focus:
            page.evaluate("document.activeElement?.blur()")
        style = page.add_style_tag(content=STYLE)
        height = page.evaluate(END_OF if until else "document.documentElement.scrollHeight", until)
        # A screen as tall as the picture: what sticks to its bottom is then at its bottom.
        page.set_viewport_size({**screen.size, "height": min(int(height), screen.tallest)})
        picture = page.screenshot(animations="disabled")
        page.set_viewport_size(screen.size)
        style.evaluate("node => node.remove()")
        content = lighten(picture)
        if len(content) > LARGEST:
            raise ValueError(f"{name}.png weighs {len(content)} bytes: show less of the page.")
        (IMAGES / f"{name}.png").write_bytes(content)
        self.taken.add(name)

    def show_mail(self, page: Page, recipient: str, name: str) -> EmailMessage:
        """Keep the latest mail to somebody as their telephone shows it, and return it."""
        mail = self.site.mail_to(recipient)
        body = mail.get_body(("html",))
        page.set_content(body.get_content() if body else "")
        self.take(page, name)
        return mail


def lighten(picture: bytes) -> bytes:
    """The same PNG in 128 colours: a third of its weight, and no visible difference."""
    output = io.BytesIO()
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(128, dither=Image.Dither.NONE).save(output, "PNG", optimize=True)
    return output.getvalue()

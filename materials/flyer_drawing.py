"""The flyer itself: one page, as PDF for paper and as PNG for messaging apps."""

import io
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from campaigns.clock import current_campaign, today
from campaigns.models import Campaign
from contacts.links import source_url
from contacts.models import Source
from contacts.qr import qr_svg
from core.dates import day_of_year, month
from core.pdf import render_pdf
from materials.flyer_enums import FlyerFormat, Ink
from materials.models import FlyerText
from territory.models import Commune

DATA = Path(__file__).parent / "data"
TEMPLATE = "materials/flyers/flyer.html"
# The page that a PNG is made of: as wide as an A5, of the shape that messaging apps show whole.
PHONE = "phone"
PHONE_PIXELS, PHONE_MM = (1080, 1350), 148
# Of the root's text, in points, the largest first: a long text takes the next one.
SIZES: dict[str, tuple[float, ...]] = {
    FlyerFormat.A5: (9.4, 8.9, 8.4, 7.8),
    FlyerFormat.A4: (13.3, 12.6, 11.9, 11.0),
    PHONE: (8.9, 8.4, 7.9, 7.4),
}
POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Layout:
    """How a flyer is printed."""

    format: str = FlyerFormat.A5
    ink: str = Ink.COLOUR
    has_crop_marks: bool = False


@dataclass(frozen=True)
class Flyer:
    """What the template reads."""

    # Only its address and its organisation are read; a preview's is not stored.
    source: Source
    text: FlyerText
    layout: Layout
    # None once the vote is over.
    campaign: Campaign | None
    commune: Commune | None = None

    @property
    def words(self) -> dict[str, str]:
        """The sentences that every flyer of a language shares."""
        return _data("flyer_words.json")[self.text.language]

    @property
    def direction(self) -> str:
        return "rtl" if translation.get_language_info(self.text.language)["bidi"] else "ltr"

    @property
    def who(self) -> str:
        """Whom it speaks to: a trade, and the place if there is one."""
        trade = self.source.trade
        label = trade.label.partition(" (")[0] if trade and self.text.trades else ""
        return " · ".join(
            [label or self.words["everybody"], *([self.commune.name] if self.commune else [])]
        )

    @property
    def classes(self) -> str:
        cut = " cut" if self.layout.has_crop_marks else ""
        return f"{self.layout.format} {self.text.tone}{cut}"

    @property
    def is_low_ink(self) -> bool:
        return self.layout.ink == Ink.LOW

    @property
    def picture(self) -> SafeString:
        drawn = _data("pictograms.json")
        path = drawn.get(self.text.pictogram, drawn["shop"])
        colour = "#000" if self.is_low_ink else "#fff"
        return mark_safe(  # noqa: S308 drawn by us
            '<svg viewBox="0 0 24 24"><path fill="none" stroke-width="1.3" stroke-linecap="round"'
            f' stroke-linejoin="round" stroke="{colour}" d="{path}"/>'
            "</svg>"
        )

    @property
    def qr(self) -> SafeString:
        return mark_safe(qr_svg(source_url(self.source)).decode())  # noqa: S308 drawn by us

    @property
    def address(self) -> str:
        """To be typed by hand: a browser finds the rest."""
        return source_url(self.source).partition("://")[2].rstrip("/")

    @property
    def election(self) -> dict[str, str]:
        """The election, its dates and who may vote, from the row of the edition."""
        if self.campaign is None:
            return {}
        rules, words = self.campaign, self.words
        with translation.override(self.text.language):
            return {
                "name": words["election"].format(year=rules.vote_opens.year),
                "when": words["vote"].format(
                    opens=day_of_year(rules.vote_opens), closes=day_of_year(rules.vote_closes)
                ),
                "voters": words["voters"].format(
                    month=month(rules.employed_in_month),
                    size=rules.max_headcount_exclusive,
                    age=rules.min_age_on_first_day,
                ),
                "helpline": rules.helpline_display,
            }

    @property
    def promise(self) -> str:
        address = settings.SITE_URL + reverse("contacts:privacy")
        with translation.override(self.text.language):
            controller = translation.gettext(settings.DATA_CONTROLLER)
        return self.words["promise"].format(
            address=address.partition("://")[2].rstrip("/"), controller=controller
        )


def campaign_to_print() -> Campaign | None:
    """The edition whose dates a flyer says: none once its vote is over."""
    campaign = current_campaign()
    return campaign if campaign and today(campaign) <= campaign.vote_closes else None


def flyer_pdf(flyer: Flyer) -> bytes:
    """One page; a text that does not fit is set in a smaller size."""
    sizes = SIZES[flyer.layout.format]
    return render_pdf(TEMPLATE, {"flyer": flyer}, one_page_at=sizes)


def flyer_png(flyer: Flyer) -> bytes:
    """1080 × 1350 pixels; `flyer` is laid out for a telephone."""
    return picture_of(flyer_pdf(flyer), scale=PHONE_PIXELS[0] / (PHONE_MM * POINTS_PER_MM))


def picture_of(pdf: bytes, *, scale: float) -> bytes:
    """The first page of a PDF as a PNG; `scale` is in pixels per point."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        image = document[0].render(scale=scale).to_pil()
    finally:
        document.close()
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@cache
def _data(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return found

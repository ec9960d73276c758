"""A flyer opens, has the size it says, carries its fonts, and its QR code leads to its source."""

import io
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from pypdf import PageObject, PdfReader

from campaigns.loading import REFERENCE_EDITION, load_campaign
from contacts.links import source_url
from core.dates import day_of_year
from core.pdf import ForbiddenFetch
from materials import flyer_rules
from materials.flyer_drawing import PHONE, Layout, flyer_pdf, flyer_png, picture_of
from materials.flyer_enums import FlyerFormat, Ink
from materials.models import FlyerText
from territory.models import Commune, Trade
from tests.factories import make_source
from tests.materials.flyer_factories import make_run

MM = 72 / 25.4
PAPER = {FlyerFormat.A5: (148, 210), FlyerFormat.A4: (210, 297)}
LAYOUTS = [Layout(paper, ink, cut) for paper in FlyerFormat for ink in Ink for cut in (False, True)]
# What a page is read at: a screen that shows it whole, a telephone, a printer.
RESOLUTIONS = (96, 150, 300)


@pytest.fixture(autouse=True)
def campaign(db: None) -> Any:
    """Moved by a century, so that its vote is to come."""
    return load_campaign(REFERENCE_EDITION, shift_weeks=5200).campaign


def named(layout: Layout) -> str:
    return f"{layout.format}-{layout.ink}{'-cut' if layout.has_crop_marks else ''}"


def page_of(pdf: bytes) -> PageObject:
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1
    return pages[0]


def size_of(box: Any) -> tuple[float, float]:
    return float(box.width) / MM, float(box.height) / MM


def read_qr(picture: bytes) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]


@pytest.mark.parametrize("layout", LAYOUTS, ids=named)
def test_a_flyer_has_its_size_its_fonts_and_a_qr_code_that_reads(layout: Layout) -> None:
    source = make_source(trade=Trade.objects.get(pk="boulanger"))
    pdf = flyer_pdf(flyer_rules.flyer_of(source, layout))
    page = page_of(pdf)
    assert size_of(page.trimbox) == pytest.approx(PAPER[FlyerFormat(layout.format)], abs=0.1)
    margin = 9 if layout.has_crop_marks else 0
    width, height = PAPER[FlyerFormat(layout.format)]
    assert size_of(page.mediabox) == pytest.approx(
        (width + 2 * margin, height + 2 * margin), abs=0.1
    )
    assert (float(page.trimbox.left) - float(page.bleedbox.left)) / MM >= (3 if margin else 0)
    assert all_fonts_embedded(page)
    for dpi in RESOLUTIONS:
        assert read_qr(picture_of(pdf, scale=dpi / 72)) == [source_url(source)], dpi


def all_fonts_embedded(page: PageObject) -> bool:
    fonts = page["/Resources"]["/Font"]  # type: ignore[index]
    described = [
        descendant.get_object()["/FontDescriptor"]
        for font in fonts.values()
        for descendant in font["/DescendantFonts"]
    ]
    embedded = {"/FontFile", "/FontFile2", "/FontFile3"}
    return bool(described) and all(embedded & set(one) for one in described)


@pytest.mark.parametrize("ink", Ink)
def test_the_picture_for_messaging_is_1080_by_1350_and_its_qr_code_reads(ink: Ink) -> None:
    source = make_source()
    picture = flyer_png(flyer_rules.flyer_of(source, Layout(PHONE, ink)))
    image = Image.open(io.BytesIO(picture))
    assert (image.format, image.size) == ("PNG", (1080, 1350))
    assert read_qr(picture) == [source_url(source)]
    # As a telephone shows it.
    small = io.BytesIO()
    image.resize((360, 450)).save(small, "PNG")
    assert read_qr(small.getvalue()) == [source_url(source)]


@pytest.mark.parametrize("layout", [Layout(), Layout(PHONE)], ids=named)
def test_every_shipped_text_holds_on_one_page_with_all_its_words(layout: Layout) -> None:
    for text in FlyerText.objects.order_by("pk"):
        trades = Trade.objects.filter(pk__in=text.trades).order_by("-label")
        source = make_source(trade=trades.first())
        pdf = flyer_pdf(flyer_rules.flyer_of(source, layout, language=text.language))
        said = "".join(page_of(pdf).extract_text().split())
        latin = [source.organisation.name, "Ne pas jeter sur la voie publique"]
        # Arabic is drawn as shapes that no longer are its letters.
        own = [] if text.language == "ar" else [text.headline, text.rights[-1]]
        for words in (*latin, *own):
            assert "".join(words.split()) in said, text


def test_every_trade_has_words_of_its_own_but_the_other_ones() -> None:
    by_trade = flyer_rules.texts_by_trade()
    assert {trade.pk for trade in Trade.objects.order_by("pk")} - set(by_trade) == {"autre"}
    named_twice = [
        trade
        for text in FlyerText.objects.filter(language="fr").order_by("pk")
        for trade in text.trades
    ]
    assert len(named_twice) == len(set(named_twice))


def test_a_flyer_says_the_dates_of_the_edition_and_none_after_the_vote(campaign: Any) -> None:
    source = make_source()
    said = page_of(flyer_pdf(flyer_rules.flyer_of(source, Layout()))).extract_text()
    opens = day_of_year(campaign.vote_opens)
    assert f"Votez du {opens} au {day_of_year(campaign.vote_closes)}" in said.replace("\n", " ")
    assert f"Élection {campaign.vote_opens.year} dans les très petites entreprises" in said
    load_campaign()
    said = page_of(flyer_pdf(flyer_rules.flyer_of(source, Layout()))).extract_text()
    assert "Votez" not in said
    assert "Élection" not in said


def test_a_flyer_names_the_trade_and_the_place() -> None:
    run = make_run(commune=Commune.objects.get(pk="14118"))
    assert flyer_rules.flyer_of(run.source, Layout()).who == "Coiffeur·se · Caen"


def test_no_text_makes_the_server_fetch_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    outside = "<img src='http://example.org/x.png'>"
    flyer = flyer_rules.flyer_of(make_source(), Layout())
    flyer.text.headline = outside
    assert page_of(flyer_pdf(flyer))
    monkeypatch.setattr("core.pdf.render_to_string", lambda *_: outside)
    with pytest.raises(ForbiddenFetch):
        flyer_pdf(flyer)

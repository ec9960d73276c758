"""One screen in the street: six taps, advice that never blocks, a draft that outlives a battery."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from contacts.enums import Wish
from field.enums import RecordState
from field.links import field_url
from field.models import FieldSession, SealedRecord
from tests.e2e.tablet import (
    SENT,
    TabletPage,
    enrol,
    names_of,
    open_records,
    prepare_reference,
)

NewTablet = Callable[..., BrowserContext]


def test_a_field_qr_code_opens_the_tablet(
    new_tablet: NewTablet, field_session: FieldSession
) -> None:
    prepare_reference()
    page = new_tablet().new_page()
    page.goto("/t/" + field_url(field_session).partition("/t/")[2])
    page.get_by_label("prénom").fill("Nadia")
    page.get_by_role("radio", name="15").check()
    page.get_by_role("button").last.click()

    tablet = TabletPage(page)
    tablet.expect_open()
    expect(page.get_by_role("button", name="Nadia")).to_be_visible()
    expect(tablet.count).to_have_text("0 / 15")


def test_without_a_session_it_asks_for_the_qr_code(
    new_tablet: NewTablet, field_session: FieldSession
) -> None:
    page = new_tablet().new_page()
    page.goto("/terrain/")
    expect(page.get_by_role("heading", name="Scannez le QR code du terrain")).to_be_visible()
    expect(TabletPage(page).warning).to_be_hidden()

    link = page.get_by_label("Ou collez le lien reçu")
    link.fill("https://example.org/t/autre-site/")
    page.get_by_role("button", name="Ouvrir").click()
    expect(page.get_by_text("Ce n’est pas un lien de terrain")).to_be_visible()

    path = "/t/" + field_url(field_session).partition("/t/")[2]
    link.fill(page.url.removesuffix("/terrain/") + path)
    page.get_by_role("button", name="Ouvrir").click()
    page.wait_for_url(f"**{path}")


def test_everything_typed_becomes_the_contact(tablet: TabletPage) -> None:
    tablet.fill()
    tablet.field("ou e-mail").fill("maelle@example.org")
    tablet.consent("e-mail").check()
    tablet.page.get_by_role("checkbox", name="Adhérer").check()
    tablet.page.get_by_text("Ajouter une note").click()
    tablet.field("Note").fill("Passe le mardi")
    tablet.save()
    tablet.expect_saved(1)
    expect(tablet.waiting).to_have_text(SENT)

    (capture,) = open_records()
    contact = capture.contact
    assert contact is not None
    assert (contact.first_name, str(contact.phone), contact.email) == (
        "Maëlle", "+33639980023", "maelle@example.org",
    )  # fmt: skip
    assert (contact.trade_id, contact.postcode, contact.commune_id) == (
        "coiffeur", "14000", "14118",
    )  # fmt: skip
    assert (capture.note, capture.wishes) == ("Passe le mardi", [Wish.JOIN])
    assert capture.activist_name == "Léa"
    assert {consent.wording.channel for consent in contact.consents.all()} == {"email", "sms"}


def test_a_typical_worker_takes_six_taps(tablet: TabletPage) -> None:
    tablet.capture(1)  # the commune and the trade are usual from now on
    page = tablet.page
    expect(tablet.field("Prénom")).to_be_focused()
    page.evaluate(
        "addEventListener('click', () => { window.taps = (window.taps ?? 0) + 1; }, true)"
    )

    page.keyboard.type("Karim")
    tablet.field("Téléphone").click()
    page.keyboard.type("0639980044")
    tablet.trades.filter(has_text="Coiff").click()
    tablet.consent("SMS").click()
    tablet.consent("rappelé").click()
    expect(page.get_by_role("radio", name="Caen")).to_be_checked()
    tablet.save()
    tablet.expect_saved(2)
    expect(tablet.waiting).to_have_text(SENT)
    assert 0 < page.evaluate("taps") <= 6
    assert names_of(open_records())["Karim"] == 1


def test_a_number_that_no_box_speaks_of_is_not_kept(tablet: TabletPage) -> None:
    tablet.fill()
    tablet.consent("SMS").uncheck()
    tablet.field("ou e-mail").fill("maelle@example.org")
    tablet.consent("e-mail").check()
    tablet.save()
    tablet.expect_saved(1)
    expect(tablet.waiting).to_have_text(SENT)
    (capture,) = open_records()
    assert capture.contact is not None
    assert (capture.contact.phone, capture.contact.email) == ("", "maelle@example.org")


def test_boxes_are_unticked_and_wait_for_their_address(tablet: TabletPage) -> None:
    for words in ("e-mail", "SMS", "rappelé"):
        expect(tablet.consent(words)).not_to_be_checked()
        expect(tablet.consent(words)).to_be_disabled()
    tablet.field("Téléphone").fill("06")
    expect(tablet.consent("SMS")).to_be_enabled()
    expect(tablet.consent("e-mail")).to_be_disabled()
    tablet.consent("SMS").check()
    tablet.field("Téléphone").fill("")
    expect(tablet.consent("SMS")).not_to_be_checked()


def test_nothing_is_kept_of_who_gave_no_address_or_no_consent(tablet: TabletPage) -> None:
    tablet.field("Prénom").fill("Maëlle")
    tablet.save()
    expect(tablet.problems).to_have_text("Il faut un téléphone ou un e-mail.")
    tablet.fill()
    tablet.consent("SMS").uncheck()
    for _ in range(2):
        tablet.save()
        expect(tablet.problems).to_contain_text("sans son accord, on ne garde rien")
    expect(tablet.waiting).to_have_text(SENT)
    assert not SealedRecord.objects.exists()


def test_a_doubtful_value_is_saved_all_the_same_and_waits_for_correction(
    tablet: TabletPage,
) -> None:
    tablet.fill(phone="06 39")
    tablet.page.get_by_role("combobox", name="Chercher un métier").fill("Rémouleur")
    tablet.save()
    expect(tablet.problems.get_by_role("listitem")).to_have_text(
        ["Il manque 6 chiffres.", "Il manque le métier."]
    )
    tablet.page.get_by_role("button", name="Enregistrer quand même").click()
    tablet.expect_saved(1)
    expect(tablet.waiting).to_have_text(SENT)
    assert open_records() == []
    record = SealedRecord.objects.get()
    assert record.state == RecordState.TO_CORRECT
    assert {"phone", "trade"} <= set(record.wrong_fields)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("st etienne", "Saint-Étienne 42000 · Loire"),
        ("75011", "Paris 11e 75011 · Paris"),
        ("lyon 3", "Lyon 3e 69003 · Rhône"),
        ("villeurbane", "Villeurbanne 69100 · Rhône"),
        ("97410", "Saint-Pierre 97410 · La Réunion"),
    ],
)
def test_places_are_found_offline(tablet: TabletPage, typed: str, first: str) -> None:
    tablet.page.context.set_offline(True)
    expect(tablet.look_for("e commune", typed).first).to_have_text(first)


@pytest.mark.parametrize(
    ("typed", "first"), [("boulang", "Boulang"), ("coifeur", "Coiffeur"), ("3239", "maternel")]
)
def test_trades_are_found_by_name_slip_or_agreement(
    tablet: TabletPage, typed: str, first: str
) -> None:
    expect(tablet.look_for(" métier", typed).first).to_contain_text(first)


def test_a_slip_in_an_address_is_mended_by_one_tap(tablet: TabletPage) -> None:
    tablet.field("ou e-mail").fill("maelle@gmial.com")
    tablet.field("Prénom").focus()
    expect(tablet.page.get_by_text("Peut-être @gmail.com ?")).to_be_visible()
    tablet.page.get_by_role("button", name="Corriger").click()
    expect(tablet.field("ou e-mail")).to_have_value("maelle@gmail.com")
    expect(tablet.page.get_by_role("button", name="Corriger")).to_be_hidden()


def test_a_sheet_is_filled_with_the_keyboard_alone(tablet: TabletPage) -> None:
    page = tablet.page
    tablet.field("Prénom").focus()
    for text in ("Maëlle", "0639980023"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # no e-mail
    for text in ("coiff", "caen"):
        expect(page.locator(":focus")).to_have_role("combobox")
        page.keyboard.type(text)
        expect(page.get_by_role("option").locator("visible=true").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
    tablet.consent("SMS").focus()
    page.keyboard.press("Space")
    tablet.field("Prénom").focus()
    page.keyboard.press("Control+Enter")
    tablet.expect_saved(1)
    expect(tablet.waiting).to_have_text(SENT)
    assert names_of(open_records())["Maëlle"] == 1


def test_a_draft_outlives_its_tab_and_leaves_on_saving(tablet: TabletPage) -> None:
    tablet.fill()
    tablet.page.get_by_text("Ajouter une note").click()
    tablet.field("Note").fill("Passe le mardi")
    tablet.page.wait_for_timeout(600)  # a pause in typing
    context = tablet.page.context
    tablet.page.close()

    again = TabletPage(context.new_page())
    again.open()
    expect(again.field("Prénom")).to_have_value("Maëlle")
    expect(again.field("Téléphone")).to_have_value("06 39 98 00 23")
    expect(again.field("Note")).to_have_value("Passe le mardi")
    expect(again.page.get_by_role("radio", name="Coiffeur")).to_be_checked()
    expect(again.consent("SMS")).to_be_checked()
    again.save()
    again.expect_saved(1)
    again.page.reload()
    again.expect_open()
    expect(again.field("Prénom")).to_have_value("")


def test_two_tabs_never_share_a_draft(tablet: TabletPage) -> None:
    tablet.field("Prénom").fill("Maëlle")
    tablet.page.wait_for_timeout(600)
    other = TabletPage(tablet.page.context.new_page())
    other.open()
    expect(other.field("Prénom")).to_have_value("")


def test_a_shared_tablet_is_passed_on_in_two_taps(tablet: TabletPage) -> None:
    page = tablet.page
    tablet.capture(1, 2)
    expect(tablet.count).to_have_text("2 / 10")

    passing = page.get_by_role("button", name="Passer la tablette")
    passing.click()
    page.get_by_label("Un autre prénom").fill("Bruno")
    page.get_by_role("radio", name="5 contacts", exact=True).check()
    page.get_by_role("button", name="C’est moi").click()
    expect(tablet.count).to_have_text("0 / 5")
    tablet.capture(3)
    expect(page.get_by_text("Premier contact, bravo !")).to_be_visible()

    passing.click()
    page.get_by_role("dialog").get_by_role("button", name="Léa").click()
    expect(tablet.count).to_have_text("2 / 10")
    expect(tablet.waiting).to_have_text(SENT)
    names = [capture.activist_name for capture in open_records()]
    assert names == ["Léa", "Léa", "Bruno"]


def test_the_names_of_the_day_outlive_a_reload(tablet: TabletPage) -> None:
    tablet.capture(1)
    tablet.page.reload()
    tablet.expect_open()
    expect(tablet.page.get_by_role("button", name="Léa")).to_be_visible()
    expect(tablet.count).to_have_text("1 / 10")


def test_a_new_scan_by_somebody_else_is_a_new_turn(
    tablet: TabletPage, field_session: FieldSession
) -> None:
    tablet.capture(1)
    enrol(tablet.page.context, field_session, first_name="Nadia", goal=5)
    tablet.page.reload()
    tablet.expect_open()
    expect(tablet.count).to_have_text("0 / 5")

"""What pages show when something went wrong, was found, or was opened: how to get there."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.access.world import World
from tests.e2e.pages import CapturePage, RegistrationPage, await_behaviours, heading, visit
from tests.imports.factories import (
    LIST,
    declare,
    make_checked_import,
    make_done_import,
    make_import,
)

PASSWORD = "une petite phrase à moi"
Lead = Callable[[Page, World], object]


def refused_registration(page: Page, world: World) -> None:
    page.goto(f"/i/{world.near.source.code}/")
    RegistrationPage(page).send()
    expect(page.get_by_role("alert")).to_be_visible()


def refused_capture(page: Page, world: World) -> None:
    page.goto("/saisie/")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_be_visible()


def suggestions(page: Page, world: World) -> None:
    capture = CapturePage(page)
    capture.open()
    capture.place.fill("saint")
    expect(capture.suggestions.first).to_be_visible()


def wrong_code(page: Page, world: World) -> None:
    page.goto("/compte/connexion/code/")
    page.get_by_label("Votre adresse e-mail").fill("inconnue@example.org")
    page.get_by_role("button", name="Recevoir mon code").click()
    page.get_by_label("Le code reçu").fill("ZZZZ-ZZZZ")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_text("Ce code n’est pas le bon").first).to_be_visible()


def type_password(page: Page, world: World, password: str) -> None:
    page.goto("/compte/connexion/")
    page.get_by_text("J’ai un mot de passe").click()
    form = page.get_by_role("group")
    form.get_by_label("Votre adresse e-mail").fill(world.people["confederation_admin"].email)
    form.get_by_label("Votre mot de passe").fill(password)
    form.get_by_role("button", name="Se connecter").click()


def wrong_password(page: Page, world: World) -> None:
    type_password(page, world, "pas celui-là")
    expect(page.get_by_role("alert")).to_be_visible()


def second_factor(page: Page, world: World) -> None:
    type_password(page, world, PASSWORD)
    expect(heading(page)).to_have_text("Encore une étape")


def wrong_second_factor(page: Page, world: World) -> None:
    second_factor(page, world)
    page.get_by_label("Votre code").fill("000000")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("alert")).to_be_visible()


def forgotten_form(page: Page, world: World) -> None:
    """A form kept open longer than its cookie."""
    page.goto("/compte/connexion/code/")
    page.get_by_label("Votre adresse e-mail").fill("quelqu-un@example.org")
    page.context.clear_cookies()
    page.get_by_role("button", name="Recevoir mon code").click()
    expect(heading(page)).to_have_text("Cette page est restée ouverte trop longtemps")


def nowhere(page: Page, world: World) -> None:
    page.goto("/nulle-part/")


def foreign_contact(page: Page, world: World) -> None:
    page.goto(f"/contacts/{world.far.contact.pk}/")


def nobody_found(page: Page, world: World) -> None:
    page.goto("/contacts/?q=zzzzzz")


def refused_consents(page: Page, world: World) -> None:
    """An e-mail wanted by somebody who left no address."""
    page.goto(f"/contacts/{world.near.contact.pk}/choix/")
    page.get_by_role("checkbox", name="par e-mail").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_be_visible()


def question(page: Page, world: World) -> None:
    visit(page, f"/sources/{world.near.source.pk}/")
    page.get_by_role("button", name="Fermer ce QR code").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def refused_file(page: Page, world: World) -> None:
    page.goto("/referentiel/communes/")
    file = {"name": "communes.csv", "mimeType": "text/csv", "buffer": b"colonne\nvaleur\n"}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("alert")).to_be_visible()


def on_the_line(page: Page, world: World) -> None:
    """Somebody is being called; the first one here takes them."""
    visit(page, f"/appels/{world.near.twin.follow_ups.get().pk}/")
    if page.get_by_role("button", name="Prendre cet appel").count():
        page.get_by_role("button", name="Prendre cet appel").click()
    await_behaviours(page)
    page.get_by_text("Au clavier").click()
    expect(page.locator("[data-call-left]")).to_be_visible()


def refused_list(page: Page, world: World) -> None:
    visit(page, "/imports/nouvelle/")
    page.get_by_label("Intitulé").fill("Liste")
    file = {"name": "liste.csv", "mimeType": "text/csv", "buffer": b"un texte\n"}
    page.get_by_label("Fichier").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Lire ce fichier").click()
    expect(page.get_by_role("alert")).to_be_visible()


def checked_list(page: Page, world: World) -> None:
    checked = make_checked_import(f"{LIST}Max;12;;astronaute;14000\n", organisation="ul-caen")
    page.goto(f"/imports/{checked.pk}/")


def imported_list(page: Page, world: World) -> None:
    page.goto(f"/imports/{make_done_import(organisation='ul-caen').pk}/")


def list_at_work(page: Page, world: World) -> None:
    page.goto(f"/imports/{declare(make_import(organisation='ul-caen')).pk}/")


def refused_sheet(page: Page, world: World) -> None:
    """A sheet without its number, and a line without a place."""
    visit(page, f"/sources/{world.near.source.pk}/feuilles/saisir/")
    page.get_by_role("textbox", name="Prénom, ligne 2").fill("Zoé")
    page.get_by_role("button", name="Enregistrer la feuille").click()
    expect(page.get_by_role("alert").first).to_be_visible()


STATES: dict[str, tuple[str, Lead]] = {
    "on the line": ("ul_admin", on_the_line),
    "registration refused": ("", refused_registration),
    "capture refused": ("militant", refused_capture),
    "suggestions": ("militant", suggestions),
    "wrong log-in code": ("", wrong_code),
    "wrong password": ("", wrong_password),
    "second factor": ("", second_factor),
    "wrong second factor": ("", wrong_second_factor),
    "form kept too long": ("", forgotten_form),
    "not found": ("", nowhere),
    "foreign contact": ("fd", foreign_contact),
    "nobody found": ("ul_admin", nobody_found),
    "consents refused": ("ul_admin", refused_consents),
    "question before an act": ("ul_admin", question),
    "list refused": ("ul_admin", refused_list),
    "list checked": ("ul_admin", checked_list),
    "list imported": ("ul_admin", imported_list),
    "list at work": ("ul_admin", list_at_work),
    "sheet refused": ("ul_admin", refused_sheet),
    "reference file refused": ("confederation_admin", refused_file),
}

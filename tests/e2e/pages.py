"""The pages, in the words of those who use them."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect


def visit(page: Page, address: str) -> None:
    """Go there, and wait for what JavaScript adds to the page."""
    page.goto(address)
    await_behaviours(page)


def await_behaviours(page: Page) -> None:
    """Wait until every behaviour has started; the tablet has none of the site's."""
    if page.locator('script[src*="js/app"]').count():
        page.locator("html[data-enhanced]").wait_for(state="attached")


def choose_consents(page: Page, *channels: str) -> None:
    """Tick exactly these of `email`, `sms`, `call`."""
    words = {"email": "par e-mail", "sms": "par SMS", "call": "rappelé·e"}
    for channel, word in words.items():
        page.get_by_role("checkbox", name=word).set_checked(channel in channels)


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


@dataclass
class RegistrationPage:
    """Where a QR code leads."""

    page: Page

    def fill(
        self, *, first_name: str, trade: str, postcode: str, phone: str = "", email: str = ""
    ) -> None:
        self.page.get_by_label("Prénom").fill(first_name)
        self.page.get_by_label("Téléphone").fill(phone)
        self.page.get_by_label("Adresse e-mail").fill(email)
        self.page.get_by_label("Métier").select_option(label=trade)
        self.page.get_by_label("Code postal").fill(postcode)

    def send(self) -> None:
        self.page.get_by_role("button", name="Recevoir mes fiches").click()

    def expect_thanks(self) -> None:
        expect(heading(self.page)).to_have_text("C’est noté, merci\u00a0!")


@dataclass
class CapturePage:
    """The activist's form, on a tablet."""

    page: Page

    def open(self) -> None:
        visit(self.page, "/saisie/")

    @property
    def place(self) -> Locator:
        return self.page.get_by_role("combobox", name="Code postal ou commune")

    @property
    def suggestions(self) -> Locator:
        return self.page.get_by_role("listbox").get_by_role("option")

    def fill_person(self, *, first_name: str, phone: str, trade: str) -> None:
        self.page.get_by_label("Prénom").fill(first_name)
        self.page.get_by_label("Téléphone").fill(phone)
        self.page.get_by_label("Métier").select_option(label=trade)

    def save(self) -> None:
        self.page.get_by_role("button", name="Enregistrer").click()


@dataclass
class PersonalPage:
    """The worker's own page, behind the link of the mail."""

    page: Page

    def expect_open(self, first_name: str) -> None:
        expect(heading(self.page)).to_have_text(f"Bonjour {first_name}")

    def value(self, label: str) -> Locator:
        row = self.page.locator(".definitions > div").filter(
            has=self.page.locator("dt", has_text=label)
        )
        return row.locator("dd")

    def save_choices(self) -> None:
        self.page.get_by_role("button", name="Enregistrer mes choix").click()

    def correct(self, label: str, value: str) -> None:
        self.page.get_by_role("link", name="Corriger").click()
        self.page.get_by_label(label).fill(value)
        self.page.get_by_role("button", name="Enregistrer").click()

    def erase(self) -> None:
        self.page.get_by_role("link", name="Tout effacer").click()
        self.page.get_by_role("button", name="Oui, tout effacer").click()


@dataclass
class ContactsPage:
    """The list of contacts within one's scope."""

    page: Page

    def open(self) -> None:
        self.page.goto("/contacts/")

    @property
    def names(self) -> Locator:
        return self.page.locator("tbody th a")


@dataclass
class DayPage:
    """« Sur place »: the counters and the photos of an action."""

    page: Page
    action: int

    def open(self) -> None:
        visit(self.page, f"/deploiements/{self.action}/sur-place/")

    def counter(self, label: str) -> Locator:
        return self.page.locator(".tally").filter(has_text=label)

    def total(self, label: str) -> Locator:
        return self.counter(label).locator("[data-tally-total]")

    def count(self, label: str, *steps: int) -> None:
        for step in steps:
            self.counter(label).locator(f"button[name=count][value='{step}']").click()

    def slip(self, label: str) -> Locator:
        """The button that takes the last step back."""
        return self.counter(label).get_by_role("button", name="Reprendre")

    def choose_photo(self, path: Path) -> None:
        self.page.get_by_label("Photo", exact=True).set_input_files(path)

    @property
    def agreement(self) -> Locator:
        return self.page.get_by_role("checkbox", name="sont d’accord pour être photographiées")

    def send_photo(self) -> None:
        self.page.get_by_role("button", name="Envoyer la photo").click()

"""Pages nobody reads twice a day: two people who write at once, an address, what is taken away."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from deployments import actions, back_plan, debriefing, declaring
from deployments.enums import DeclarationState
from deployments.models import Deployment
from organisations.actions import details_seen, set_contact_details
from organisations.models import User
from territory.models import Commune
from tests.deployments.factories import make_deployment, next_week, slot
from tests.deployments.test_declarations import facts_now, make_fixed_point, make_rule, town_hall
from tests.e2e.conftest import OpenPage
from tests.e2e.crawl import WIDTHS, violations_of
from tests.e2e.pages import await_behaviours, visit
from tests.e2e.site import Site
from tests.factories import CAEN, make_user

SAVE = "Enregistrer"
# How a page says that somebody else was first.
TOLD = re.compile("Quelqu’un|n’est pas joint")


@pytest.fixture
def union(site: Site) -> User:
    return make_user("admin", "ud-14")


@pytest.fixture
def action(site: Site) -> Deployment:
    return make_fixed_point()


def rename(deployment: Deployment) -> None:
    deployment.refresh_from_db()
    actions.change_deployment(
        deployment=deployment, revision=deployment.revision, title="Marché du samedi"
    )


def change_address(deployment: Deployment) -> None:
    organisation = deployment.organisation
    organisation.refresh_from_db()
    set_contact_details(
        organisation=organisation, seen=details_seen(organisation),
        postal_address="12 rue de l’Exemple\n14000 Caen", phone="+33231000000",
    )  # fmt: skip


def settle(deployment: Deployment) -> None:
    declaration = town_hall(deployment)
    declaring.settle_declaration(
        declaration=declaration, revision=declaration.revision, facts=facts_now(declaration),
        state=DeclarationState.NOT_NEEDED, on=None, author=make_user("staff", "ud-14"),
    )  # fmt: skip


def write_letter(deployment: Deployment) -> None:
    declaration = town_hall(deployment)
    declaring.write_letter(
        declaration=declaration, revision=declaration.revision, letter="Madame la maire,",
        author=make_user("staff", "ud-14"),
    )  # fmt: skip


def change_task(deployment: Deployment) -> None:
    task = deployment.tasks.get(step="team")
    back_plan.change_task(task=task, revision=task.revision, label="Inviter les syndicats")


def report(deployment: Deployment) -> None:
    debriefing.save_debrief(
        deployment=deployment, revision=1, summary="Du monde", press_release="Notre communiqué"
    )


def choose_receipt(page: Page) -> None:
    files = {"name": "reponse.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    page.get_by_label("Récépissé ou autorisation").set_input_files(files)  # type: ignore[arg-type]


def nothing(page: Page) -> None:
    """What is proposed is sent as it is."""


def sent(page: Page) -> None:
    page.get_by_label("Envoyée").check()


def reason(page: Page) -> None:
    page.get_by_label("Pourquoi ?").fill("Tempête")


Case = tuple[str, Callable[[Page], None], Callable[[Deployment], None], str]
# The page, what is typed there, what somebody else does meanwhile, the button.
CASES: dict[str, Case] = {
    "address": ("{address}", nothing, change_address, SAVE),
    "move": ("{own}deplacer/", nothing, rename, "Déplacer"),
    "cancel": ("{own}annuler/", reason, rename, "Annuler l’action"),
    "step": ("{own}declarations/{declaration}/etape/", sent, settle, SAVE),
    "letter": ("{own}declarations/{declaration}/lettre/", nothing, write_letter,
               "Enregistrer la lettre"),
    "receipt": ("{own}declarations/{declaration}/recepisse/", choose_receipt, settle, "Joindre"),
    "preparation": ("{own}preparer/lieu/", nothing, rename, "Enregistrer et continuer"),
    "task": ("{own}taches/{task}/", nothing, change_task, "Enregistrer la tâche"),
    "report": ("{own}bilan/modifier/", nothing, report, "Enregistrer sans rendre"),
    "texts": ("{own}bilan/textes/", nothing, report, SAVE),
}  # fmt: skip


def address_of(path: str, deployment: Deployment) -> str:
    return path.format(
        own=f"/deploiements/{deployment.pk}/",
        address=reverse("organisations:organisation-address", args=[deployment.organisation_id]),
        declaration=town_hall(deployment).pk,
        task=deployment.tasks.get(step="team").pk,
    )


def faults(page: Page) -> list[str]:
    """What axe says at both widths and in both schemes, and what overflows a telephone."""
    found = violations_of(page, whole=True)
    page.set_viewport_size(WIDTHS["360"])  # type: ignore[arg-type]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"too wide: {page.url}")
    return found


@pytest.mark.parametrize("name", CASES)
def test_who_comes_second_reads_what_the_first_wrote(
    action: Deployment, union: User, open_page: OpenPage, name: str
) -> None:
    path, fill, meanwhile, button = CASES[name]
    page = open_page(user=union, reduced_motion="reduce")
    visit(page, address_of(path, action))
    assert faults(page) == []
    fill(page)
    meanwhile(action)
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
    assert answer.value.status == 409
    await_behaviours(page)
    expect(page.get_by_role("main")).to_contain_text(TOLD)
    assert faults(page) == []


def test_a_rule_of_a_place_is_taken_away_once_read(
    site: Site, union: User, open_page: OpenPage
) -> None:
    rule = make_rule(commune=Commune.objects.get(pk=CAEN))
    page = open_page(user=union, reduced_motion="reduce")
    visit(page, f"/deploiements/regles/{rule.pk}/retirer/?vue={rule.revision}")
    assert faults(page) == []


def test_an_idea_is_deleted_once_read(site: Site, union: User, open_page: OpenPage) -> None:
    page = open_page(user=union, reduced_motion="reduce")
    idea = make_deployment(reported=False)
    visit(page, f"/deploiements/{idea.pk}/supprimer/")
    assert faults(page) == []


def test_a_series_is_moved_from_its_preview(site: Site, union: User, open_page: OpenPage) -> None:
    first = make_deployment(slots=[slot(next_week())])
    days = [slot(next_week()).starts_at.replace(day=1, month=month, year=2028) for month in (2, 3)]
    actions.repeat_deployment(deployment=first, days=days, created_by=union)
    page = open_page(user=union, reduced_motion="reduce")
    visit(page, f"/deploiements/{first.pk}/serie/")
    assert faults(page) == []
    page.get_by_role("link", name="Décaler la série").click()
    page.get_by_label("De combien de jours ?").fill("1")
    assert faults(page) == []
    page.get_by_role("button", name="Voir ce qui change").click()
    expect(page.get_by_role("heading", name="Ce qui va changer")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Oui, pour toutes celles-ci").click()
    expect(page.get_by_text("3 actions décalées.")).to_be_visible()


def test_a_receipt_is_said_and_taken_back(
    action: Deployment, union: User, open_page: OpenPage
) -> None:
    page = open_page(user=union, reduced_motion="reduce")
    visit(page, address_of("{own}declarations/{declaration}/recepisse/", action))
    choose_receipt(page)
    page.get_by_role("button", name="Joindre").click()
    undo = page.get_by_role("button", name="Annuler cette note")
    expect(undo).to_be_visible()
    assert faults(page) == []
    undo.click()
    expect(page.get_by_text("redevenue ce qu’elle était")).to_be_visible()
    assert town_hall(action).state == DeclarationState.TO_SEND


def test_a_drop_into_the_past_is_confirmed(
    action: Deployment, union: User, open_page: OpenPage
) -> None:
    page = open_page(user=union, reduced_motion="reduce")
    visit(page, f"/deploiements/{action.pk}/deplacer/")
    page.get_by_label("Nouveau jour").fill("2026-01-07")
    page.get_by_role("main").get_by_role("button", name="Déplacer").click()
    box = page.get_by_label("Oui, elle a déjà eu lieu")
    expect(box).to_be_visible()
    assert faults(page) == []
    box.check()
    page.get_by_role("main").get_by_role("button", name="Déplacer").click()
    expect(page.get_by_text("est maintenant notée comme passée")).to_be_visible()

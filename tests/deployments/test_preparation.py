"""The preparation, step by step."""

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings

from deployments.enums import TaskKind
from deployments.models import Deployment, DeploymentType, Place, Task
from deployments.prepare_forms import FORMS
from deployments.steps import STEPS
from deployments.wording import at_place, proposed_objective
from organisations.models import User
from territory.models import Trade
from tests.deployments.factories import PARIS, make_deployment, next_week, slot
from tests.factories import CAEN, make_user

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture
def staff(client_for: ClientFor) -> Client:
    return client_for(make_user("staff", "ul-caen"))


def address(deployment: Deployment, step: str) -> str:
    return f"/deploiements/{deployment.pk}/preparer/{step}/"


def rows(lines: Iterable[dict[str, Any]], initial: int = 0) -> dict[str, Any]:
    """Lines as the page posts them."""
    typed = list(lines)
    data: dict[str, Any] = {"rows-TOTAL_FORMS": len(typed), "rows-INITIAL_FORMS": initial}
    for number, line in enumerate(typed):
        data |= {f"rows-{number}-{name}": value for name, value in line.items()}
    return data


def send(client: Client, deployment: Deployment, step: str, **typed: Any) -> Any:
    deployment.refresh_from_db()
    data = {"revision": deployment.revision} | typed
    answer = client.post(address(deployment, step), data)
    deployment.refresh_from_db()
    return answer


def test_each_step_has_its_form() -> None:
    assert list(FORMS) == list(STEPS)


@pytest.mark.parametrize("step", STEPS)
def test_each_step_opens_and_may_be_skipped(staff: Client, step: str) -> None:
    page = staff.get(address(make_deployment(reported=False), step))
    assert page.status_code == 200
    assert "Passer cette étape" in page.content.decode()


@pytest.mark.parametrize("step", STEPS)
def test_each_step_sent_as_it_is_shown_changes_nothing(staff: Client, step: str) -> None:
    """Whoever presses « Enregistrer » at each step loses nothing."""
    deployment = make_deployment(guest="la secrétaire générale", has_fixed_point=True)
    page = staff.get(address(deployment, step))
    form = page.context["form"]
    data: dict[str, Any] = {}
    for bound in [*form, *(field for row in form.rows or () for field in row)]:
        value = bound.value()
        if value in (None, False):
            continue
        widget = bound.field.widget
        shown = value is True or widget.format_value(bound.field.prepare_value(value))
        if shown is not None:
            data[bound.html_name] = shown
    if form.rows is not None:
        data |= {field.html_name: field.value() for field in form.rows.management_form}
    before = state(deployment)
    answer = staff.post(address(deployment, step), data)
    assert answer.status_code == 302
    deployment.refresh_from_db()
    assert state(deployment) == before


def state(deployment: Deployment) -> dict[str, Any]:
    fields = {
        name: value
        for name, value in vars(deployment).items()
        if name not in ("_state", "revision", "updated_at", "_prefetched_objects_cache")
    }
    return fields | {
        "types": list(deployment.types.values_list("pk", flat=True)),
        "slots": list(deployment.shifts.values_list("pk", "starts_at", "ends_at")),
        "needs": list(deployment.needs.values_list("role", "minimum", "mandate")),
        "list": list(deployment.checklist.values_list("pk", "label", "category")),
    }


def test_the_preparation_goes_on_where_something_is_missing(staff: Client) -> None:
    deployment = make_deployment(objective="150 inscriptions")
    answer = staff.get(f"/deploiements/{deployment.pk}/preparer/")
    assert answer["Location"] == address(deployment, "public")


def test_a_number_alone_becomes_a_sentence(staff: Client) -> None:
    deployment = make_deployment(trades=Trade.objects.filter(pk="boulanger"))
    answer = send(staff, deployment, "objectif", objective_count=150, objective="")
    assert answer["Location"] == address(deployment, "public")
    label = Trade.objects.get(pk="boulanger").label
    assert deployment.objective == (
        f"Inscrire 150 salarié·es ({label[0].lower()}{label[1:]}) à Caen"
    )


def test_a_sentence_is_in_french() -> None:
    assert [at_place(name) for name in ("Caen", "Le Havre", "Les Andelys", "La Flèche")] == [
        "à Caen", "au Havre", "aux Andelys", "à La Flèche",
    ]  # fmt: skip
    assert proposed_objective(make_deployment(), 1) == "Inscrire 1 salarié·e à Caen"


def test_two_people_at_once_see_each_other(staff: Client) -> None:
    deployment = make_deployment()
    seen = deployment.revision
    send(staff, deployment, "objectif", objective="150 inscriptions")
    page = staff.post(
        address(deployment, "objectif"), {"revision": seen, "objective": "80 rendez-vous"}
    )
    text = page.content.decode()
    assert page.status_code == 409
    assert "150 inscriptions" in text
    assert 'value="80 rendez-vous"' in text
    deployment.refresh_from_db()
    assert deployment.objective == "150 inscriptions"
    # Sending again, knowingly, keeps one's own.
    again = staff.post(
        address(deployment, "objectif"),
        {"revision": page.context["form"].data["revision"], "objective": "80 rendez-vous"},
    )
    deployment.refresh_from_db()
    assert (again.status_code, deployment.objective) == (302, "80 rendez-vous")


def test_lines_of_a_list_are_shown_beside_those_of_somebody_else(staff: Client) -> None:
    deployment = make_deployment()
    seen = deployment.revision
    send(staff, deployment, "budget", **rows([{"label": "Café", "euros": "12,50"}]))
    page = staff.post(
        address(deployment, "budget"),
        {"revision": seen} | rows([{"label": "Sono", "euros": "30"}]),
    )
    text = page.content.decode()
    assert page.status_code == 409
    assert "Café" in text
    assert "Sono" in text


def test_several_days_are_typed_as_lines_and_the_blank_one_is_left(staff: Client) -> None:
    deployment = make_deployment(reported=False, slots=[])
    day = next_week().date()
    lines = [
        {"day": day.isoformat(), "starts": "09:00", "ends": "12:30"},
        {"day": (day + timedelta(days=1)).isoformat(), "starts": "22:00", "ends": "01:00"},
        {"day": "", "starts": "", "ends": "", "label": ""},
    ]
    send(staff, deployment, "moment", **rows(lines))
    found = [
        (one.starts_at.astimezone(PARIS).hour, one.ends_at - one.starts_at)
        for one in deployment.shifts.all()
    ]
    assert found == [(9, timedelta(hours=3, minutes=30)), (22, timedelta(hours=3))]


def test_a_line_is_taken_away_by_its_box(staff: Client) -> None:
    start = next_week()
    deployment = make_deployment(slots=[slot(start), slot(start + timedelta(days=1))])
    lines = [
        {"day": start.date().isoformat(), "starts": "09:00", "ends": "12:00"},
        {"day": (start.date() + timedelta(days=1)).isoformat(), "starts": "09:00",
         "ends": "12:00", "DELETE": "on"},
    ]  # fmt: skip
    send(staff, deployment, "moment", **rows(lines, initial=2))
    assert deployment.shifts.count() == 1


def test_a_line_left_blank_is_taken_away_too(staff: Client) -> None:
    deployment = make_deployment()
    deployment.checklist.all().delete()
    item = deployment.checklist.create(label="Tandem", category="")
    send(staff, deployment, "materiel", **rows([{"pk": item.pk, "label": ""}], initial=1))
    assert not deployment.checklist.exists()


def test_an_announced_action_keeps_a_date(staff: Client) -> None:
    deployment = make_deployment()
    page = send(staff, deployment, "moment", **rows([]))
    assert "Annulez-la plutôt" in page.content.decode()
    assert deployment.shifts.count() == 1


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"day": "2027-05-05", "starts": "09:00", "ends": ""}, "À quelle heure finit-on"),
        ({"day": "0001-01-01", "starts": "09:00", "ends": "10:00"}, "Vérifiez l’année"),
        ({"day": "2027-05-05", "starts": "12:00", "ends": "10:00"}, "La fin vient avant le début"),
    ],
)
def test_a_wrong_line_says_so(staff: Client, line: dict[str, str], words: str) -> None:
    page = send(staff, make_deployment(), "moment", **rows([line]))
    assert words in page.content.decode()


def test_two_equal_lines_are_refused(staff: Client) -> None:
    line = {"day": "2027-05-05", "starts": "09:00", "ends": "10:00"}
    page = send(staff, make_deployment(), "moment", **rows([line, line]))
    assert "Deux créneaux" in page.content.decode()


def test_lines_that_overlap_have_a_name_each(staff: Client) -> None:
    day = {"day": "2027-05-05"}
    lines = [day | {"starts": "09:00", "ends": "12:00"}, day | {"starts": "10:00", "ends": "11:00"}]
    page = send(staff, make_deployment(), "moment", **rows(lines))
    assert "se chevauchent" in page.content.decode()
    for line, name in zip(lines, ("Nord", "Sud"), strict=True):
        line["label"] = name
    deployment = make_deployment()
    send(staff, deployment, "moment", **rows(lines))
    assert deployment.shifts.count() == 2


def test_new_types_bring_their_lines_and_what_was_taken_off_stays_off(staff: Client) -> None:
    deployment = make_deployment()
    deployment.checklist.filter(label__startswith="Chasubles").delete()
    send(staff, deployment, "type", types=["tractage-marche", "vide-grenier"], has_fixed_point="on")
    labels = set(deployment.checklist.values_list("label", flat=True))
    assert any(label.startswith("Objets triés") for label in labels)
    assert any(label.startswith("Barnum") for label in labels)
    assert not any(label.startswith("Chasubles") for label in labels)
    assert deployment.needs.get(role="point-fixe").minimum == 2
    assert set(deployment.types.all()) == set(
        DeploymentType.objects.filter(pk__in=["tractage-marche", "vide-grenier"])
    )


def test_roles_are_replaced(staff: Client) -> None:
    deployment = make_deployment()
    line = {"role": "pilote", "minimum": 1, "mandate": ""}
    judge = {"role": "conseil", "minimum": 2, "mandate": "judge"}
    send(staff, deployment, "equipe", confirm_from="17:00", **rows([line, judge]))
    found = list(deployment.needs.values_list("role", "minimum", "mandate"))
    assert found == [("pilote", 1, ""), ("conseil", 2, "judge")]


def test_a_team_has_room_for_the_roles_it_needs(staff: Client) -> None:
    deployment = make_deployment()
    before = list(deployment.needs.values_list("role", "minimum"))
    pilot = {"role": "pilote", "minimum": 1, "mandate": ""}
    judge = {"role": "conseil", "minimum": 2, "mandate": "judge"}
    lines = rows([pilot, judge])
    shown = send(staff, deployment, "equipe", confirm_from="17:00", capacity="2", **lines)
    page = shown.content.decode()
    assert "demandent 3 personnes au moins" in page
    (field,) = re.findall(r'<input[^>]*name="capacity"[^>]*>', page)
    assert 'value="2"' in field
    assert 'aria-invalid="true"' in field
    assert list(deployment.needs.values_list("role", "minimum")) == before
    send(staff, deployment, "equipe", confirm_from="17:00", capacity="3", **lines)
    assert deployment.capacity == 3


def test_what_is_ready_keeps_its_moment(staff: Client) -> None:
    deployment = make_deployment()
    deployment.checklist.all().delete()
    send(staff, deployment, "materiel", **rows([{"label": "Tandem", "is_ready": "on"}]))
    item = deployment.checklist.get()
    again = {"pk": item.pk, "label": "Tandem", "quantity": "2", "is_ready": "on"}
    send(staff, deployment, "materiel", **rows([again], initial=1))
    changed = deployment.checklist.get()
    assert (changed.pk, changed.done_at, changed.quantity) == (item.pk, item.done_at, "2")
    send(staff, deployment, "materiel", **rows([{"pk": item.pk, "label": "Tandem"}], initial=1))
    assert deployment.checklist.get().done_at is None


def test_a_line_of_another_action_is_never_taken(staff: Client) -> None:
    mine, other = make_deployment(), make_deployment("ud-50")
    item = other.checklist.first()
    assert item is not None
    mine.checklist.all().delete()
    send(staff, mine, "materiel", **rows([{"pk": item.pk, "label": "À moi"}]))
    item.refresh_from_db()
    assert (item.deployment_id, item.label == "À moi") == (other.pk, False)


def make_place(**fields: Any) -> Place:
    defaults = {"commune_id": CAEN, "name": "Place Saint-Sauveur"}
    return Place.objects.create(folded_name="place saint sauveur", **(defaults | fields))


def test_a_known_place_is_found_again_whatever_its_accents(staff: Client) -> None:
    place = make_place(address="Place Saint-Sauveur, 14000 Caen", has_power=True)
    deployment = make_deployment()
    send(
        staff, deployment, "lieu", commune="Caen", name="place saint sauveur", access="Par le nord"
    )
    place.refresh_from_db()
    assert deployment.place == place
    # What was left blank of a place one had not seen stays as it is known.
    assert (place.address, place.has_power) == ("Place Saint-Sauveur, 14000 Caen", True)
    assert place.access == "Par le nord"


def test_a_place_needs_a_commune(staff: Client) -> None:
    page = send(staff, make_deployment(reported=False), "lieu", commune="", name="Marché")
    assert "Dans quelle commune" in page.content.decode()


def test_two_people_never_overwrite_what_is_known_of_a_place(staff: Client) -> None:
    place = make_place()
    deployment = make_deployment(place=place)
    seen = {"seen_place": place.pk, "seen_revision": place.revision}
    typed = {"commune": "Caen", "name": place.name} | seen
    # From another action at the same place.
    other = make_deployment(place=place)
    send(staff, other, "lieu", **typed, has_bollards="true")
    page = send(staff, deployment, "lieu", **typed, has_bollards="false")
    place.refresh_from_db()
    assert (page.status_code, place.has_bollards) == (409, True)
    again = send(
        staff, deployment, "lieu", **(typed | {"seen_revision": place.revision}),
        has_bollards="false",
    )  # fmt: skip
    place.refresh_from_db()
    assert (again.status_code, place.has_bollards) == (302, False)


def test_what_was_learnt_at_a_place_is_told_to_the_next_ones(staff: Client) -> None:
    place = make_place()
    past = make_deployment(place=place)
    Task.objects.create(
        deployment=past, place=place, kind=TaskKind.LESSON, label="Venir avant 8 h : plus de place"
    )
    coming = make_deployment(place=place)
    for page in (address(coming, "lieu"), f"/deploiements/{coming.pk}/"):
        assert "plus de place" in staff.get(page).content.decode()
    assert "plus de place" not in staff.get(f"/deploiements/{past.pk}/").content.decode()


def test_the_tab_is_for_those_who_manage_the_action(client_for: ClientFor) -> None:
    deployment = make_deployment()
    page = client_for(make_user("militant", "ul-caen")).get(f"/deploiements/{deployment.pk}/")
    assert "/preparer/" not in page.content.decode()


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("lieu", "Une carte montre où sont les petites entreprises"),
        ("moment", "arrive en avance pour installer"),
        ("moment", "un quart d’heure ensemble le matin même"),
        ("equipe", "« rencontrer les salarié·es »"),
        ("equipe", "Réunissez l’équipe quelques jours avant"),
        ("paroles", "comment on vote et les recours"),
    ],
)
def test_what_the_guide_asks_has_its_step(staff: Client, step: str, said: str) -> None:
    page = staff.get(address(make_deployment(), step)).content.decode()
    assert said in page.replace("\xa0", " ")


def test_the_place_leads_to_the_map_of_its_small_enterprises(staff: Client) -> None:
    deployment = make_deployment()
    with override_settings(TPE_MAP_URL="https://carte.example/?ou={insee}"):
        page = staff.get(address(deployment, "lieu")).content.decode()
    assert f'href="https://carte.example/?ou={CAEN}"' in page
    with override_settings(TPE_MAP_URL=""):
        page = staff.get(address(deployment, "lieu")).content.decode()
    assert "sur une carte" not in page.split("Une carte montre")[1]

"""The report: figures, tops and flops, lessons, texts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from core.dates import NBSP
from deployments import debriefing
from deployments.day import add_tally
from deployments.debrief_forms import TEXTS, DebriefForm
from deployments.debrief_rules import opinion_secret
from deployments.enums import RemarkKind, TallyKind, TaskKind
from deployments.models import Debrief, Deployment, Place, Remark, Task
from organisations.actions import details_seen, set_contact_details
from organisations.models import User
from tests.deployments.factories import PARIS, add_member, make_deployment, next_week, slot
from tests.deployments.test_day import join
from tests.factories import make_contact, make_user

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture
def staff() -> User:
    return make_user("staff", "ul-caen")


@pytest.fixture
def held() -> Deployment:
    """An action of last week."""
    return make_deployment(slots=[slot(next_week() - timedelta(days=14))])


def flop(deployment: Deployment, text: str = "Trop peu de tracts") -> Remark:
    return debriefing.add_remark(
        deployment=deployment, kind=RemarkKind.FLOP, text=text, author="Zoé", member=None
    )


def address(deployment: Deployment) -> str:
    return f"/deploiements/avis/{deployment.pk}/{opinion_secret(deployment)}/"


def test_contacts_are_counted_and_never_typed(
    client_for: ClientFor, staff: User, held: Deployment
) -> None:
    make_contact(source=held.source)
    client = client_for(staff)
    client.post(
        f"/deploiements/{held.pk}/bilan/modifier/",
        {"revision": 1, "people_met": 12, "summary": "Bien", "contacts": 98765, "close": "1"},
    )
    page = client.get(f"/deploiements/{held.pk}/bilan/").content.decode()
    assert "Bilan rendu le" in page
    assert "98765" not in page
    assert Debrief.objects.get().people_met == 12


def test_the_counters_fill_the_form_in(
    client_for: ClientFor, staff: User, held: Deployment
) -> None:
    add_tally(deployment=held, tally_id=uuid4(), kind=TallyKind.MET, count=37, author="")
    page = client_for(staff).get(f"/deploiements/{held.pk}/bilan/modifier/").content.decode()
    assert 'value="37"' in page


def test_two_writers_see_each_other(client_for: ClientFor, staff: User, held: Deployment) -> None:
    client, path = client_for(staff), f"/deploiements/{held.pk}/bilan/modifier/"
    client.post(path, {"revision": 1, "summary": "Première version"})
    answer = client.post(path, {"revision": 1, "summary": "Seconde version"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Première version" in page
    assert "Seconde version" in page
    assert Debrief.objects.get().summary == "Première version"
    client.post(path, {"revision": 2, "summary": "Seconde version"})
    assert Debrief.objects.get().summary == "Seconde version"


@pytest.mark.parametrize("wrong", ["-1", "beaucoup", "99999999999"])
def test_nonsense_is_refused_beside_its_field(
    client_for: ClientFor, staff: User, held: Deployment, wrong: str
) -> None:
    answer = client_for(staff).post(
        f"/deploiements/{held.pk}/bilan/modifier/", {"revision": 1, "people_met": wrong}
    )
    assert answer.status_code == 200
    assert not Debrief.objects.filter(people_met__isnull=False).exists()


def test_a_flop_waits_for_the_next_action_at_the_place(held: Deployment) -> None:
    assert held.commune
    held.place = Place.objects.create(commune=held.commune, name="Halles", folded_name="halles")
    held.save()
    remark = flop(held)
    lesson = Task.objects.get(kind=TaskKind.LESSON)
    assert (lesson.place, lesson.remark, lesson.label) == (held.place, remark, remark.text)


def test_said_twice_it_is_one_lesson(held: Deployment) -> None:
    assert flop(held) == flop(held)
    assert Task.objects.filter(kind=TaskKind.LESSON).count() == 1


def test_a_flop_taken_back_takes_its_lesson_unless_dealt_with(
    held: Deployment, staff: User
) -> None:
    debriefing.remove_remark(remark=flop(held), author=staff)
    assert not Task.objects.filter(kind=TaskKind.LESSON).exists()
    second = flop(held)
    second.tasks.update(done_at=timezone.now())
    debriefing.remove_remark(remark=second, author=staff)
    assert Task.objects.filter(kind=TaskKind.LESSON).count() == 1


def test_the_team_says_tops_and_flops(client_for: ClientFor, held: Deployment) -> None:
    activist = make_user("militant", "ul-caen")
    path = f"/deploiements/{held.pk}/bilan/avis/"
    sent = {"kind": "top", "text": "La coiffure"}
    assert client_for(activist).post(path, sent).status_code == 404
    member = join(held, activist)
    client_for(activist).post(path, sent)
    remark = Remark.objects.get()
    assert (remark.text, remark.member) == ("La coiffure", member)


def test_a_report_in_progress_is_read_by_the_team_alone(
    client_for: ClientFor, staff: User, held: Deployment
) -> None:
    flop(held)
    neighbour = client_for(make_user("militant", "ul-caen"))
    path = f"/deploiements/{held.pk}/bilan/"
    assert "Trop peu de tracts" not in neighbour.get(path).content.decode()
    debriefing.close_debrief(deployment=held, author=staff)
    assert "Trop peu de tracts" in neighbour.get(path).content.decode()


def test_somebody_without_an_account_says_theirs_by_the_link(
    client: Client, held: Deployment
) -> None:
    sent = {"first_name": "Ali", "top": "Le café", "flop": "La pluie"}
    assert client.post(address(held), sent).status_code == 302
    assert {(one.kind, one.text, one.author) for one in Remark.objects.all()} == {
        ("top", "Le café", "Ali"), ("flop", "La pluie", "Ali"),
    }  # fmt: skip


def test_another_secret_opens_nothing(client: Client, held: Deployment) -> None:
    wrong = address(held)[:-2] + ("A/" if not address(held).endswith("A/") else "B/")
    assert client.get(wrong).status_code == 404
    other = make_deployment(title="Autre")
    path = f"/deploiements/avis/{other.pk}/{opinion_secret(held)}/"
    assert client.get(path).status_code == 404


def test_a_robot_and_an_empty_form_say_nothing(client: Client, held: Deployment) -> None:
    client.post(address(held), {"top": "Achetez", "website": "http://example.org"})
    assert "Écrivez un top ou un flop" in client.post(address(held), {"top": " "}).content.decode()
    assert not Remark.objects.exists()


def test_a_flood_by_the_link_stops_at_what_a_team_can_say(
    client: Client, held: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(debriefing, "OPINIONS_UNNAMED", 1)
    monkeypatch.setattr(debriefing, "OPINIONS_EACH", 0)
    client.post(address(held), {"top": "Un"})
    page = client.post(address(held), {"top": "Deux"}).content.decode()
    assert "a déjà beaucoup d’avis" in page
    assert Remark.objects.count() == 1


def test_the_link_ends_a_month_after_the_action(client: Client, held: Deployment) -> None:
    assert held.ends_at
    with time_machine.travel(held.ends_at + timedelta(days=29), tick=False):
        assert client.get(address(held)).status_code == 200
    with time_machine.travel(held.ends_at + timedelta(days=31), tick=False):
        assert client.get(address(held)).status_code == 404


def test_figures_nobody_can_have_reached_are_asked_about() -> None:
    form = DebriefForm(
        {"revision": "1", "people_met": "3", "members_joined": "5", "leaflets": "999999"}
    )
    assert form.errors["members_joined"] == ["Plus d’adhésions que de personnes rencontrées ?"]
    assert "vérifiez ce nombre" in form.errors["leaflets"][0]


def test_nothing_is_said_of_an_action_to_come(client: Client) -> None:
    assert client.get(address(make_deployment())).status_code == 404


def test_texts_come_from_the_facts_and_stay_as_changed(
    client_for: ClientFor, staff: User, held: Deployment
) -> None:
    client, path = client_for(staff), f"/deploiements/{held.pk}/bilan/textes/"
    page = client.get(path).content.decode()
    assert "à la rencontre des salarié·es de Caen" in page
    client.post(path, {"revision": 1, "press_release": "Notre texte"})
    page = client.get(path).content.decode()
    assert "Notre texte" in page
    assert "à la rencontre des salarié·es de Caen" not in page


def test_two_who_write_the_texts_see_each_other(
    client_for: ClientFor, staff: User, held: Deployment
) -> None:
    client, path = client_for(staff), f"/deploiements/{held.pk}/bilan/textes/"
    client.post(path, {"revision": 1, "press_release": "Le premier communiqué"})
    answer = client.post(path, {"revision": 1, "press_release": "Le second communiqué"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Le premier communiqué" in page
    assert "Le second communiqué" in page
    assert Debrief.objects.get().press_release == "Le premier communiqué"


def test_a_text_left_as_proposed_follows_the_action(client_for: ClientFor, staff: User) -> None:
    deployment = make_deployment()
    client, path = client_for(staff), f"/deploiements/{deployment.pk}/bilan/textes/"
    form = client.get(path).context["form"]
    shown = {name: form[name].value().replace("\n", "\r\n") for name in TEXTS}
    assert "Venez nous voir" in shown["announcement"]
    client.post(path, shown | {"revision": 1, "internal_news": "Notre nouvelle"})
    assert deployment.ends_at
    with time_machine.travel(deployment.ends_at + timedelta(hours=1), tick=False):
        form = client_for(staff).get(path).context["form"]
    assert "Nous y étions" in form["announcement"].value()
    assert "est allée à la rencontre" in form["press_release"].value()
    assert form["internal_news"].value() == "Notre nouvelle"


def test_the_page_says_whom_the_press_calls_or_what_is_missing(
    client_for: ClientFor, staff: User
) -> None:
    deployment = make_deployment()
    client, path = client_for(staff), f"/deploiements/{deployment.pk}/bilan/textes/"
    page = client.get(path).content.decode()
    assert "ne dit pas encore qui appeler" in page
    assert "Contact presse" not in page
    add_member(deployment, first_name="Sacha", slug="presse")
    page = client.get(path).content.decode().replace(NBSP, " ")
    assert "Contact presse : Sacha, 06 39 98 77 01" in page
    assert "demandez-lui son accord" in page
    organisation = deployment.organisation
    set_contact_details(
        organisation=organisation, seen=details_seen(organisation), postal_address="",
        phone="+33231000000",
    )  # fmt: skip
    page = client.get(path).content.decode().replace(NBSP, " ")
    assert "Contact presse : Sacha, 02 31 00 00 00" in page
    assert "demandez-lui son accord" not in page


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ((9, 18), "Le bilan s’ouvrira le mercredi 10 mars à 9 h"),
        ((10, 8), "C’est aujourd’hui : le bilan s’ouvre à 9 h"),
        ((10, 10), "L’action est en cours : le bilan est ouvert"),
        ((10, 13), "Le bilan n’est pas encore rendu. À chaud"),
        ((12, 9), "Le bilan n’est pas encore rendu. À chaud"),
    ],
)
def test_the_page_says_when_the_report_opens(
    client_for: ClientFor, staff: User, moment: tuple[int, int], said: str
) -> None:
    deployment = make_deployment(slots=[slot(datetime(2027, 3, 10, 9, tzinfo=PARIS))])
    day, hour = moment
    with time_machine.travel(datetime(2027, 3, day, hour, tzinfo=PARIS), tick=False):
        page = client_for(staff).get(f"/deploiements/{deployment.pk}/bilan/").content.decode()
    assert said in page.replace(NBSP, " ")


def test_without_a_date_the_report_says_so(client_for: ClientFor, staff: User) -> None:
    idea = make_deployment(slots=[], reported=False)
    page = client_for(staff).get(f"/deploiements/{idea.pk}/bilan/").content.decode()
    assert "sa date reste à choisir" in page


def test_a_report_is_found_by_its_remarks(held: Deployment) -> None:
    flop(held, "Pas assez de tracts sur la coiffure")
    assert "coiffure" in Debrief.objects.get().search_text


def test_a_report_is_reopened(client_for: ClientFor, staff: User, held: Deployment) -> None:
    debriefing.close_debrief(deployment=held, author=staff)
    client_for(staff).post(f"/deploiements/{held.pk}/bilan/rouvrir/")
    assert Debrief.objects.get().closed_at is None

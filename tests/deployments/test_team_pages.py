"""The pages of a team: for those who manage it, for itself, and for people without an account."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from deployments import actions, staffing
from deployments.enums import Answer
from deployments.models import Deployment, RoleNeed, TeamLink, TeamMember
from deployments.pairs import pair_up, part_pairs
from deployments.sign_up_links import close_link, open_link
from deployments.team_links import member_path, sign_up_secret
from deployments.team_messages import SIGNED_UP, WARNING, WORD
from messaging.models import Message
from organisations.models import User
from tests.deployments.factories import add_member, make_deployment, next_week, role, slot
from tests.deployments.test_attendance import make_now
from tests.factories import make_user

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture
def staff(client_for: ClientFor) -> Client:
    return client_for(make_user("staff", "ul-caen"))


@pytest.fixture
def militant(client_for: ClientFor) -> Client:
    return client_for(make_user("militant", "ul-caen"))


def page(client: Client, deployment: Deployment, name: str = "team") -> str:
    return client.get(reverse(f"deployments:{name}", args=[deployment.pk])).content.decode()


def post(client: Client, deployment: Deployment, name: str, **data: Any) -> str:
    address = reverse(f"deployments:{name}", args=[deployment.pk])
    return client.post(address, data, follow=True).content.decode()


def join(deployment: Deployment, **data: str) -> Any:
    link = open_link(deployment=deployment)
    address = reverse("team:join", args=[sign_up_secret(deployment.pk, link.version)])
    sent = {"first_name": "Lou", "phone": "06 39 98 77 99", "role": "equipe"} | data
    return Client().post(address, sent)


def test_names_are_for_those_who_manage_and_for_the_team(
    staff: Client, militant: Client, client_for: ClientFor
) -> None:
    deployment = make_deployment()
    add_member(deployment, 1)
    mate = make_user("militant", "ul-caen")
    staffing.join_with_account(deployment=deployment, user=mate, role=role())
    assert "Sacha 1" in page(staff, deployment)
    assert "Sacha 1" in page(client_for(mate), deployment)
    other = page(militant, deployment)
    assert "Sacha 1" not in other
    assert "2 viennent" in other


NUMBER = "06 39 98 77 01"


def test_who_put_themselves_down_reads_numbers_three_days_before(
    staff: Client, client_for: ClientFor
) -> None:
    deployment = make_deployment()
    add_member(deployment, 1)
    mate = make_user("militant", "ul-caen")
    post(client_for(mate), deployment, "team-join")
    shown = page(client_for(mate), deployment)
    assert NUMBER not in shown
    assert "trois jours avant l’action" in shown
    assert NUMBER in page(staff, deployment)
    start = deployment.starts_at
    assert start is not None
    with time_machine.travel(start - timedelta(days=3, minutes=1), tick=False):
        assert NUMBER not in page(client_for(mate), deployment)
    with time_machine.travel(start - timedelta(days=3), tick=False):
        assert NUMBER in page(client_for(mate), deployment)


def test_whom_a_manager_invited_reads_numbers_as_soon_as_they_come(client_for: ClientFor) -> None:
    deployment = make_deployment()
    add_member(deployment, 1)
    mate = make_user("militant", "ul-caen")
    staffing.invite_accounts(
        deployment=deployment, users=[mate], role=role(), invited_by=make_user("staff", "ul-caen")
    )
    assert NUMBER not in page(client_for(mate), deployment)
    staffing.say_coming(member=deployment.team.get(user=mate))
    assert NUMBER in page(client_for(mate), deployment)


def test_the_pilot_s_number_is_not_for_whoever_signs_up() -> None:
    deployment = make_deployment()
    add_member(deployment, 1, slug="pilote")
    own = member_path(add_member(deployment, 2))
    assert NUMBER not in Client().get(own).content.decode()
    start = deployment.starts_at
    assert start is not None
    with time_machine.travel(start - timedelta(days=2), tick=False):
        assert NUMBER in Client().get(own).content.decode()


def test_a_team_without_a_pilot_says_so(staff: Client) -> None:
    deployment = make_deployment()
    assert "Pas de pilote" in page(staff, deployment)
    add_member(deployment, 1, slug="pilote")
    assert "Pas de pilote" not in page(staff, deployment)


def test_what_is_missing_is_said(staff: Client) -> None:
    deployment = make_deployment()
    RoleNeed.objects.create(deployment=deployment, role=role("presse"), minimum=1)
    assert "1 × Référent·e presse" in page(staff, deployment)


def test_a_member_comes_with_one_press(militant: Client) -> None:
    deployment = make_deployment()
    assert "merci de venir" in post(militant, deployment, "team-join")
    assert deployment.team.get().answer == Answer.COMING


def test_who_is_taken_elsewhere_is_told_when_and_not_where(militant: Client) -> None:
    post(militant, make_deployment(title="Foire aux secrets"), "team-join")
    answer = post(militant, make_deployment(), "team-join")
    assert "déjà pris·e ailleurs" in answer
    assert "de 9\u00a0h à 12\u00a0h" in answer
    assert "Foire aux secrets" not in answer


def test_people_are_picked_from_the_organisation(staff: Client) -> None:
    deployment = make_deployment()
    user = make_user("militant", "ul-caen")
    answer = post(staff, deployment, "team-invite", people=user.pk, role="presse")
    assert "1 invitation part" in answer
    assert deployment.team.get().role_id == "presse"


def test_somebody_of_another_organisation_is_not_on_the_list(staff: Client) -> None:
    deployment = make_deployment()
    user = make_user("militant", "ud-50")
    post(staff, deployment, "team-invite", people=user.pk, role="equipe")
    assert not deployment.team.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"phone": ""}, "Écrivez un téléphone ou une adresse e-mail"),
        ({"phone": "06 12"}, "Ce numéro ne semble pas valide"),
        ({"first_name": ""}, "Écrivez le prénom"),
        ({"phone": "", "email": "lou@"}, "Cette adresse e-mail semble incomplète"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    staff: Client, typed: dict[str, str], words: str
) -> None:
    deployment = make_deployment()
    sent = {"first_name": "Lou", "phone": "06 39 98 77 99", "role": "equipe"} | typed
    assert words in post(staff, deployment, "team-invite-person", **sent)
    assert not deployment.team.exists()


def test_signing_up_gives_the_same_answer_to_who_is_in_the_team(staff: Client) -> None:
    deployment = make_deployment()
    answers = [join(deployment)["Location"], join(deployment, first_name="Autre")["Location"]]
    assert answers[0] == answers[1]
    assert deployment.team.get().first_name == "Lou"


def test_a_robot_that_fills_the_trap_gets_thanks_and_nothing_is_kept() -> None:
    deployment = make_deployment()
    assert join(deployment, website="https://example.org").status_code == 302
    assert not deployment.team.exists()


@pytest.mark.parametrize("name", ["gagnez.example", "Lou 06 12", "Lou/x", "<b>Lou</b>", "a" * 41])
def test_a_stranger_s_name_carries_nothing_but_a_name_into_a_message(name: str) -> None:
    deployment = make_deployment()
    answer = join(deployment, first_name=name)
    shown = answer.content.decode()
    assert "des lettres, 40 au plus, sans chiffre ni adresse" in shown
    assert f'value="{escape(name)}"' in shown
    assert not deployment.team.exists()
    assert not Message.objects.filter(purpose=SIGNED_UP).exists()


@pytest.mark.parametrize("name", ["O’Brien", "Jean-Luc", "Đặng", "Ольга", "محمد", "J. B."])
def test_names_of_every_script_sign_up(name: str) -> None:
    deployment = make_deployment()
    assert join(deployment, first_name=name).status_code == 302
    assert deployment.team.get().first_name == name


def test_nobody_becomes_pilot_by_signing_up() -> None:
    deployment = make_deployment()
    assert join(deployment, role="pilote").status_code == 200
    assert not deployment.team.exists()


def test_a_device_in_a_hurry_is_asked_to_wait() -> None:
    deployment = make_deployment()
    statuses = [
        join(deployment, phone=f"06 39 98 60 {number:02d}").status_code for number in range(12)
    ]
    assert statuses == [302] * 10 + [429] * 2


def test_a_link_stops_for_good_when_it_is_replaced_or_closed(staff: Client) -> None:
    deployment = make_deployment()
    open_link(deployment=deployment)
    first = reverse("team:join", args=[sign_up_secret(deployment.pk, 1)])
    assert Client().get(first).status_code == 200
    post(staff, deployment, "team-link", act="renew")
    assert Client().get(first).status_code == 404
    second = reverse("team:join", args=[sign_up_secret(deployment.pk, 2)])
    assert Client().get(second).status_code == 200
    post(staff, deployment, "team-link", act="close")
    assert Client().get(second).status_code == 404


def test_a_closed_link_opens_again_at_the_same_address() -> None:
    deployment = make_deployment()
    open_link(deployment=deployment)
    close_link(deployment=deployment)
    open_link(deployment=deployment)
    assert TeamLink.objects.get().version == 1


def test_reading_one_s_page_answers_nothing() -> None:
    member = add_member(make_deployment(), 1, comes=False)
    assert Client().get(member_path(member)).status_code == 200
    member.refresh_from_db()
    assert member.answer == Answer.INVITED


def test_one_answers_from_one_s_own_page() -> None:
    member = add_member(make_deployment(), 1, comes=False)
    for word in (Answer.COMING, Answer.DECLINED):
        Client().post(member_path(member), {"answer": word})
        member.refresh_from_db()
        assert member.answer == word


def test_one_s_own_page_shows_first_names_and_the_pilot_s_number_alone() -> None:
    deployment = make_deployment()
    add_member(deployment, 1, slug="pilote")
    add_member(deployment, 2)
    member = add_member(deployment, 3)
    with time_machine.travel(next_week() - timedelta(days=2), tick=False):
        shown = Client().get(member_path(member)).content.decode()
    assert "06 39 98 77 01" in shown
    assert "Sacha 2" in shown
    assert "06 39 98 77 02" not in shown


def test_who_has_not_said_yes_sees_nobody() -> None:
    deployment = make_deployment()
    add_member(deployment, 1, slug="pilote")
    member = add_member(deployment, 2, comes=False)
    shown = Client().get(member_path(member)).content.decode()
    assert "Sacha 1" not in shown
    assert "06 39 98 77 01" not in shown


def test_a_pilot_is_asked_who_takes_over_before_leaving() -> None:
    deployment = make_deployment()
    make_user("staff", "ul-caen")
    pilot = add_member(deployment, 1, slug="pilote")
    other = add_member(deployment, 2)
    asked = Client().post(member_path(pilot), {"answer": "declined"})
    assert "Qui prend le relais" in asked.content.decode()
    assert deployment.team.coming().filter(pk=pilot.pk).exists()
    Client().post(member_path(pilot), {"answer": "declined", "successor": other.pk})
    other.refresh_from_db()
    assert other.role_id == "pilote"
    assert Message.objects.filter(purpose=WARNING).count() == 1


def test_a_past_action_takes_no_answer() -> None:
    deployment = make_deployment()
    member = add_member(deployment, 1, comes=False)
    past = slot(next_week() - timedelta(days=14))
    actions.set_slots(deployment=deployment, revision=deployment.revision, slots=[past])
    Client().post(member_path(member), {"answer": "coming"})
    member.refresh_from_db()
    assert member.answer == Answer.INVITED


def test_one_leaves_the_team_and_is_forgotten() -> None:
    member = add_member(make_deployment(), 1)
    Client().post(member_path(member) + "effacer/")
    assert not TeamMember.objects.exists()
    assert Client().get(member_path(member)).status_code == 404


def test_an_answer_by_word_of_mouth_is_noted(staff: Client) -> None:
    deployment = make_deployment()
    member = add_member(deployment, 1, comes=False)
    staff.post(
        reverse("deployments:team-answer", args=[deployment.pk, member.pk]), {"answer": "coming"}
    )
    member.refresh_from_db()
    assert member.answer == Answer.COMING


def test_a_place_left_empty_goes_to_who_waits_first(staff: Client) -> None:
    deployment = make_deployment(capacity=1)
    add_member(deployment, 1)
    add_member(deployment, 2)
    deployment.team.filter(first_name="Sacha 1").delete()
    assert "place donnée, message envoyé" in post(staff, deployment, "team-next")
    assert "choisissez qui inviter" in post(staff, deployment, "team-next")


def test_the_link_is_sent_again_once_in_ten_minutes(staff: Client) -> None:
    deployment = make_deployment()
    member = add_member(deployment, 1)
    Message.objects.all().delete()
    for _ in range(2):
        staff.post(reverse("deployments:team-resend", args=[deployment.pk, member.pk]))
    assert Message.objects.filter(purpose=WORD).count() == 1


def test_who_was_there_is_noted_by_one_press_each(staff: Client) -> None:
    deployment = make_now()
    members = [add_member(deployment, number) for number in (1, 2)]
    post(staff, deployment, "team-attendance", present=members[0].pk)
    shown = post(staff, deployment, "team-attendance", absent=members[1].pk)
    assert [one.attended for one in deployment.team.order_by("pk")] == [True, False]
    assert "3\u00a0h de présence" in shown.replace(" h de", "\u00a0h de")


def test_everybody_is_there_in_one_press(staff: Client) -> None:
    deployment = make_now()
    for number in (1, 2):
        add_member(deployment, number)
    post(staff, deployment, "team-attendance", everybody="1")
    assert deployment.team.filter(attended=True).count() == 2


@pytest.mark.parametrize("sent", [{}, {"act": "ouvrir"}, {"answer": ""}, {"answer": "waiting"}])
def test_an_act_nobody_knows_does_nothing(staff: Client, sent: dict[str, str]) -> None:
    deployment = make_deployment()
    member = add_member(deployment, 1, comes=False)
    answer = reverse("deployments:team-answer", args=[deployment.pk, member.pk])
    assert staff.post(answer, sent).status_code == 400
    for name in ("team-link", "team-pairs"):
        address = reverse(f"deployments:{name}", args=[deployment.pk])
        assert staff.post(address, sent).status_code == 400
    member.refresh_from_db()
    assert member.answer == Answer.INVITED
    assert not TeamLink.objects.exists()


def test_an_absence_is_noted_and_taken_back(militant: Client) -> None:
    day = timezone.localdate() + timedelta(days=3)
    shown = militant.post("/deploiements/absences/", {"first": day.isoformat()}, follow=True)
    assert "invité·e ces jours-là" in shown.content.decode()
    absence = User.objects.get(absences__isnull=False).absences.get()
    assert (absence.first_day, absence.last_day) == (day, day)
    militant.post(reverse("deployments:absence-remove", args=[absence.pk]))
    assert not User.objects.filter(absences__isnull=False).exists()


def test_an_absence_does_not_end_before_it_begins(militant: Client) -> None:
    sent = {"first": "2027-05-05", "last": "2027-05-04"}
    answer = militant.post("/deploiements/absences/", sent).content.decode()
    assert "Le dernier jour vient après le premier" in answer


def test_the_page_asks_as_much_for_twenty_as_for_two(staff: Client) -> None:
    deployment = make_deployment()
    add_member(deployment, 1)
    add_member(deployment, 2)
    with CaptureQueriesContext(connection) as two:
        page(staff, deployment)
    for number in range(3, 21):
        add_member(deployment, number)
    with CaptureQueriesContext(connection) as twenty:
        page(staff, deployment)
    assert len(twenty) == len(two)


def member_page(member: TeamMember) -> str:
    return reverse("deployments:team-member", args=[member.deployment_id, member.pk])


def test_two_who_change_a_role_see_each_other(staff: Client) -> None:
    member = add_member(make_deployment(), 1)
    sent = {"revision": member.revision, "role": "presse", "mandates": ["counsellor"]}
    assert staff.post(member_page(member), sent).status_code == 302
    answer = staff.post(member_page(member), sent | {"role": "materiel", "mandates": ["judge"]})
    text = answer.content.decode()
    assert answer.status_code == 409
    presse, materiel = role("presse"), role("materiel")
    assert f"vient de modifier ce rôle&nbsp;: {presse.label}, Conseiller·e du" in text
    assert f'<option value="materiel" selected>{materiel.label}</option>' in text
    member.refresh_from_db()
    assert (member.role, member.mandates) == (presse, ["counsellor"])
    again = {"revision": member.revision, "role": "materiel"}
    assert staff.post(member_page(member), again).status_code == 302
    member.refresh_from_db()
    assert member.role == materiel


def test_who_lost_their_shift_reads_it_and_the_pilot_sees_it(staff: Client) -> None:
    days = [next_week() + timedelta(days=number) for number in range(2)]
    deployment = make_deployment(slots=[slot(day) for day in days])
    member = add_member(deployment, 1)
    staffing.say_coming(member=member, shifts=[deployment.shifts.all()[1]])
    deployment.refresh_from_db()
    actions.set_slots(deployment=deployment, revision=deployment.revision, slots=[slot(days[0])])
    assert "Son créneau n’a plus lieu" in page(staff, deployment)
    own = Client().get(member_path(member)).content.decode()
    assert "le créneau que vous aviez choisi n’a plus lieu" in own


def test_the_pilot_sees_who_lost_their_partner_and_finds_them_another(staff: Client) -> None:
    deployment = make_deployment()
    members = [add_member(deployment, number) for number in range(1, 5)]
    pair_up(deployment=deployment)
    assert "plus de binôme" not in page(staff, deployment)
    staffing.say_not_coming(member=members[0])
    shown = page(staff, deployment)
    assert "Sacha 4 n’a plus de binôme" in shown
    assert "Seul·e" in shown
    assert "plus de binôme" not in post(staff, deployment, "team-pairs", act="pair")


def test_a_role_is_not_changed_over_a_pair_nobody_saw(staff: Client) -> None:
    deployment = make_deployment()
    member, _ = add_member(deployment, 1), add_member(deployment, 2)
    pair_up(deployment=deployment)
    answer = staff.post(member_page(member), {"revision": member.revision, "role": "presse"})
    assert answer.status_code == 409
    assert "binôme 1" in answer.content.decode()
    part_pairs(deployment=deployment)
    member.refresh_from_db()
    assert (member.role_id, member.pair, member.revision) == ("equipe", None, 4)

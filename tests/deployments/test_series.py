"""A whole series: changed, moved or called off at once, seen before, told once to each team."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deployments import actions, series
from deployments.actions import DeploymentMoved
from deployments.enums import Stage
from deployments.models import Deployment
from deployments.preparing import Need, set_roles
from deployments.series_rules import coming_in_series, siblings
from messaging.delivery import deliver_due_messages
from organisations.models import User
from territory.models import Commune
from tests.deployments.factories import PARIS, add_member, make_deployment, role, slot
from tests.factories import make_user

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
FIRST = datetime(2027, 3, 10, 9, tzinfo=PARIS)
# The clocks change between the third and the fourth.
WEEKS = [datetime(2027, 3, day, 9, tzinfo=PARIS) for day in (17, 24, 31)]
ROUEN = "76540"


@pytest.fixture
def user() -> User:
    return make_user("staff", "ul-caen")


@pytest.fixture
def staff(client_for: ClientFor, user: User) -> Client:
    return client_for(user)


@pytest.fixture
def first(user: User) -> Deployment:
    """Four Wednesdays, all announced."""
    made = make_deployment(slots=[slot(FIRST)])
    for one in actions.repeat_deployment(deployment=made, days=WEEKS, created_by=user):
        actions.report_deployment(deployment=one, revision=one.revision)
    made.refresh_from_db()
    return made


def all_of(first: Deployment) -> list[Deployment]:
    return list(Deployment.objects.filter(series=first.series).order_by("starts_at", "pk"))


def words(answer: HttpResponse) -> str:
    return answer.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def seen(deployments: list[Deployment]) -> str:
    return ",".join(f"{one.pk}:{one.revision}" for one in deployments)


def send(
    client: Client, first: Deployment, act: str, chosen: list[Deployment], **typed: object
) -> HttpResponse:
    """What the preview sends, or the first page without `is_sure`."""
    proposed = {"seen": seen(chosen), "chosen": [one.pk for one in chosen], "is_sure": "1"}
    return client.post(f"/deploiements/{first.pk}/serie/{act}/", proposed | typed)


def days(first: Deployment) -> list[int]:
    return [one.starts_at.astimezone(PARIS).day for one in all_of(first) if one.starts_at]


def test_the_page_of_an_action_leads_to_its_series(staff: Client, first: Deployment) -> None:
    assert f"/deploiements/{first.pk}/serie/" in words(staff.get(f"/deploiements/{first.pk}/"))
    page = words(staff.get(f"/deploiements/{first.pk}/serie/"))
    assert page.count("mercredi") == 4
    alone = make_deployment()
    assert "serie/" not in words(staff.get(f"/deploiements/{alone.pk}/"))
    assert staff.get(f"/deploiements/{alone.pk}/serie/").status_code == 404
    assert staff.get(f"/deploiements/{first.pk}/serie/autre/").status_code == 404


def test_a_series_is_moved_at_once_with_its_hours(staff: Client, first: Deployment) -> None:
    answer = send(staff, first, "decaler", all_of(first), days="1")
    assert answer.status_code == 302
    assert days(first) == [11, 18, 25, 1]
    starts = [one.starts_at for one in all_of(first)]
    assert {start.astimezone(PARIS).hour for start in starts if start} == {9}


def test_the_preview_tells_what_becomes_of_each_and_changes_nothing(
    staff: Client, first: Deployment
) -> None:
    page = words(send(staff, first, "decaler", all_of(first), days="1", is_sure=""))
    assert page.count("passe au jeudi") == 4
    assert "Oui, pour toutes celles-ci" in page
    assert days(first) == [10, 17, 24, 31]


def test_what_the_preview_sends_does_it(staff: Client, first: Deployment) -> None:
    answer = send(staff, first, "decaler", all_of(first), days="1", is_sure="")
    form = answer.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    staff.post(f"/deploiements/{first.pk}/serie/decaler/", sent)
    assert days(first) == [11, 18, 25, 1]


def test_what_was_changed_by_hand_is_listed_and_left_alone_unless_chosen(
    staff: Client, first: Deployment
) -> None:
    other = all_of(first)[2]
    actions.change_deployment(deployment=other, revision=other.revision, title="Marché déplacé")
    answer = staff.get(f"/deploiements/{first.pk}/serie/decaler/")
    assert "changée à part : intitulé Marché déplacé" in words(answer)
    assert answer.context["form"].initial["chosen"] == [
        one.pk for one in all_of(first) if one.pk != other.pk
    ]
    send(staff, first, "decaler", [all_of(first)[2]], days="1")
    assert days(first) == [10, 17, 25, 31]


def test_all_or_nothing(staff: Client, first: Deployment, user: User) -> None:
    before = all_of(first)
    other = before[3]
    actions.change_deployment(deployment=other, revision=other.revision, title="Autre")
    answer = send(staff, first, "decaler", before, days="1")
    assert answer.status_code == 409
    assert "Quelqu’un vient de modifier une action de cette série" in words(answer)
    assert "intitulé Autre" in words(answer)
    assert days(first) == [10, 17, 24, 31]
    with pytest.raises(DeploymentMoved):
        series.cancel_series(
            revisions={one.pk: one.revision for one in before}, reason="Grève", author=user
        )
    assert {one.stage for one in all_of(first)} == {Stage.REPORTED}


def test_what_a_conflict_shows_can_be_sent_again(staff: Client, first: Deployment) -> None:
    before = all_of(first)
    actions.change_deployment(deployment=before[3], revision=before[3].revision, title="Autre")
    form = send(staff, first, "decaler", before, days="1").context["form"]
    sent = {name: form[name].value() for name in form.fields} | {"is_sure": "1"}
    assert staff.post(f"/deploiements/{first.pk}/serie/decaler/", sent).status_code == 302
    assert days(first) == [11, 18, 25, 1]


def test_a_series_is_called_off_at_once(staff: Client, first: Deployment) -> None:
    send(staff, first, "annuler", all_of(first), reason="Grève des transports")
    assert {one.stage for one in all_of(first)} == {Stage.CANCELLED}
    page = words(staff.get(f"/deploiements/{first.pk}/serie/"))
    assert "Plus rien à venir" in page


def test_the_others_become_like_one(staff: Client, first: Deployment) -> None:
    actions.change_deployment(
        deployment=first, revision=first.revision, title="Rouen, rive droite",
        commune=Commune.objects.get(pk=ROUEN), slots=[slot(FIRST + timedelta(hours=5), 2)],
    )  # fmt: skip
    first.refresh_from_db()
    needs = [Need(role("presse"), 2)]
    set_roles(deployment=first, revision=first.revision, needs=needs)
    others = all_of(first)[1:]
    aspects = ["title", "place", "hours", "team"]
    page = words(send(staff, first, "aligner", others, aspects=aspects, is_sure=""))
    assert page.count("Horaires : 9 h – 12 h → 14 h – 16 h") == 3
    assert send(staff, first, "aligner", others, aspects=aspects).status_code == 302
    for one, week in zip(all_of(first)[1:], WEEKS, strict=True):
        assert (one.title, one.commune_id) == ("Rouen, rive droite", ROUEN)
        assert one.starts_at == week.replace(hour=14)
        assert one.ends_at == week.replace(hour=16)
        assert [(need.role_id, need.minimum) for need in one.needs.all()] == [("presse", 2)]


def test_only_the_aspects_chosen_change(staff: Client, first: Deployment) -> None:
    actions.change_deployment(
        deployment=first, revision=first.revision, title="Nouveau titre",
        slots=[slot(FIRST.replace(hour=14))],
    )  # fmt: skip
    others = all_of(first)[1:]
    send(staff, first, "aligner", others, aspects=["title"])
    assert {one.title for one in all_of(first)} == {"Nouveau titre"}
    assert {one.starts_at for one in all_of(first)[1:]} == set(WEEKS)


def test_what_is_alike_already_is_said_and_left_alone(staff: Client, first: Deployment) -> None:
    others = all_of(first)[1:]
    page = words(send(staff, first, "aligner", others, aspects=["title"], is_sure=""))
    assert page.count("ne change pas") == 3
    send(staff, first, "aligner", others, aspects=["title"])
    assert [one.revision for one in all_of(first)[1:]] == [one.revision for one in others]


def test_each_team_is_told_once(
    staff: Client, first: Deployment, mailoutbox: list[EmailMessage]
) -> None:
    second, third = all_of(first)[1:3]
    for one, name in ((second, "ana"), (third, "bob")):
        add_member(one, first_name=name, phone="", email=f"{name}@example.org")
    deliver_due_messages()
    mailoutbox.clear()
    actions.change_deployment(
        deployment=first, revision=first.revision, title="Rouen",
        commune=Commune.objects.get(pk=ROUEN), slots=[slot(FIRST.replace(hour=14))],
    )  # fmt: skip
    aspects = ["title", "place", "hours", "team"]
    send(staff, first, "aligner", all_of(first)[1:], aspects=aspects)
    deliver_due_messages()
    assert sorted(mail.to[0] for mail in mailoutbox) == ["ana@example.org", "bob@example.org"]


@pytest.mark.parametrize(
    ("act", "typed", "said"),
    [
        ("decaler", {"days": "0"}, "Avec 0, rien ne bouge"),
        ("decaler", {"days": ""}, "De combien de jours"),
        ("annuler", {"reason": ""}, "Dites pourquoi"),
        ("aligner", {"aspects": []}, "Choisissez ce qui doit être pareil"),
        ("decaler", {"days": "1", "seen": "x"}, "Saisissez une valeur valide"),
    ],
)
def test_what_lacks_is_said_beside_its_field(
    staff: Client, first: Deployment, act: str, typed: dict[str, object], said: str
) -> None:
    answer = send(staff, first, act, all_of(first)[1:], **typed)
    assert answer.status_code == 200
    assert said in words(answer)


def test_at_least_one_action_is_chosen(staff: Client, first: Deployment) -> None:
    assert "Choisissez au moins une action" in words(send(staff, first, "decaler", [], days="1"))


def test_a_series_is_not_moved_into_the_past(staff: Client, user: User) -> None:
    tomorrow = (timezone.localtime(timezone=PARIS) + timedelta(days=1)).replace(hour=12)
    made = make_deployment(slots=[slot(tomorrow)])
    after = [tomorrow + timedelta(days=7)]
    actions.repeat_deployment(deployment=made, days=after, created_by=user)
    made.refresh_from_db()
    answer = send(staff, made, "decaler", all_of(made), days="-3")
    assert "déjà passé" in words(answer)
    assert send(staff, made, "decaler", all_of(made)[1:], days="-3").status_code == 302


def test_what_has_begun_or_is_off_stays_out(user: User, first: Deployment) -> None:
    second = all_of(first)[1]
    actions.cancel_deployment(deployment=second, revision=second.revision, reason="Neige")
    assert len(coming_in_series(user, first)) == 3
    actions.move_deployment(
        deployment=first, revision=first.revision, starts_at=timezone.now() - timedelta(hours=1)
    )
    assert len(coming_in_series(user, first)) == 2


def test_a_series_is_read_in_as_many_queries_whatever_its_length(
    user: User, first: Deployment
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert [one.label for one in siblings(coming_in_series(user, first))]
        return len(found)

    queries()
    few = queries()
    weeks = [WEEKS[-1] + timedelta(days=7 * number) for number in range(1, 9)]
    actions.repeat_deployment(deployment=first, days=weeks, created_by=user)
    assert queries() == few

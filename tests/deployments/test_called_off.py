"""Off and on again: each who is expected hears it, once, as it stands when the message leaves."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage

from deployments import actions, staffing
from deployments.enums import Answer
from deployments.models import Deployment, TeamMember
from deployments.team_messages import OFF, ON, PLACE, THANKS, WORD
from messaging.delivery import deliver_due_messages
from tests.deployments.factories import add_member, make_deployment, next_week, slot
from tests.deployments.test_team import answers, told
from tests.factories import make_user

pytestmark = pytest.mark.django_db
Outbox = list[EmailMessage]


def by_mail(deployment: Deployment, name: str, **fields: object) -> TeamMember:
    address = f"{name.lower()}@example.org"
    return add_member(deployment, first_name=name, phone="", email=address, **fields)  # type: ignore[arg-type]


@pytest.fixture
def deployment(mailoutbox: Outbox) -> Deployment:
    """Ana comes, Bob waits for a place, Cy has not answered, Dan declined."""
    made = make_deployment(capacity=1)
    for name in ("Ana", "Bob"):
        by_mail(made, name)
    by_mail(made, "Cy", comes=False)
    staffing.say_not_coming(member=by_mail(made, "Dan"))
    deliver_due_messages()
    mailoutbox.clear()
    return made


def arrived(mailoutbox: Outbox) -> dict[str, str]:
    """By recipient, the only mail that has arrived since the last time."""
    deliver_due_messages()
    found = {mail.to[0].partition("@")[0]: mail.subject for mail in mailoutbox}
    assert len(found) == len(mailoutbox)
    mailoutbox.clear()
    return found


def fresh(deployment: Deployment) -> dict[str, object]:
    deployment.refresh_from_db()
    return {"deployment": deployment, "revision": deployment.revision}


def cancel(deployment: Deployment, reason: str = "Tempête") -> None:
    actions.cancel_deployment(**fresh(deployment), reason=reason)  # type: ignore[arg-type]


def restore(deployment: Deployment) -> None:
    actions.restore_deployment(**fresh(deployment))  # type: ignore[arg-type]


def archive(deployment: Deployment) -> None:
    actions.archive_deployment(**fresh(deployment))  # type: ignore[arg-type]


TITLE = "Marché Saint-Pierre"
ALL_OFF = dict.fromkeys(("ana", "bob", "cy"), f"Annulé : {TITLE}")
ALL_ON = dict.fromkeys(("ana", "bob", "cy"), f"Finalement, c’est oui : {TITLE}")


def test_all_who_are_expected_hear_that_it_is_off(
    deployment: Deployment, mailoutbox: Outbox
) -> None:
    cancel(deployment)
    assert arrived(mailoutbox) == ALL_OFF


def test_they_hear_why(deployment: Deployment, mailoutbox: Outbox) -> None:
    cancel(deployment, reason="Alerte orange de Météo-France. " * 9)
    deliver_due_messages()
    body = str(mailoutbox[0].body).replace("\xa0", " ")
    assert "n’aura pas lieu" in body
    assert ": Alerte orange de Météo-France." in body
    assert "…" in body


def test_all_who_heard_that_it_was_off_hear_that_it_is_on(
    deployment: Deployment, mailoutbox: Outbox
) -> None:
    cancel(deployment)
    arrived(mailoutbox)
    restore(deployment)
    deliver_due_messages()
    bodies = {mail.to[0]: str(mail.body) for mail in mailoutbox}
    assert "Vous êtes dans l’équipe" in bodies["ana@example.org"]
    assert "toujours en liste d’attente" in bodies["bob@example.org"]
    assert "Venez-vous" in bodies["cy@example.org"]
    assert arrived(mailoutbox) == ALL_ON


def test_put_back_before_anybody_heard_nobody_hears_anything(
    deployment: Deployment, mailoutbox: Outbox
) -> None:
    cancel(deployment)
    restore(deployment)
    assert arrived(mailoutbox) == {}


def test_called_off_again_they_hear_again(deployment: Deployment, mailoutbox: Outbox) -> None:
    for _ in range(2):
        cancel(deployment)
        assert arrived(mailoutbox) == ALL_OFF
        restore(deployment)
        assert arrived(mailoutbox) == ALL_ON


def test_called_off_again_before_they_heard_it_was_on_they_know_already(
    deployment: Deployment, mailoutbox: Outbox
) -> None:
    cancel(deployment)
    arrived(mailoutbox)
    restore(deployment)
    cancel(deployment)
    assert arrived(mailoutbox) == {}
    restore(deployment)
    assert arrived(mailoutbox) == ALL_ON


def test_changing_an_action_that_is_off_says_nothing_more(
    deployment: Deployment, mailoutbox: Outbox
) -> None:
    cancel(deployment)
    arrived(mailoutbox)
    actions.set_slots(**fresh(deployment), slots=[slot(next_week(hour=14))])  # type: ignore[arg-type]
    assert arrived(mailoutbox) == {}


def test_archived_before_its_day_it_is_off_too(deployment: Deployment, mailoutbox: Outbox) -> None:
    archive(deployment)
    assert arrived(mailoutbox) == ALL_OFF
    restore(deployment)
    assert arrived(mailoutbox) == ALL_ON


def test_called_off_and_archived_it_is_said_once(
    deployment: Deployment, mailoutbox: Outbox
) -> None:
    cancel(deployment)
    archive(deployment)
    assert arrived(mailoutbox) == ALL_OFF


def test_who_gets_a_place_as_the_action_comes_back_hears_both_in_one_message(
    deployment: Deployment, mailoutbox: Outbox
) -> None:
    cancel(deployment)
    arrived(mailoutbox)
    deployment.team.filter(first_name="Ana").delete()
    restore(deployment)
    assert answers(deployment)["Bob"] == Answer.COMING
    assert (told(ON).count("bob@example.org"), told(PLACE)) == (1, [])
    deliver_due_messages()
    (heard,) = [mail for mail in mailoutbox if mail.to == ["bob@example.org"]]
    assert "Vous êtes dans l’équipe" in str(heard.body)


def test_archived_after_everybody_heard_nothing_is_said(
    deployment: Deployment, mailoutbox: Outbox
) -> None:
    cancel(deployment)
    arrived(mailoutbox)
    archive(deployment)
    assert arrived(mailoutbox) == {}


def test_a_past_action_is_archived_quietly(mailoutbox: Outbox) -> None:
    past = make_deployment(slots=[slot(next_week() - timedelta(days=14))])
    TeamMember.objects.create(
        deployment=past, person="x", first_name="Ana", email="ana@example.org",
        role_id="equipe", answer=Answer.COMING, token_hash="x",
    )  # fmt: skip
    archive(past)
    restore(past)
    assert (told(OFF), told(ON)) == ([], [])


def test_who_was_taken_elsewhere_meanwhile_is_asked_once(
    deployment: Deployment, mailoutbox: Outbox
) -> None:
    cancel(deployment)
    arrived(mailoutbox)
    by_mail(make_deployment(title="Foire"), "Ana")
    deliver_due_messages()
    mailoutbox.clear()
    restore(deployment)
    assert answers(deployment)["Ana"] == Answer.INVITED
    deliver_due_messages()
    (asked,) = [mail for mail in mailoutbox if mail.to == ["ana@example.org"]]
    assert "Venez-vous" in str(asked.body)


def test_who_never_heard_of_it_and_is_taken_elsewhere_is_asked_as_usual(
    deployment: Deployment, mailoutbox: Outbox
) -> None:
    cancel(deployment)
    by_mail(make_deployment(title="Foire"), "Ana")
    restore(deployment)
    assert told(ON) == []
    assert told(WORD).count("ana@example.org") == 3


def test_what_is_said_of_one_action_is_not_of_another(
    deployment: Deployment, mailoutbox: Outbox
) -> None:
    other = make_deployment(title="Foire", slots=[slot(next_week(hour=14))])
    by_mail(other, "Ana")
    cancel(deployment)
    cancel(other)
    deliver_due_messages()
    assert {mail.subject for mail in mailoutbox if mail.to == ["ana@example.org"]} == {
        f"Annulé : {TITLE}", "Annulé : Foire",
    }  # fmt: skip
    mailoutbox.clear()
    restore(other)
    assert arrived(mailoutbox) == {"ana": "Finalement, c’est oui : Foire"}


def test_the_team_of_an_idea_hears_that_it_is_dropped() -> None:
    idea = make_deployment(reported=False)
    add_member(idea, 1)
    staffing.say_not_coming(member=add_member(idea, 2))
    actions.delete_deployment(**fresh(idea), author=make_user("staff", "ul-caen"))  # type: ignore[arg-type]
    assert told(THANKS) == ["+33639987701"]


def test_neighbours_who_heard_that_it_was_off_hear_that_it_is_on(mailoutbox: Outbox) -> None:
    neighbour = make_user("staff", "ud-14").email.partition("@")[0]
    announced = make_deployment()
    arrived(mailoutbox)
    for _ in range(2):
        cancel(announced)
        archive(announced)
        assert arrived(mailoutbox)[neighbour].startswith(f"Annulée : {TITLE}")
        restore(announced)
        assert arrived(mailoutbox)[neighbour].startswith(f"Rétablie : {TITLE}")
    cancel(announced)
    restore(announced)
    assert arrived(mailoutbox) == {}


def test_neighbours_hear_that_it_was_archived_before_its_day(mailoutbox: Outbox) -> None:
    neighbour = make_user("staff", "ud-14").email.partition("@")[0]
    announced = make_deployment()
    arrived(mailoutbox)
    archive(announced)
    assert arrived(mailoutbox)[neighbour].startswith(f"Annulée : {TITLE}")
    restore(announced)
    assert arrived(mailoutbox)[neighbour].startswith(f"Rétablie : {TITLE}")


def test_neighbours_hear_nothing_of_a_past_action_put_away(mailoutbox: Outbox) -> None:
    make_user("staff", "ud-14")
    past = make_deployment(slots=[slot(next_week() - timedelta(days=14))])
    arrived(mailoutbox)
    archive(past)
    assert arrived(mailoutbox) == {}


def test_who_put_it_back_is_not_told(mailoutbox: Outbox) -> None:
    author = make_user("staff", "ud-14")
    announced = make_deployment()
    cancel(announced)
    arrived(mailoutbox)
    actions.restore_deployment(**fresh(announced), author=author)  # type: ignore[arg-type]
    assert arrived(mailoutbox) == {}

"""The day before: who is asked, when, and exactly once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from deployments import actions, staffing
from deployments.confirming import ask_confirmations
from deployments.forgetting import erase_member, forget_old_teams
from deployments.models import Deployment, TeamMember
from deployments.person_hours import person_hours
from deployments.team_composing import compose
from deployments.team_messages import CONFIRM, WARNING, WORD
from deployments.team_rules import team_sheet
from messaging.delivery import deliver_due_messages
from messaging.enums import Channel, Status
from messaging.models import Message
from territory.models import Commune
from tests.deployments.factories import PARIS, add_member, make_deployment, slot
from tests.factories import make_user

pytestmark = pytest.mark.django_db
# A Wednesday far from any holiday, and a Monday.
WEDNESDAY_NINE = datetime(2027, 2, 3, 9, tzinfo=PARIS)
MONDAY_NINE = datetime(2027, 2, 8, 9, tzinfo=PARIS)


def on_the_eve(hour: int, minute: int = 0, *, days: int = 1) -> Any:
    day = WEDNESDAY_NINE - timedelta(days=days)
    return time_machine.travel(day.replace(hour=hour, minute=minute), tick=False)


def team_of_wednesday(**fields: Any) -> Deployment:
    with on_the_eve(hour=8, days=10):
        deployment = make_deployment(slots=[slot(WEDNESDAY_NINE)], **fields)
        add_member(deployment, 1)
    return deployment


def asked() -> list[str]:
    messages = Message.objects.filter(purpose=CONFIRM).order_by("created_at", "recipient")
    return [message.recipient for message in messages]


def test_the_question_leaves_at_the_hour_chosen_the_day_before() -> None:
    team_of_wednesday()
    with on_the_eve(hour=16, minute=59):
        assert ask_confirmations() == 0
    with on_the_eve(hour=17):
        assert ask_confirmations() == 1
    (message,) = Message.objects.filter(purpose=CONFIRM)
    assert message.channel == Channel.SMS
    assert message.not_after == WEDNESDAY_NINE


def test_sweeping_again_asks_nobody_twice() -> None:
    deployment = team_of_wednesday()
    with on_the_eve(hour=17):
        ask_confirmations()
    with on_the_eve(hour=18):
        assert ask_confirmations() == 0
    # A restored copy of the row forgets the mark: the key of the message does not.
    deployment.team.update(asked_to_confirm_at=None)
    with on_the_eve(hour=19):
        ask_confirmations()
    assert asked() == ["+33639987701"]


def test_nobody_is_asked_once_the_action_began() -> None:
    team_of_wednesday()
    with time_machine.travel(WEDNESDAY_NINE, tick=False):
        assert ask_confirmations() == 0


def test_a_question_that_waited_too_long_never_leaves() -> None:
    team_of_wednesday()
    with on_the_eve(hour=19):
        ask_confirmations()
    Message.objects.exclude(purpose=CONFIRM).delete()
    with time_machine.travel(WEDNESDAY_NINE + timedelta(minutes=1), tick=False):
        deliver_due_messages()
    assert Message.objects.get().status == Status.SKIPPED


def test_who_has_just_said_yes_is_not_asked() -> None:
    deployment = team_of_wednesday()
    with on_the_eve(hour=17, minute=30):
        add_member(deployment, 2)
    with on_the_eve(hour=18):
        ask_confirmations()
    assert asked() == ["+33639987701"]


def test_who_does_not_come_is_not_asked() -> None:
    deployment = team_of_wednesday()
    with on_the_eve(hour=16):
        staffing.say_not_coming(member=deployment.team.get())
    with on_the_eve(hour=17):
        assert ask_confirmations() == 0


def test_an_action_that_is_off_asks_nobody() -> None:
    deployment = team_of_wednesday()
    with on_the_eve(hour=12):
        actions.cancel_deployment(
            deployment=deployment, revision=deployment.revision, reason="Tempête"
        )
    with on_the_eve(hour=17):
        assert ask_confirmations() == 0


def test_a_question_answered_before_it_left_has_no_words_any_more() -> None:
    deployment = team_of_wednesday()
    with on_the_eve(hour=17):
        ask_confirmations()
    with on_the_eve(hour=17, minute=1):
        staffing.say_coming(member=deployment.team.get())
    assert compose(list(Message.objects.filter(purpose=CONFIRM))) == {}


def test_the_pilot_sees_who_has_not_answered() -> None:
    deployment = team_of_wednesday()
    with on_the_eve(hour=12):
        add_member(deployment, 2)
    with on_the_eve(hour=17):
        ask_confirmations()
    with on_the_eve(hour=18):
        staffing.say_coming(member=deployment.team.get(first_name="Sacha 1"))
    assert [member.first_name for member in team_sheet(deployment).silent] == ["Sacha 2"]


def test_each_day_of_several_is_asked_about() -> None:
    with on_the_eve(hour=8, days=10):
        days = [slot(WEDNESDAY_NINE), slot(WEDNESDAY_NINE + timedelta(days=1))]
        add_member(make_deployment(slots=days), 1)
    with on_the_eve(hour=17):
        assert ask_confirmations() == 1
    with on_the_eve(hour=17, days=0):
        assert ask_confirmations() == 1
    assert len(asked()) == 2


def test_two_shifts_of_one_day_are_one_question() -> None:
    with on_the_eve(hour=8, days=10):
        day = [slot(WEDNESDAY_NINE), slot(WEDNESDAY_NINE.replace(hour=15))]
        add_member(make_deployment(slots=day), 1)
    with on_the_eve(hour=17):
        assert ask_confirmations() == 1


def test_no_sms_on_a_sunday_monday_s_team_is_asked_on_saturday() -> None:
    with on_the_eve(hour=8, days=10):
        deployment = make_deployment(slots=[slot(MONDAY_NINE)])
        add_member(deployment, 1)
        add_member(deployment, 2, phone="", email="lou@example.org")
    with time_machine.travel(datetime(2027, 2, 6, 17, tzinfo=PARIS), tick=False):
        ask_confirmations()
    assert asked() == ["+33639987701"]
    with time_machine.travel(datetime(2027, 2, 7, 17, tzinfo=PARIS), tick=False):
        ask_confirmations()
    assert asked() == ["+33639987701", "lou@example.org"]


def test_reunion_is_asked_by_its_own_hour() -> None:
    reunion = Commune.objects.get(pk="97411")
    start = datetime(2027, 2, 3, 9, tzinfo=ZoneInfo("Indian/Reunion"))
    with on_the_eve(hour=8, days=10):
        add_member(make_deployment(commune=reunion, slots=[slot(start)]), 1)
    with time_machine.travel(datetime(2027, 2, 2, 12, 59, tzinfo=UTC), tick=False):
        assert ask_confirmations() == 0
    with time_machine.travel(datetime(2027, 2, 2, 13, tzinfo=UTC), tick=False):
        assert ask_confirmations() == 1


def test_the_words_carry_the_link_and_the_outbox_does_not() -> None:
    team_of_wednesday()
    with on_the_eve(hour=17):
        ask_confirmations()
        messages = list(Message.objects.filter(purpose=CONFIRM))
        (words,) = compose(messages).values()
    assert messages[0].text == ""
    assert "/equipe/p/" in words.text
    assert "mercredi 3 février, 9 h - 12 h, Caen" in words.text
    assert "’" not in words.text


def test_composing_asks_as_much_for_ten_as_for_one(django_assert_max_num_queries: Any) -> None:
    with on_the_eve(hour=8, days=10):
        deployment = make_deployment(slots=[slot(WEDNESDAY_NINE)])
        for number in range(10):
            add_member(deployment, number)
    messages = list(Message.objects.filter(purpose=WORD))
    with django_assert_max_num_queries(4):
        assert len(compose(messages)) == 10


def test_numbers_are_forgotten_a_month_after_the_action() -> None:
    deployment = team_of_wednesday()
    with time_machine.travel(WEDNESDAY_NINE + timedelta(days=29), tick=False):
        assert forget_old_teams() == 0
    with time_machine.travel(WEDNESDAY_NINE + timedelta(days=31), tick=False):
        assert forget_old_teams() == 1
        assert forget_old_teams() == 0
    member = deployment.team.get()
    assert (member.first_name, str(member.phone), member.email) == ("Sacha 1", "", "")
    assert not Message.objects.exclude(recipient="").exists()


def test_what_is_forgotten_is_recognised_no_more() -> None:
    deployment = team_of_wednesday()
    person = deployment.team.get().person
    with time_machine.travel(WEDNESDAY_NINE + timedelta(days=31), tick=False):
        forget_old_teams()
    member = deployment.team.get()
    assert person not in (member.person, member.bookings.get().person)


def test_who_erases_themselves_leaves_no_trace_and_frees_their_place() -> None:
    deployment = team_of_wednesday(capacity=1)
    with on_the_eve(hour=8, days=5):
        add_member(deployment, 2)
        erase_member(member=deployment.team.get(first_name="Sacha 1"))
    member = deployment.team.get()
    assert (member.first_name, member.answer) == ("Sacha 2", "coming")
    assert not Message.objects.filter(recipient="+33639987701").exists()


def test_who_came_and_erases_themselves_still_counts_without_a_name() -> None:
    deployment = team_of_wednesday()
    TeamMember.objects.update(attended=True)
    with time_machine.travel(WEDNESDAY_NINE + timedelta(days=2), tick=False):
        erase_member(member=deployment.team.get())
    assert deployment.team.get().first_name == "Quelqu’un"
    assert person_hours(deployment) == 3


def test_a_pilot_who_erases_themselves_is_missed() -> None:
    make_user("staff", "ul-caen")
    with on_the_eve(hour=8, days=10):
        deployment = make_deployment(slots=[slot(WEDNESDAY_NINE)])
        erase_member(member=add_member(deployment, 1, slug="pilote"))
    assert Message.objects.filter(purpose=WARNING).count() == 1

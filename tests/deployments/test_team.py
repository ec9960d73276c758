"""Who comes: places, the waiting list, roles, pilots, pairs, and nobody in two places."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from deployments import actions, staffing
from deployments.absences import note_absence
from deployments.bookings import AlreadyTaken
from deployments.enums import Answer
from deployments.models import Booking, Deployment, RoleNeed, TeamMember
from deployments.pairs import pair_up
from deployments.person_hours import person_hours
from deployments.shifts import Slot
from deployments.sign_up_links import open_link
from deployments.team_composing import compose
from deployments.team_messages import CHANGE, OFF, PLACE, SIGNED_UP, WORD
from deployments.team_rules import missing_roles, pick_list, team_sheet
from messaging.delivery import deliver_due_messages
from messaging.models import Message
from territory.models import Commune
from tests.deployments.factories import add_member, make_deployment, next_week, role, slot
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def answers(deployment: Deployment) -> dict[str, str]:
    return dict(deployment.team.order_by("pk").values_list("first_name", "answer"))


def told(purpose: str) -> list[str]:
    messages = Message.objects.filter(purpose=purpose).order_by("created_at", "recipient")
    return [message.recipient for message in messages]


def test_who_comes_when_all_places_are_taken_waits() -> None:
    deployment = make_deployment(capacity=1)
    add_member(deployment, 1)
    add_member(deployment, 2)
    assert answers(deployment) == {"Sacha 1": Answer.COMING, "Sacha 2": Answer.WAITING}


def test_a_place_that_is_freed_goes_to_the_first_who_waited() -> None:
    deployment = make_deployment(capacity=1)
    first = add_member(deployment, 1)
    add_member(deployment, 2)
    add_member(deployment, 3)
    staffing.say_not_coming(member=first)
    assert answers(deployment) == {
        "Sacha 1": Answer.DECLINED, "Sacha 2": Answer.COMING, "Sacha 3": Answer.WAITING,
    }  # fmt: skip
    assert told(PLACE) == ["+33639987702"]


def test_who_left_and_comes_back_waits_behind_the_others() -> None:
    deployment = make_deployment(capacity=1)
    first = add_member(deployment, 1)
    add_member(deployment, 2)
    add_member(deployment, 3)
    staffing.say_not_coming(member=first)
    staffing.say_coming(member=first)
    assert [one.first_name for one in team_sheet(deployment).waiting] == ["Sacha 3", "Sacha 1"]


def test_saying_yes_twice_takes_one_place() -> None:
    deployment = make_deployment(capacity=2)
    member = add_member(deployment, 1)
    staffing.say_coming(member=member)
    assert deployment.team.coming().count() == 1
    assert Booking.objects.filter(member=member).count() == 1


def test_removing_somebody_frees_their_place() -> None:
    deployment = make_deployment(capacity=1)
    first = add_member(deployment, 1)
    add_member(deployment, 2)
    staffing.remove_member(member=first, removed_by=make_user("staff", "ul-caen"))
    assert answers(deployment) == {"Sacha 2": Answer.COMING}


def test_a_freed_place_is_not_given_to_somebody_taken_elsewhere() -> None:
    deployment = make_deployment(capacity=1)
    first = add_member(deployment, 1)
    add_member(deployment, 2)
    add_member(deployment, 3)
    add_member(make_deployment(title="Foire"), 2)
    staffing.say_not_coming(member=first)
    assert answers(deployment)["Sacha 2"] == Answer.WAITING
    assert answers(deployment)["Sacha 3"] == Answer.COMING


def test_nobody_is_in_two_places_at_once() -> None:
    add_member(make_deployment(), 1)
    elsewhere = make_deployment("ud-50", slots=[slot(next_week(hour=11))])
    member = add_member(elsewhere, 1, comes=False)
    with pytest.raises(AlreadyTaken) as error:
        staffing.say_coming(member=member)
    assert error.value.clash.starts_at == next_week(hour=11)
    assert error.value.clash.ends_at == next_week(hour=12)


def test_the_database_itself_refuses_two_places_at_once() -> None:
    first = add_member(make_deployment(), 1)
    other = add_member(make_deployment(slots=[slot(next_week(hour=14))]), 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(member=other).update(
            during=DateTimeTZRange(next_week(hour=10), next_week(hour=11))
        )
    assert first.person == other.person


def test_one_action_after_the_other_is_fine() -> None:
    add_member(make_deployment(), 1)
    after = make_deployment(slots=[slot(next_week(hour=12))])
    assert add_member(after, 1).answer == Answer.COMING


def test_several_days_may_be_shared() -> None:
    start = next_week()
    fair = make_deployment(slots=[slot(start), slot(start + timedelta(days=1))])
    add_member(make_deployment(title="Marché"), 1)
    member = add_member(fair, 1, comes=False)
    second = fair.shifts.last()
    assert second
    staffing.say_coming(member=member, shifts=[second])
    assert [booking.shift for booking in member.bookings.all()] == [second]


def test_two_shifts_at_the_same_time_make_one_booking() -> None:
    start = next_week()
    deployment = make_deployment(slots=[slot(start, label="Nord"), slot(start, label="Sud")])
    assert add_member(deployment, 1).bookings.count() == 1


def test_an_action_that_moves_takes_its_team_along() -> None:
    deployment = make_deployment()
    member = add_member(deployment, 1)
    actions.move_deployment(
        deployment=deployment, revision=deployment.revision, starts_at=next_week(hour=14)
    )
    assert member.bookings.get().during.lower == next_week(hour=14)
    assert told(CHANGE) == ["+33639987701"]


def set_slots(deployment: Deployment, *slots: Slot) -> None:
    deployment.refresh_from_db()
    actions.set_slots(deployment=deployment, revision=deployment.revision, slots=slots)


def test_who_chose_a_shift_keeps_it_when_its_hour_changes() -> None:
    days = [next_week() + timedelta(days=number) for number in range(2)]
    deployment = make_deployment(slots=[slot(day) for day in days])
    shifts = list(deployment.shifts.all())
    members = [add_member(deployment, number) for number in (1, 2)]
    for member, chosen in zip(members, shifts, strict=True):
        staffing.say_coming(member=member, shifts=[chosen])
    later = days[0] + timedelta(hours=1)
    set_slots(deployment, slot(later, label="Matin"), slot(days[1], hours=2))
    assert [member.wanted.get() for member in members] == shifts
    assert members[0].bookings.get().during.lower == later
    assert members[1].bookings.get().during.upper == days[1] + timedelta(hours=2)


def test_shifts_put_on_other_days_keep_who_chose_them_in_order() -> None:
    start = next_week()
    deployment = make_deployment(slots=[slot(start), slot(start + timedelta(days=1))])
    member = add_member(deployment, 1)
    staffing.say_coming(member=member, shifts=[deployment.shifts.all()[1]])
    days = [start + timedelta(days=number) for number in (7, 8, 9)]
    set_slots(deployment, *(slot(day) for day in days))
    assert member.bookings.get().during.lower == days[1]
    assert deployment.shifts.count() == 3


def test_another_hour_inside_an_action_of_several_days_is_told() -> None:
    days = [next_week() + timedelta(days=number) for number in range(3)]
    deployment = make_deployment(slots=[slot(day) for day in days])
    add_member(deployment, 1)
    set_slots(deployment, slot(days[0]), slot(days[1] + timedelta(hours=2)), slot(days[2]))
    assert told(CHANGE) == ["+33639987701"]
    set_slots(deployment, slot(days[0]), slot(days[1] + timedelta(hours=2)), slot(days[2]))
    assert told(CHANGE) == ["+33639987701"]


def test_another_place_is_told(mailoutbox: list[EmailMessage]) -> None:
    deployment = make_deployment()
    add_member(deployment, phone="", email="sacha@example.org")
    place = actions.find_or_create_place(commune=deployment.commune, name="Place du Théâtre")  # type: ignore[arg-type]
    for fields in ({"place": place}, {"title": "Marché de nuit"}):
        deployment.refresh_from_db()
        actions.change_deployment(deployment=deployment, revision=deployment.revision, **fields)
    assert told(CHANGE) == ["sacha@example.org"]
    deliver_due_messages()
    last = mailoutbox[-1]
    assert last.subject == "Autres horaires ou autre lieu : Marché de nuit"
    assert "Place du Théâtre" in str(last.body)


def test_hours_that_come_back_are_told_each_time(mailoutbox: list[EmailMessage]) -> None:
    deployment = make_deployment()
    add_member(deployment, phone="", email="sacha@example.org")
    deliver_due_messages()
    mailoutbox.clear()
    for hour in (14, 9, 14):
        set_slots(deployment, slot(next_week(hour=hour)))
        deliver_due_messages()
        assert f"{hour} h" in str(mailoutbox[-1].body).replace("\xa0", " ")
    assert len(mailoutbox) == 3


def test_only_the_last_hours_leave(mailoutbox: list[EmailMessage]) -> None:
    deployment = make_deployment()
    add_member(deployment, phone="", email="sacha@example.org")
    deliver_due_messages()
    mailoutbox.clear()
    for hour in (14, 9, 14):
        set_slots(deployment, slot(next_week(hour=hour)))
    deliver_due_messages()
    assert len(mailoutbox) == 1


def test_who_cannot_follow_a_move_is_asked_again() -> None:
    deployment = make_deployment()
    add_member(deployment, 1)
    add_member(make_deployment(slots=[slot(next_week(hour=14))]), 1)
    Message.objects.all().delete()
    actions.move_deployment(
        deployment=deployment, revision=deployment.revision, starts_at=next_week(hour=15)
    )
    assert answers(deployment) == {"Sacha 1": Answer.INVITED}
    assert (told(WORD), told(CHANGE)) == (["+33639987701"], [])


def test_a_bigger_team_takes_who_waits() -> None:
    deployment = make_deployment(capacity=1)
    add_member(deployment, 1)
    add_member(deployment, 2)
    actions.change_deployment(deployment=deployment, revision=deployment.revision, capacity=2)
    assert set(answers(deployment).values()) == {Answer.COMING}


def test_an_action_that_goes_to_another_time_zone_takes_its_team_along() -> None:
    deployment = make_deployment()
    member = add_member(deployment, 1)
    actions.change_deployment(
        deployment=deployment, revision=deployment.revision,
        commune=Commune.objects.get(pk="97411"),
    )  # fmt: skip
    shift = deployment.shifts.get()
    assert member.bookings.get().during.lower == shift.starts_at != next_week()


def test_an_action_that_is_cancelled_frees_its_team_and_tells_it() -> None:
    deployment = make_deployment()
    add_member(deployment, 1)
    actions.cancel_deployment(deployment=deployment, revision=deployment.revision, reason="Tempête")
    assert told(OFF) == ["+33639987701"]
    assert add_member(make_deployment(title="Ailleurs"), 1).answer == Answer.COMING


def test_archiving_a_past_action_keeps_its_hours() -> None:
    deployment = make_deployment(slots=[slot(next_week() - timedelta(days=14))])
    TeamMember.objects.create(
        deployment=deployment, person="x", first_name="Sacha", email="s@example.org",
        role=role(), answer=Answer.COMING, attended=True, token_hash="x",
    )  # fmt: skip
    actions.archive_deployment(deployment=deployment, revision=deployment.revision)
    assert person_hours(deployment) == 3


def test_nobody_joins_a_cancelled_action() -> None:
    deployment = make_deployment()
    actions.cancel_deployment(deployment=deployment, revision=deployment.revision, reason="Tempête")
    with pytest.raises(staffing.TeamClosed):
        add_member(deployment, 1)


def test_who_is_invited_twice_is_in_the_team_once() -> None:
    deployment = make_deployment()
    add_member(deployment, 1, comes=False)
    with pytest.raises(staffing.AlreadyInTeam):
        add_member(deployment, 1, comes=False, first_name="Autre prénom")


def test_an_address_that_has_an_account_is_that_account() -> None:
    deployment = make_deployment()
    user = make_user("militant", "ul-caen")
    member = add_member(deployment, phone="", email=user.email.upper())
    assert (member.user, member.person) == (user, f"u:{user.pk}")


def test_who_is_absent_or_taken_is_not_invited() -> None:
    deployment = make_deployment()
    day = next_week().date()
    absent, taken, free = (make_user("militant", "ul-caen") for _ in range(3))
    note_absence(user=absent, first=day, last=day)
    staffing.join_with_account(deployment=make_deployment(title="Foire"), user=taken, role=role())
    invited = staffing.invite_accounts(
        deployment=deployment, users=[absent, taken, free], role=role(),
        invited_by=make_user("staff", "ul-caen"),
    )  # fmt: skip
    assert invited.absent == [absent]
    assert [user for user, _ in invited.taken] == [taken]
    assert [member.user for member in invited.members] == [free]
    assert told(WORD) == [free.email]


def test_the_pick_list_says_who_cannot_come() -> None:
    deployment = make_deployment()
    user = make_user("militant", "ul-caen")
    note_absence(user=user, first=next_week().date(), last=next_week().date())
    (choice,) = [one for one in pick_list(deployment) if one.user == user]
    assert choice.obstacle == "absent·e ce jour-là"


def test_an_absence_of_the_day_before_is_no_obstacle() -> None:
    deployment = make_deployment()
    user = make_user("militant", "ul-caen")
    eve = next_week().date() - timedelta(days=1)
    note_absence(user=user, first=eve, last=eve)
    (choice,) = [one for one in pick_list(deployment) if one.user == user]
    assert choice.obstacle == ""


def test_a_role_is_filled_only_by_who_holds_its_mandate() -> None:
    deployment = make_deployment()
    need = RoleNeed.objects.create(
        deployment=deployment, role=role("conseil"), minimum=2, mandate="counsellor"
    )
    add_member(deployment, 1, slug="conseil", mandates=["counsellor"])
    add_member(deployment, 2, slug="conseil")
    (missing,) = missing_roles([need], deployment.team.coming())
    assert str(missing).startswith("1 × Point d’information sur les droits (Conseiller")


def test_nobody_fills_two_needs_of_one_role() -> None:
    deployment = make_deployment()
    needs = [
        RoleNeed.objects.create(deployment=deployment, role=role("conseil"), minimum=1),
        RoleNeed.objects.create(
            deployment=deployment, role=role("conseil"), minimum=1, mandate="counsellor"
        ),
    ]
    add_member(deployment, 1, slug="conseil", mandates=["counsellor"])
    (missing,) = missing_roles(needs, deployment.team.coming())
    assert (missing.number, missing.mandate) == (1, "")


def test_pairs_put_the_seasoned_with_the_newest() -> None:
    past = make_deployment(slots=[slot(next_week() - timedelta(days=14))])
    deployment = make_deployment()
    members = [add_member(deployment, number) for number in range(1, 5)]
    for seasoned in members[:2]:
        TeamMember.objects.create(
            deployment=past, person=seasoned.person, first_name="x", phone=seasoned.phone,
            role=role(), attended=True, token_hash=seasoned.person,
        )  # fmt: skip
    pair_up(deployment=deployment)
    pairs = dict(deployment.team.values_list("first_name", "pair"))
    assert pairs["Sacha 1"] == pairs["Sacha 4"] != pairs["Sacha 2"] == pairs["Sacha 3"]


def test_somebody_left_over_joins_a_pair() -> None:
    deployment = make_deployment()
    for number in range(1, 4):
        add_member(deployment, number)
    pair_up(deployment=deployment)
    assert {member.pair for member in deployment.team.all()} == {1}


def test_who_had_chosen_only_a_dropped_shift_is_asked_and_never_taken_for_the_others() -> None:
    days = [next_week() + timedelta(days=number) for number in range(3)]
    deployment = make_deployment(slots=[slot(day) for day in days])
    member = add_member(deployment, 1)
    staffing.say_coming(member=member, shifts=[deployment.shifts.all()[2]])
    both = add_member(deployment, 2)
    staffing.say_coming(member=both, shifts=list(deployment.shifts.all()[1:]))
    Message.objects.all().delete()
    set_slots(deployment, slot(days[0]), slot(days[1]))
    member.refresh_from_db()
    assert (member.answer, member.has_lost_shift) == (Answer.INVITED, True)
    assert not member.bookings.exists()
    assert both.bookings.count() == 1
    assert told(WORD) == ["+33639987701"]
    (words,) = compose(list(Message.objects.filter(purpose=WORD))).values()
    assert "le créneau que vous aviez choisi" in words.text
    member = staffing.say_coming(member=member, shifts=[deployment.shifts.all()[0]])
    assert (member.answer, member.has_lost_shift) == (Answer.COMING, False)


def test_a_shift_dropped_while_an_action_is_off_takes_nobody_once_it_is_on_again() -> None:
    days = [next_week() + timedelta(days=number) for number in range(2)]
    deployment = make_deployment(slots=[slot(day) for day in days])
    member = add_member(deployment, 1)
    staffing.say_coming(member=member, shifts=[deployment.shifts.all()[1]])
    deployment.refresh_from_db()
    actions.cancel_deployment(deployment=deployment, revision=deployment.revision, reason="Grève")
    set_slots(deployment, slot(days[0]))
    deployment.refresh_from_db()
    actions.restore_deployment(deployment=deployment, revision=deployment.revision)
    member.refresh_from_db()
    assert (member.answer, member.has_lost_shift) == (Answer.INVITED, True)
    assert not member.bookings.exists()


def test_who_lost_their_partner_is_shown_and_put_with_somebody_else() -> None:
    deployment = make_deployment()
    members = [add_member(deployment, number) for number in range(1, 5)]
    pair_up(deployment=deployment)
    staffing.say_not_coming(member=members[0])
    left = team_sheet(deployment).left_behind
    assert [member.first_name for member in left] == ["Sacha 4"]
    add_member(deployment, 5)
    assert pair_up(deployment=deployment) == 2
    pairs = dict(deployment.team.coming().values_list("first_name", "pair"))
    assert pairs["Sacha 4"] == pairs["Sacha 5"] != pairs["Sacha 2"] == pairs["Sacha 3"]
    assert team_sheet(deployment).left_behind == []


def test_who_lost_their_partner_and_has_nobody_else_makes_a_pair_of_three() -> None:
    deployment = make_deployment()
    members = [add_member(deployment, number) for number in range(1, 5)]
    pair_up(deployment=deployment)
    staffing.say_not_coming(member=members[0])
    assert pair_up(deployment=deployment) == 1
    assert len(set(deployment.team.coming().values_list("pair", flat=True))) == 1


def test_signing_up_by_the_link_takes_a_place_and_sends_the_personal_link() -> None:
    link = open_link(deployment=make_deployment())
    member = staffing.sign_up(
        link=link, first_name="Lou", phone="+33639987799", email="", role=role()
    )
    assert member.answer == Answer.COMING
    assert told(SIGNED_UP) == ["+33639987799"]


def test_signing_somebody_up_again_changes_nothing() -> None:
    deployment = make_deployment()
    member = add_member(deployment, 1)
    staffing.say_not_coming(member=member)
    staffing.sign_up(
        link=open_link(deployment=deployment), first_name="Usurpé", phone="+33639987701",
        email="", role=role("presse"),
    )  # fmt: skip
    member.refresh_from_db()
    assert (member.first_name, member.answer, member.role_id) == (
        "Sacha 1", Answer.DECLINED, "equipe",
    )  # fmt: skip


def test_a_stranger_s_number_gets_three_messages_a_day_at_most() -> None:
    for number in range(5):
        link = open_link(deployment=make_deployment(title=f"Action {number}"))
        staffing.sign_up(link=link, first_name="Lou", phone="+33639987799", email="", role=role())
    assert len(told(SIGNED_UP)) == 3


def test_who_is_invited_to_a_whole_series_hears_of_each_action() -> None:
    for number in range(5):
        day = next_week() + timedelta(days=number)
        add_member(make_deployment(slots=[slot(day)]), 99, comes=False)
    assert len(told(WORD)) == 5
    link = open_link(deployment=make_deployment(title="Foire"))
    staffing.sign_up(link=link, first_name="Lou", phone="+33639987799", email="", role=role())
    assert (len(told(WORD)), len(told(SIGNED_UP))) == (5, 1)

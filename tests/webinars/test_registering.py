"""Who gets in: places, the waiting list, audiences, requests; the same answer to all."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from messaging.addresses import InvalidAddress
from messaging.models import Message
from organisations.enums import Mandate
from organisations.models import User
from tests.factories import get_organisation, make_user
from tests.webinars.factories import (
    FRIDAY,
    delivered,
    make_webinar,
    sign_up,
    somebody,
    states,
    told,
)
from webinars import actions, mails
from webinars.audience import admit_addresses, audience_words, turn_away
from webinars.enums import RegistrationState
from webinars.links import personal_url
from webinars.models import Admission, Registration, Series
from webinars.personal_links import revoke_link
from webinars.places import fill_freed_places
from webinars.registering import (
    MOST_IN_A_DAY,
    Applicant,
    approve,
    cancel_registration,
    come_back,
    refuse,
    register,
)

pytestmark = pytest.mark.django_db
REGISTERED, WAITING, ASKED, REFUSED, CANCELLED = (
    RegistrationState.REGISTERED, RegistrationState.WAITING, RegistrationState.ASKED,
    RegistrationState.REFUSED, RegistrationState.CANCELLED,
)  # fmt: skip


def test_anybody_registers_for_an_open_session() -> None:
    webinar = make_webinar()
    registration = sign_up(webinar)
    assert registration.state == REGISTERED
    assert told(mails.WORD) == ["sacha1@exemple.fr"]


def test_several_sessions_in_one_registration() -> None:
    two = [make_webinar(title="Un"), make_webinar(title="Deux")]
    registrations = register(webinars=two, applicant=somebody())
    assert {one.webinar for one in registrations} == set(two)
    assert len({one.secret_hash for one in registrations}) == 2
    assert len(told(mails.WORD)) == 2


@pytest.mark.parametrize("email", ["sacha1@exemple.fr", " Sacha1@Exemple.FR ", "SACHA1@EXEMPLE.FR"])
def test_a_replay_however_it_is_spelled_is_the_same_registration(email: str) -> None:
    webinar = make_webinar()
    first = sign_up(webinar)
    again = sign_up(webinar, email=email, name="Un autre nom")
    assert (again.pk, again.name) == (first.pk, "Sacha 1")
    assert Registration.objects.count() == 1
    assert Message.objects.count() == 1


def test_who_registers_again_gets_the_promised_mail_once_an_hour(time_machine: Any) -> None:
    time_machine.move_to(FRIDAY - timedelta(days=3), tick=False)
    webinar = make_webinar(starts_at=FRIDAY)
    one = sign_up(webinar)
    delivered()
    time_machine.shift(timedelta(minutes=15))
    for _ in range(3):
        sign_up(webinar, name="Quelqu’un d’autre")
    (mail,) = delivered()
    assert personal_url(one) in mail.body
    time_machine.shift(timedelta(hours=1))
    sign_up(webinar)
    assert len(delivered()) == 1


def test_a_withdrawn_link_or_a_refusal_is_not_mailed_again(time_machine: Any) -> None:
    time_machine.move_to(FRIDAY - timedelta(days=3), tick=False)
    staff = make_user("staff", "confederation")
    withdrawn, refused = make_webinar(starts_at=FRIDAY), make_webinar("cpri", starts_at=FRIDAY)
    revoke_link(registration=sign_up(withdrawn), revoked_by=staff)
    refuse(registration=sign_up(refused), decided_by=staff)
    time_machine.shift(timedelta(minutes=15))
    for webinar in (withdrawn, refused):
        sign_up(webinar)
    assert told(mails.LINK) == []


def test_changing_ones_mind_over_and_over_does_not_fill_a_letter_box() -> None:
    one = sign_up(make_webinar())
    for _ in range(10):
        one = come_back(registration=cancel_registration(registration=one))
    assert one.has_place
    assert (len(told(mails.LEFT)), len(told(mails.WORD))) == (3, 4)


def test_the_database_itself_refuses_an_address_twice() -> None:
    webinar = make_webinar()
    first, second = sign_up(webinar, 1), sign_up(webinar, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(pk=second.pk).update(address_hash=first.address_hash)


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(InvalidAddress):
        sign_up(make_webinar(), email="pas une adresse")


def test_a_closed_session_is_left_out_and_the_others_taken() -> None:
    draft, cancelled = make_webinar(announced=False), make_webinar()
    actions.cancel_webinar(webinar=cancelled, revision=cancelled.revision, reason="")
    good = make_webinar()
    (only,) = register(webinars=[draft, cancelled, good], applicant=somebody())
    assert only.webinar == good


def test_a_stranger_fills_nobodys_letter_box() -> None:
    for number in range(MOST_IN_A_DAY + 3):
        register(webinars=[make_webinar(title=f"n° {number}")], applicant=somebody())
    assert Message.objects.count() == MOST_IN_A_DAY


def test_who_comes_when_all_places_are_taken_waits() -> None:
    webinar = make_webinar(capacity=1)
    sign_up(webinar, 1)
    sign_up(webinar, 2)
    assert states(webinar) == {"Sacha 1": REGISTERED, "Sacha 2": WAITING}


def test_leaving_gives_the_place_to_the_first_who_waits_in_the_same_instant() -> None:
    webinar = make_webinar(capacity=1)
    first = sign_up(webinar, 1)
    sign_up(webinar, 2)
    sign_up(webinar, 3)
    cancel_registration(registration=first)
    assert states(webinar) == {"Sacha 1": CANCELLED, "Sacha 2": REGISTERED, "Sacha 3": WAITING}
    assert told(mails.PLACE) == ["sacha2@exemple.fr"]


def test_leaving_twice_frees_one_place() -> None:
    webinar = make_webinar(capacity=1)
    first = sign_up(webinar, 1)
    sign_up(webinar, 2)
    sign_up(webinar, 3)
    cancel_registration(registration=first)
    cancel_registration(registration=first)
    assert states(webinar)["Sacha 3"] == WAITING
    assert told(mails.LEFT) == ["sacha1@exemple.fr"]


def test_who_left_and_comes_back_waits_behind_the_others() -> None:
    webinar = make_webinar(capacity=1)
    first = sign_up(webinar, 1)
    sign_up(webinar, 2)
    sign_up(webinar, 3)
    cancel_registration(registration=first)
    sign_up(webinar, 1)
    assert [one.name for one in webinar.registrations.waiting()] == ["Sacha 3", "Sacha 1"]


def test_more_places_go_to_those_who_wait() -> None:
    webinar = make_webinar(capacity=1)
    for number in (1, 2, 3):
        sign_up(webinar, number)
    actions.change_webinar(webinar=webinar, revision=webinar.revision, capacity=2)
    assert states(webinar) == {"Sacha 1": REGISTERED, "Sacha 2": REGISTERED, "Sacha 3": WAITING}


def test_fewer_places_send_nobody_away() -> None:
    webinar = make_webinar(capacity=2)
    sign_up(webinar, 1)
    sign_up(webinar, 2)
    actions.change_webinar(webinar=webinar, revision=webinar.revision, capacity=1)
    assert set(states(webinar).values()) == {REGISTERED}


def test_the_sweep_finds_a_place_freed_by_hand_and_gives_it_once() -> None:
    webinar = make_webinar(capacity=1)
    first = sign_up(webinar, 1)
    sign_up(webinar, 2)
    sign_up(webinar, 3)
    first.delete()
    assert [fill_freed_places(), fill_freed_places()] == [1, 0]
    assert states(webinar) == {"Sacha 2": REGISTERED, "Sacha 3": WAITING}


def member(role: str, organisation: str) -> User:
    return make_user(role, organisation)


@pytest.mark.parametrize(
    ("organisation", "state"),
    [("ud-14", REGISTERED), ("ul-caen", REGISTERED), ("fd-commerce", REGISTERED),
     ("cr-28", ASKED), ("confederation", REGISTERED)],
)  # fmt: skip
def test_an_organisation_of_the_audience_comes_in_the_others_ask(
    organisation: str, state: str
) -> None:
    user = member("staff", organisation)
    (one,) = register(webinars=[make_webinar("outils")], applicant=Applicant.of(user))
    assert one.state == state


def test_an_account_is_recognised_by_its_address_and_no_word_more_is_said() -> None:
    webinar = make_webinar("outils")
    user = member("militant", "ud-14")
    known = sign_up(webinar, email=user.email.upper())
    stranger = sign_up(webinar, 2)
    assert (known.state, known.user) == (REGISTERED, user)
    assert (stranger.state, stranger.user) == (ASKED, None)
    assert told(mails.WORD) == [user.email, "sacha2@exemple.fr"]


def test_somebody_with_an_account_comes_for_their_organisation() -> None:
    user = member("militant", "ul-caen")
    (one,) = register(webinars=[make_webinar()], applicant=Applicant.of(user))
    assert (one.organisation, one.name) == (get_organisation("ul-caen"), user.get_full_name())


def test_an_account_registers_once_even_under_a_new_address() -> None:
    webinar = make_webinar()
    user = member("militant", "ud-14")
    (first,) = register(webinars=[webinar], applicant=Applicant.of(user))
    user.email = "nouvelle@exemple.fr"
    user.save()
    (again,) = register(webinars=[webinar], applicant=Applicant.of(user))
    assert again.pk == first.pk


def test_a_declared_mandate_alone_opens_nothing() -> None:
    one = sign_up(make_webinar("cpri"), mandate=Mandate.CPRI_CANDIDATE)
    assert one.state == ASKED


def test_a_request_once_approved_holds_for_the_sessions_of_the_same_audience() -> None:
    webinar, next_one = make_webinar("cpri"), make_webinar("cpri", title="Suite")
    other = make_webinar("outils", title="Autre public")
    for each in (webinar, next_one, other):
        sign_up(each, mandate=Mandate.CPRI_CANDIDATE)
    asked = Registration.objects.get(webinar=webinar)
    settled = approve(registration=asked, decided_by=make_user("staff", "confederation"))
    assert [one.webinar for one in settled] == [webinar, next_one]
    assert Registration.objects.get(webinar=other).state == ASKED
    assert sign_up(make_webinar("cpri", title="Plus tard")).state == REGISTERED
    assert len(told(mails.APPROVED)) == 2


def test_two_who_approve_answer_once() -> None:
    webinar, staff = make_webinar("cpri"), make_user("staff", "confederation")
    asked = sign_up(webinar)
    assert len(approve(registration=asked, decided_by=staff)) == 1
    assert approve(registration=asked, decided_by=staff) == []
    assert len(told(mails.APPROVED)) == 1


def test_an_approved_request_takes_its_turn_by_the_day_it_was_made() -> None:
    webinar, staff = make_webinar("cpri", capacity=1), make_user("staff", "confederation")
    early, late, later = (sign_up(webinar, number) for number in (1, 2, 3))
    for one in (later, late, early):
        approve(registration=one, decided_by=staff)
    assert [one.name for one in webinar.registrations.waiting()] == ["Sacha 1", "Sacha 2"]


def test_a_refused_request_stays_so_until_staff_change_their_mind() -> None:
    webinar, staff = make_webinar("cpri"), make_user("staff", "confederation")
    asked = sign_up(webinar)
    refuse(registration=asked, decided_by=staff)
    cancel_registration(registration=asked)
    assert sign_up(webinar).state == REFUSED
    assert told(mails.REFUSED) == ["sacha1@exemple.fr"]
    approve(registration=asked, decided_by=staff)
    assert states(webinar) == {"Sacha 1": REGISTERED}


def test_a_request_takes_no_place() -> None:
    webinar = make_webinar("outils", capacity=1)
    sign_up(webinar, 1)
    user = member("militant", "ud-14")
    (one,) = register(webinars=[webinar], applicant=Applicant.of(user))
    assert one.state == REGISTERED


def test_those_who_hold_a_session_hear_of_requests_once_a_day() -> None:
    staff = make_user("staff", "ud-14")
    webinar = make_webinar("cpri", organisation="ud-14")
    sign_up(webinar, 1)
    sign_up(webinar, 2)
    assert told(mails.REQUEST) == [staff.email]


def test_a_list_of_addresses_is_admitted_whatever_its_spelling() -> None:
    series, staff = Series.objects.get(pk="cpri"), make_user("staff", "confederation")
    refused = sign_up(make_webinar("cpri", title="Avant"))
    refuse(registration=refused, decided_by=staff)
    number = admit_addresses(
        series=series, addresses=["Sacha1@exemple.fr", "sacha1@EXEMPLE.fr"], added_by=staff
    )
    assert number == 1
    assert sign_up(make_webinar("cpri")).state == REGISTERED
    assert sign_up(refused.webinar).state == REGISTERED
    assert "sacha1" not in str(list(Admission.objects.values_list()))


def test_who_is_turned_away_asks_again_and_one_wrong_line_refuses_a_list() -> None:
    series, staff = Series.objects.get(pk="cpri"), make_user("staff", "confederation")
    admit_addresses(series=series, addresses=["sacha1@exemple.fr"], added_by=staff)
    turn_away(series=series, address="SACHA1@exemple.fr")
    assert sign_up(make_webinar("cpri")).state == ASKED
    with pytest.raises(InvalidAddress):
        admit_addresses(series=series, addresses=["a@exemple.fr", "oups"], added_by=staff)
    assert not Admission.objects.exists()


@pytest.mark.parametrize(
    ("series", "words"),
    [("outils", "UD, UL et fédérations"), ("cpri", "candidat·es CPRI"),
     ("conseillers", "conseiller·es du ou de la salarié·e et défenseur·es syndicaux·les"),
     ("ouverts", "ouvert à toutes et tous")],
)  # fmt: skip
def test_an_audience_in_words(series: str, words: str) -> None:
    assert audience_words(Series.objects.get(pk=series)) == words


def test_a_series_for_nobody_in_particular_is_on_request() -> None:
    series = Series.objects.create(slug="fermee", title="Fermée")
    assert audience_words(series) == "sur demande"
    assert sign_up(make_webinar("fermee")).state == ASKED

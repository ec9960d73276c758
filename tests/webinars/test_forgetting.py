"""Names and addresses go: when their owner wishes, a month after the results at the latest."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from campaigns.models import Campaign
from contacts.hooks import before_erasure
from messaging.models import Message
from tests.factories import make_contact, make_user
from tests.webinars.factories import (
    FRIDAY,
    PARIS,
    delivered,
    make_webinar,
    sign_up,
    states,
    told,
)
from tests.webinars.leaks import assert_no_leak
from webinars import mails, rules
from webinars.asking import accept, ask, vote
from webinars.audience import admit_addresses
from webinars.enums import RegistrationState
from webinars.forgetting import FORGET_AFTER, erase_registration, forget_old_registrations
from webinars.joining import join
from webinars.models import Admission, Registration, Series, Webinar
from webinars.participation import attendance_of
from webinars.registering import approve

pytestmark = pytest.mark.django_db
PERSONAL = ("sacha1@exemple.fr", "Sacha 1", "Boulangerie du coin", "Je suis élue")


@pytest.fixture
def clock(time_machine: Any) -> Any:
    time_machine.move_to(FRIDAY - timedelta(days=3), tick=False)
    return time_machine


@pytest.fixture
def webinar(clock: Any) -> Webinar:
    return make_webinar(starts_at=FRIDAY, capacity=2)


def test_the_helper_finds_who_is_not_forgotten(webinar: Webinar) -> None:
    sign_up(webinar)
    with pytest.raises(AssertionError):
        assert_no_leak(secrets=PERSONAL)


def test_who_asks_to_be_forgotten_is_so_everywhere_at_once(webinar: Webinar) -> None:
    other = make_webinar("cpri", starts_at=FRIDAY, title="Autre")
    one = sign_up(webinar, organisation_name="Boulangerie du coin")
    asked = sign_up(other, reason="Je suis élue")
    approve(registration=asked, decided_by=make_user("staff", "confederation"))
    delivered()
    erase_registration(registration=one)
    assert_no_leak(secrets=PERSONAL)
    assert not Admission.objects.exists()
    assert Registration.objects.reachable().count() == 0
    assert Message.objects.exclude(recipient="").exists() is False
    with pytest.raises(Exception, match="No Registration"):
        rules.get_registration_by_secret_or_404("x")


def test_their_place_goes_to_who_waits(webinar: Webinar) -> None:
    first = sign_up(webinar, 1)
    sign_up(webinar, 2)
    sign_up(webinar, 3)
    erase_registration(registration=first)
    assert states(webinar) == {
        "Quelqu’un": RegistrationState.CANCELLED,
        "Sacha 2": RegistrationState.REGISTERED,
        "Sacha 3": RegistrationState.REGISTERED,
    }
    assert told(mails.PLACE) == ["sacha3@exemple.fr"]


def test_who_came_still_counts_without_a_name(webinar: Webinar, clock: Any) -> None:
    one = sign_up(webinar)
    clock.move_to(FRIDAY, tick=False)
    join(registration=one, device="a")
    clock.move_to(FRIDAY + timedelta(hours=2), tick=False)
    erase_registration(registration=one)
    counts = attendance_of(webinar)
    assert (counts.registered, counts.came) == (1, 1)
    assert_no_leak(secrets=PERSONAL)


def test_what_others_supported_stays_without_its_author(webinar: Webinar) -> None:
    author, other = sign_up(webinar, 1), sign_up(webinar, 2)
    wanted = accept(question=ask(registration=author, text="Les tracts ?"))
    ask(registration=author, text="Mon patron, monsieur Untel, est-il concerné ?")
    vote(question=wanted, registration=other)
    erase_registration(registration=author)
    (kept,) = webinar.questions.all()
    assert (kept.text, kept.registration) == ("Les tracts ?", None)


def test_who_was_forgotten_may_come_back_as_somebody_new(webinar: Webinar) -> None:
    erase_registration(registration=sign_up(webinar))
    assert sign_up(webinar).state == RegistrationState.REGISTERED


def test_a_month_after_the_results_everybody_is_forgotten(webinar: Webinar, clock: Any) -> None:
    sign_up(webinar)
    staff, cpri = make_user("staff", "confederation"), Series.objects.get(pk="cpri")
    admit_addresses(series=cpri, addresses=["jamais@exemple.fr"], added_by=staff)
    results = date(2026, 12, 19)
    Campaign.objects.update(results_on=results)
    last_day = datetime.combine(results + FORGET_AFTER, time(12), tzinfo=PARIS)
    clock.move_to(last_day, tick=False)
    assert forget_old_registrations() == 0
    clock.move_to(last_day + timedelta(days=1), tick=False)
    assert Admission.objects.exists()
    assert [forget_old_registrations(), forget_old_registrations()] == [1, 0]
    assert not Admission.objects.exists()
    assert_no_leak(secrets=PERSONAL)
    assert states(webinar) == {"Quelqu’un": RegistrationState.REGISTERED}


def test_a_worker_erased_from_the_campaign_is_erased_here_too(webinar: Webinar) -> None:
    contact = make_contact(first_name="Sacha", email="sacha1@exemple.fr")
    sign_up(webinar, 1)
    sign_up(webinar, 2)
    before_erasure(contact)
    assert [one.email for one in Registration.objects.reachable()] == ["sacha2@exemple.fr"]


def test_an_activist_whose_address_was_typed_for_a_worker_stays_registered(
    webinar: Webinar,
) -> None:
    user = make_user("militant", "ud-14")
    sign_up(webinar, email=user.email)
    before_erasure(make_contact(email=user.email))
    assert Registration.objects.reachable().count() == 1

"""The demonstration: alive today, plausible, synthetic, never mixed with real data."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from calls.models import Call, FollowUp
from campaigns import clock
from campaigns.models import Campaign
from contacts.models import Capture, Consent, Contact
from demonstration.calling import CALLS
from demonstration.edition import Moment, weeks_to_shift
from messaging.models import Message
from organisations.models import Organisation, User
from tests.library.conftest import upload

OPENS, CLOSES = date(2024, 11, 25), date(2024, 12, 9)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_before_the_vote_opens_within_the_week(today: date) -> None:
    weeks = weeks_to_shift(Moment.BEFORE, opens=OPENS, closes=CLOSES, today=today)
    assert timedelta(days=1) <= OPENS + timedelta(weeks=weeks) - today <= timedelta(days=7)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_during_it_opened_within_the_week(today: date) -> None:
    weeks = weeks_to_shift(Moment.DURING, opens=OPENS, closes=CLOSES, today=today)
    assert timedelta(0) <= today - (OPENS + timedelta(weeks=weeks)) <= timedelta(days=6)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_after_it_closed_within_the_week(today: date) -> None:
    weeks = weeks_to_shift(Moment.AFTER, opens=OPENS, closes=CLOSES, today=today)
    assert timedelta(days=1) <= today - (CLOSES + timedelta(weeks=weeks)) <= timedelta(days=7)


@pytest.fixture
def demo(db: None, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEMONSTRATION = True  # type: ignore[attr-defined]
    monkeypatch.setattr("library.actions.render_version", lambda version: b"%PDF-1.7 ")
    # Documents are drawn in `test_library.py`.
    monkeypatch.setattr("demonstration.library._file", lambda *_: upload())


def test_the_demonstration_fills_an_empty_installation(demo: None) -> None:
    call_command("demo", "--contacts", "300", verbosity=0)

    played = 5
    assert Contact.objects.count() == 300 + played
    assert Capture.objects.filter(contact__isnull=False).count() == 300 + played
    assert not Contact.objects.exclude(consents__is_given=True).exists()
    assert Consent.objects.filter(wording__isnull=True).count() == 0
    assert Message.objects.filter(purpose="contact-confirmation").count() == played
    assert Campaign.objects.current().exists()
    assert FollowUp.objects.filter(due_at__lt=clock.now()).exists()
    assert 0 < Call.objects.count() <= len(CALLS)


def test_people_were_met_at_actions_while_these_took_place(demo: None) -> None:
    call_command("demo", "--contacts", "300", verbosity=0)

    met = Capture.objects.filter(source__deployment__isnull=False)
    assert met.exists()
    early, late = F("source__deployment__starts_at"), F("source__deployment__ends_at")
    assert not met.exclude(server_time__gte=early, server_time__lte=late).exists()


def test_nobody_in_it_exists(demo: None) -> None:
    call_command("demo", "--contacts", "200", verbosity=0)

    phones = [contact.phone.as_e164 for contact in Contact.objects.all() if contact.phone]
    assert all(phone.startswith("+3363998") for phone in phones)
    mails = list(Contact.objects.exclude(email="").values_list("email", flat=True))
    assert all(mail.endswith(".invalid") for mail in mails)
    assert all(user.email.endswith(".invalid") for user in User.objects.all())


def test_letters_have_a_sender_who_does_not_exist(demo: None) -> None:
    call_command("demo", "--contacts", "0", verbosity=0)
    assert not Organisation.objects.filter(postal_address="").exists()
    union = Organisation.objects.get(slug="ud-14")
    assert union.postal_address.endswith("rue de l’Exemple\n14000 Caen")
    assert union.phone.startswith("+3326191")
    assert Organisation.objects.get(slug="ud-974").phone == ""


def test_a_second_run_adds_nobody(demo: None) -> None:
    call_command("demo", "--contacts", "20", verbosity=0)
    count = Contact.objects.count()
    call_command("demo", "--contacts", "20", verbosity=0)
    assert Contact.objects.count() == count


def test_new_contacts_go_on_after_the_copied_ones(demo: None) -> None:
    """The sequences were moved: the next contact does not collide."""
    call_command("demo", "--contacts", "20", verbosity=0)
    last = Contact.objects.order_by("-pk")[0]
    assert (
        Contact.objects.create(
            first_name="Suite", email="suite@example.org", postcode="14000", departement_id="14"
        ).pk
        > last.pk
    )


def test_the_moment_is_chosen(demo: None) -> None:
    call_command("demo", "--contacts", "0", "--moment", "after", verbosity=0)
    campaign = Campaign.objects.current().get()
    assert campaign.vote_closes < date.today()  # noqa: DTZ011


@pytest.mark.parametrize("arguments", [["--contacts", "-1"], ["--moment", "jamais"]])
def test_wrong_options_are_refused(demo: None, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("demo", *arguments)


def test_it_is_refused_on_a_real_installation(db: None) -> None:
    with pytest.raises(CommandError, match="DEMONSTRATION"):
        call_command("demo")

"""Reminders: at their moment, once, never of a former date nor once it began; and the rate."""

from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.clock import current_campaign
from messaging.actions import enqueue_email, suppress
from messaging.delivery import Delivery, deliver_due_messages
from messaging.enums import SkipReason, Status, SuppressionReason
from messaging.models import Message
from tests.factories import make_user
from tests.webinars.factories import FRIDAY, delivered, make_webinar, sign_up, told
from webinars import actions, mails
from webinars.audience import address_hash
from webinars.enums import RegistrationState
from webinars.links import personal_url, secret_hash
from webinars.models import Registration, Webinar
from webinars.personal_links import revoke_link
from webinars.registering import cancel_registration
from webinars.reminding import write_due_reminders

pytestmark = pytest.mark.django_db
EVE, HOUR_BEFORE = FRIDAY - timedelta(days=1), FRIDAY - timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock(time_machine: Any) -> Any:
    time_machine.move_to(FRIDAY - timedelta(days=30), tick=False)
    return time_machine


@pytest.fixture
def webinar(clock: Any) -> Webinar:
    return make_webinar(starts_at=FRIDAY)


def reminded() -> list[str]:
    """Subjects of the reminders that leave now, once the sweep has passed."""
    write_due_reminders()
    return [str(one.subject) for one in delivered()]


def test_the_day_before_and_an_hour_before_once_each(webinar: Webinar, clock: Any) -> None:
    sign_up(webinar)
    delivered()
    seen = []
    for moment in (EVE - MINUTE, EVE, EVE + MINUTE, HOUR_BEFORE - MINUTE, HOUR_BEFORE, FRIDAY):
        clock.move_to(moment, tick=False)
        seen.append(reminded())
    assert seen == [
        [], ["C’est demain : Outils et supports"], [], [],
        ["C’est dans 1 heure : Outils et supports"], [],
    ]  # fmt: skip


def test_a_reminder_names_day_hour_place_and_carries_the_link(webinar: Webinar, clock: Any) -> None:
    one = sign_up(webinar, time_zone="Indian/Reunion")
    delivered()
    clock.move_to(EVE, tick=False)
    write_due_reminders()
    (sent,) = delivered()
    body = sent.body.replace("\u00a0", " ")
    assert "Quand : vendredi 20 novembre, 16 h – 17 h à La Réunion (13 h – 14 h à Paris)" in body
    assert "Où : en ligne, par votre lien personnel" in body
    assert "- Outils (20 min), avec une militante" in body
    assert personal_url(one) in body


def test_moments_are_chosen_by_session(clock: Any) -> None:
    webinar = make_webinar(starts_at=FRIDAY, reminders=[15])
    sign_up(webinar)
    actions.set_reminders(webinar=webinar, revision=webinar.revision, minutes=[15, 2880])
    delivered()
    seen = []
    for moment in (FRIDAY - timedelta(days=2), EVE, HOUR_BEFORE, FRIDAY - 15 * MINUTE):
        clock.move_to(moment, tick=False)
        seen.append(reminded())
    assert seen == [
        ["C’est dans 2 jours : Outils et supports"], [], [],
        ["C’est dans 15 minutes : Outils et supports"],
    ]  # fmt: skip


def test_only_who_comes_is_reminded(webinar: Webinar, clock: Any) -> None:
    stays, left, revoked = (sign_up(webinar, number) for number in (1, 2, 3))
    sign_up(make_webinar("cpri", starts_at=FRIDAY), 4)
    cancel_registration(registration=left)
    revoke_link(registration=revoked, revoked_by=make_user())
    delivered()
    clock.move_to(EVE, tick=False)
    write_due_reminders()
    assert [one.to[0] for one in delivered()] == [stays.email]


def test_the_old_reminder_of_a_session_that_moved_never_leaves(
    webinar: Webinar, clock: Any
) -> None:
    sign_up(webinar)
    delivered()
    clock.move_to(EVE, tick=False)
    write_due_reminders()
    later = FRIDAY + timedelta(days=7)
    actions.move_webinar(webinar=webinar, revision=webinar.revision, starts_at=later)
    assert [str(one.subject) for one in delivered()] == ["Nouvelle date : Outils et supports"]
    assert Message.objects.get(purpose=mails.REMINDER).skip_reason == SkipReason.CANCELLED
    clock.move_to(later - timedelta(days=1), tick=False)
    assert reminded() == ["C’est demain : Outils et supports"]


def test_a_reminder_never_leaves_once_the_session_began(webinar: Webinar, clock: Any) -> None:
    sign_up(webinar)
    delivered()
    clock.move_to(HOUR_BEFORE, tick=False)
    write_due_reminders()
    clock.move_to(FRIDAY, tick=False)
    assert delivered() == []
    assert Message.objects.get(purpose=mails.REMINDER).skip_reason == SkipReason.EXPIRED


def test_nobody_is_reminded_of_a_cancelled_session(webinar: Webinar, clock: Any) -> None:
    sign_up(webinar)
    delivered()
    clock.move_to(EVE, tick=False)
    write_due_reminders()
    actions.cancel_webinar(webinar=webinar, revision=webinar.revision, reason="Grève")
    (sent,) = delivered()
    assert sent.subject == "Annulé : Outils et supports"
    assert "Pourquoi : Grève" in sent.body.replace("\u00a0", " ")


def test_a_moment_already_past_when_the_date_was_set_is_left_out(clock: Any) -> None:
    """Who is told at noon that it is at half past two needs no « demain »."""
    webinar = make_webinar(starts_at=FRIDAY + timedelta(days=20))
    sign_up(webinar)
    delivered()
    clock.move_to(FRIDAY - timedelta(hours=2), tick=False)
    actions.move_webinar(webinar=webinar, revision=webinar.revision, starts_at=FRIDAY)
    assert [subject.partition(" :")[0] for subject in reminded()] == ["Nouvelle date"]
    clock.move_to(HOUR_BEFORE, tick=False)
    assert reminded() == ["C’est dans 1 heure : Outils et supports"]


def test_after_a_stop_of_the_workers_only_the_nearest_moment_is_written(
    webinar: Webinar, clock: Any
) -> None:
    sign_up(webinar)
    delivered()
    clock.move_to(HOUR_BEFORE + MINUTE, tick=False)
    assert reminded() == ["C’est dans 1 heure : Outils et supports"]
    assert told(mails.REMINDER) == ["sacha1@exemple.fr"]


def test_who_unsubscribed_is_not_reminded_but_gets_what_they_ask_for(
    webinar: Webinar, clock: Any
) -> None:
    suppress(channel="email", address="sacha1@exemple.fr", reason=SuppressionReason.UNSUBSCRIBED)
    sign_up(webinar)
    assert [str(one.subject) for one in delivered()] == ["Vous êtes inscrit·e : Outils et supports"]
    clock.move_to(EVE, tick=False)
    assert reminded() == []


def crowd(webinar: Webinar, number: int) -> None:
    """So many registrations, table by table: registering them one by one is tested elsewhere."""
    rows = [
        Registration(
            webinar=webinar, email=f"p{rank}@exemple.fr", name=f"P {rank}",
            address_hash=address_hash(f"p{rank}@exemple.fr"), state=RegistrationState.REGISTERED,
        )
        for rank in range(number)
    ]  # fmt: skip
    for row in rows:
        row.secret_hash = secret_hash(row.seed)
    Registration.objects.bulk_create(rows)


def test_a_sweep_costs_the_same_for_one_and_for_a_hundred(clock: Any) -> None:
    costs = []
    for number, start in ((1, FRIDAY), (100, FRIDAY + timedelta(days=7))):
        crowd(make_webinar(starts_at=start), number)
        clock.move_to(start - timedelta(days=1), tick=False)
        with CaptureQueriesContext(connection) as queries:
            assert write_due_reminders() == number
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_two_thousand_are_written_in_one_sweep_and_claimed_within_the_rate(
    webinar: Webinar, clock: Any, settings: Any
) -> None:
    """The campaign's clock paces them: a rehearsal's too, and no wall time passes."""
    settings.EMAIL_PER_MINUTE = 300
    crowd(webinar, 2000)
    clock.move_to(HOUR_BEFORE, tick=False)
    assert (write_due_reminders(), write_due_reminders()) == (2000, 0)
    ticks = paced(hand_over_all, clock, until=2000)
    assert max(any_minute(ticks)) == 270
    # One in ten is kept for what answers an act: done in eight minutes, long before the start.
    assert sum(ticks) == 2000
    assert len(ticks) <= 48


def test_mails_that_really_leave_keep_to_the_rate(
    webinar: Webinar, clock: Any, settings: Any
) -> None:
    settings.EMAIL_PER_MINUTE = 40
    crowd(webinar, 100)
    clock.move_to(HOUR_BEFORE, tick=False)
    write_due_reminders()
    ticks = paced(lambda: len(delivered()), clock, until=100)
    assert max(any_minute(ticks)) == 36
    assert len({one.to[0] for one in mail.outbox}) == len(mail.outbox) == 100


def test_without_a_rate_all_leave_at_once(webinar: Webinar, clock: Any) -> None:
    crowd(webinar, 60)
    clock.move_to(HOUR_BEFORE, tick=False)
    write_due_reminders()
    assert len(delivered()) == 60


def test_what_is_tried_again_counts_each_time(webinar: Webinar, clock: Any, settings: Any) -> None:
    """A provider that says « too many » counts the mails it refused."""
    settings.EMAIL_PER_MINUTE = 20
    crowd(webinar, 30)
    clock.move_to(HOUR_BEFORE, tick=False)
    write_due_reminders()
    run = Delivery()
    batch = run.claim(50, ["email"])
    for message in batch:
        assert run._begin(message, run.now())
        run._try_later(message, "450 too many")
    assert len(batch) == 18
    assert Delivery().claim(50, ["email"]) == []


def paced(send: Callable[[], int], clock: Any, *, until: int) -> list[int]:
    """How many left at each look of the workers, every ten seconds."""
    ticks: list[int] = []
    while sum(ticks) < until and len(ticks) < 100:
        ticks.append(send())
        clock.shift(timedelta(seconds=10))
    return ticks


def any_minute(ticks: list[int]) -> list[int]:
    return [sum(ticks[at : at + 6]) for at in range(len(ticks))]


def hand_over_all() -> int:
    """What workers claim at one look, handed over in one statement."""
    run, number = Delivery(), 0
    while batch := run.claim(50, ["email"]):
        number += Message.objects.filter(pk__in=[one.pk for one in batch]).update(
            status=Status.SENT, sent_at=run.now(), handed_over_at=run.now(),
            last_attempt_at=run.now(),
        )  # fmt: skip
    return number


def test_a_log_in_code_does_not_wait_behind_two_thousand_reminders(
    webinar: Webinar, clock: Any, settings: Any
) -> None:
    settings.EMAIL_PER_MINUTE = 20
    crowd(webinar, 30)
    clock.move_to(HOUR_BEFORE, tick=False)
    write_due_reminders()
    deliver_due_messages()
    assert len(mail.outbox) == 18
    enqueue_email(
        unique_key="code", purpose="code", recipient="moi@exemple.fr", is_transactional=True,
        template="webinars/email/request",
        context={"webinar": webinar, "manager": make_user(), "link": "https://exemple.fr/"},
    )  # fmt: skip
    deliver_due_messages()
    assert mail.outbox[-1].to == ["moi@exemple.fr"]


def test_reminders_follow_the_clock_of_a_rehearsal(webinar: Webinar) -> None:
    sign_up(webinar)
    delivered()
    campaign = current_campaign()
    assert campaign is not None
    campaign.clock_offset = FRIDAY.astimezone(UTC) - timedelta(days=1) - timezone.now()
    campaign.save()
    assert reminded() == ["C’est demain : Outils et supports"]

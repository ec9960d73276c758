"""The door: when a link opens it, for whom, on how many devices."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from campaigns.clock import current_campaign
from tests.factories import make_user
from tests.webinars.factories import ADDRESS, FRIDAY, delivered, make_webinar, sign_up, told
from webinars import actions, mails
from webinars.attending import mark_attendance
from webinars.enums import Door
from webinars.joining import STAYS_OPEN, doorstep, join
from webinars.links import personal_path, personal_url, secret_of
from webinars.models import Join, Registration, Webinar
from webinars.participation import attendance_of
from webinars.personal_links import renew_link, revoke_link, send_link_again
from webinars.registering import cancel_registration
from webinars.rules import registrations_of

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock(time_machine: Any) -> Any:
    time_machine.move_to(FRIDAY - timedelta(days=3), tick=False)
    return time_machine


@pytest.fixture
def webinar(clock: Any) -> Webinar:
    return make_webinar(starts_at=FRIDAY)


@pytest.mark.parametrize(
    ("at", "door"),
    [
        (FRIDAY - timedelta(days=2), Door.EARLY),
        (FRIDAY - 16 * MINUTE, Door.EARLY),
        (FRIDAY - 15 * MINUTE, Door.OPEN),
        (FRIDAY + 60 * MINUTE, Door.OPEN),
        (FRIDAY + 60 * MINUTE + STAYS_OPEN - MINUTE, Door.OPEN),
        (FRIDAY + 60 * MINUTE + STAYS_OPEN, Door.OVER),
    ],
)
def test_the_hours_of_the_door(at: datetime, door: str, webinar: Webinar, clock: Any) -> None:
    one = sign_up(webinar)
    clock.move_to(at, tick=False)
    assert doorstep(one).door == door
    entry = join(registration=one, device="a")
    assert (entry.door, bool(entry.address)) == (door, door == Door.OPEN)
    assert Join.objects.count() == (door == Door.OPEN)


def test_the_door_follows_the_clock_of_a_rehearsal(webinar: Webinar) -> None:
    one = sign_up(webinar)
    campaign = current_campaign()
    assert campaign is not None
    campaign.clock_offset = timedelta(days=3)
    campaign.save()
    assert doorstep(one).door == Door.OPEN


def test_looking_notes_nothing_and_going_in_notes_once(webinar: Webinar, clock: Any) -> None:
    """Programs that read mails open the links in them: they look, and push no button."""
    one = sign_up(webinar)
    clock.move_to(FRIDAY, tick=False)
    for _ in range(3):
        assert Client().get(personal_path(one)).status_code == 200
    one.refresh_from_db()
    assert (one.attended, one.joined_at) == (None, None)
    for _ in range(2):
        join(registration=one, device="a")
    one.refresh_from_db()
    assert (one.attended, one.joined_at) == (True, FRIDAY)
    assert one.joins.count() == 1


def test_the_page_counts_down_then_opens_then_plays_again(webinar: Webinar, clock: Any) -> None:
    one = sign_up(webinar)
    clock.move_to(FRIDAY - 27 * MINUTE, tick=False)
    assert "12 minutes</strong>" in page(one)
    clock.move_to(FRIDAY, tick=False)
    assert "Rejoindre le webinaire" in page(one)
    clock.move_to(FRIDAY + timedelta(days=1), tick=False)
    webinar.refresh_from_db()
    actions.change_webinar(
        webinar=webinar, revision=webinar.revision, replay_url="https://video.example/1"
    )
    assert "https://video.example/1" in page(one)


def page(one: Registration) -> str:
    return Client().get(personal_path(one)).content.decode()


def test_the_button_leads_to_the_meeting_which_browsers_let_it_do(
    webinar: Webinar, clock: Any
) -> None:
    one = sign_up(webinar)
    clock.move_to(FRIDAY, tick=False)
    client = Client()
    shown = client.get(personal_path(one))
    assert "form-action 'self' https:" in shown["Content-Security-Policy"]
    answer = client.post(f"{personal_path(one)}entrer/")
    assert (answer.status_code, answer["Location"]) == (302, ADDRESS)
    assert "no-store" in answer["Cache-Control"]


def test_before_the_hour_the_button_leads_back_to_the_page(webinar: Webinar) -> None:
    one = sign_up(webinar)
    answer = Client().post(f"{personal_path(one)}entrer/")
    assert answer["Location"] == personal_path(one)


def test_a_guessed_link_opens_nothing(webinar: Webinar) -> None:
    one = sign_up(webinar)
    secret = secret_of(one.seed)
    assert len(secret) == 22
    assert secret not in str(list(Registration.objects.values_list()))
    for guess in (secret[:-1] + ("A" if secret[-1] != "A" else "Q"), secret.lower(), str(one.pk)):
        assert Client().get(f"/webinaires/p/{guess}/").status_code == 404


def test_who_left_waits_or_asked_does_not_go_in(webinar: Webinar, clock: Any) -> None:
    left, asked = sign_up(webinar, 1), sign_up(make_webinar("cpri", starts_at=FRIDAY), 2)
    full = make_webinar(starts_at=FRIDAY, capacity=1)
    sign_up(full, 3)
    waits = sign_up(full, 4)
    cancel_registration(registration=left)
    clock.move_to(FRIDAY, tick=False)
    for one in (left, asked, waits):
        assert join(registration=one, device="a").door == Door.SHUT


def test_nobody_goes_in_a_cancelled_session(webinar: Webinar, clock: Any) -> None:
    one = sign_up(webinar)
    actions.cancel_webinar(webinar=webinar, revision=webinar.revision, reason="Grève")
    clock.move_to(FRIDAY, tick=False)
    assert join(registration=one, device="a").door == Door.SHUT
    assert "annulée" in page(one)


def test_a_withdrawn_link_is_gone_until_another_is_mailed(webinar: Webinar, clock: Any) -> None:
    one, staff = sign_up(webinar), make_user("staff", "confederation")
    former = personal_path(one)
    revoke_link(registration=one, revoked_by=staff)
    clock.move_to(FRIDAY, tick=False)
    assert join(registration=one, device="a").door == Door.GONE
    assert Client().get(former).status_code == 410
    renewed = renew_link(registration=one, renewed_by=staff)
    assert Client().get(former).status_code == 404
    assert join(registration=renewed, device="a").door == Door.OPEN
    assert told(mails.LINK) == ["sacha1@exemple.fr"]


def test_a_forwarded_link_is_noticed_and_lets_both_in(webinar: Webinar, clock: Any) -> None:
    """A telephone and a computer are one person's too: staff see it, and decide."""
    forwarded, other = sign_up(webinar, 1), sign_up(webinar, 2)
    clock.move_to(FRIDAY, tick=False)
    doors = [join(registration=forwarded, device=device).door for device in ("a", "b", "a")]
    join(registration=other, device="c")
    assert doors == [Door.OPEN] * 3
    counts = {one.pk: one.device_count for one in registrations_of(webinar)}
    assert counts == {forwarded.pk: 2, other.pk: 1}
    assert attendance_of(webinar).shared_links == 1


def test_one_device_at_a_time_sends_the_second_to_the_letter_box(clock: Any) -> None:
    webinar = make_webinar(starts_at=FRIDAY, one_device=True)
    one = sign_up(webinar)
    clock.move_to(FRIDAY, tick=False)
    assert join(registration=one, device="a").door == Door.OPEN
    assert join(registration=one, device="b").door == Door.ELSEWHERE
    assert join(registration=one, device="a").door == Door.OPEN
    renewed = renew_link(registration=one)
    assert join(registration=renewed, device="b").door == Door.OPEN
    assert join(registration=renewed, device="a").door == Door.ELSEWHERE


def test_two_browsers_are_told_apart_by_their_cookie(webinar: Webinar, clock: Any) -> None:
    one = sign_up(webinar)
    clock.move_to(FRIDAY, tick=False)
    for browser in (Client(), Client()):
        browser.get(personal_path(one))
        browser.post(f"{personal_path(one)}entrer/")
    assert one.joins.values("device_hash").distinct().count() == 2


def test_a_lost_link_is_mailed_again_to_its_owner_once_in_ten_minutes(
    webinar: Webinar, clock: Any
) -> None:
    one = sign_up(webinar)
    delivered()
    for email in ("SACHA1@exemple.fr", "sacha1@exemple.fr", "inconnu@exemple.fr"):
        send_link_again(email=email)
    (mail,) = delivered()
    assert mail.to == ["sacha1@exemple.fr"]
    assert personal_url(one) in mail.body
    clock.shift(timedelta(minutes=11))
    send_link_again(email="sacha1@exemple.fr")
    assert len(delivered()) == 1


def test_the_link_of_a_session_that_was_held_is_mailed_again(webinar: Webinar, clock: Any) -> None:
    """Replay, answers and opinions are behind it, and nowhere else."""
    one, gone = sign_up(webinar, 1), sign_up(webinar, 2)
    cancel_registration(registration=gone)
    delivered()
    clock.move_to(FRIDAY + timedelta(days=3), tick=False)
    for number in (1, 2):
        send_link_again(email=f"sacha{number}@exemple.fr")
    (mail,) = delivered()
    assert mail.to == ["sacha1@exemple.fr"]
    assert personal_url(one) in mail.body


def test_who_was_there_stays_among_those_who_were(webinar: Webinar, clock: Any) -> None:
    one = sign_up(webinar)
    clock.move_to(FRIDAY, tick=False)
    join(registration=one, device="telephone")
    page = Client().get(personal_path(one)).content.decode()
    assert "Je ne viens plus" not in page
    answer = Client().post(f"{personal_path(one)}annuler/", follow=True)
    assert "Rien n’a changé" in answer.content.decode()
    assert attendance_of(webinar).came == 1


def test_staff_note_who_was_there_by_telephone(webinar: Webinar, clock: Any) -> None:
    one = sign_up(webinar)
    clock.move_to(FRIDAY + timedelta(hours=2), tick=False)
    mark_attendance(registration=one, attended=True)
    assert attendance_of(webinar).came == 1
    mark_attendance(registration=one, attended=None)
    assert attendance_of(webinar).missed == 1

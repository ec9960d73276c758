"""The meeting room, for who holds the session: typed once, read on no page, opened by POST."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from messaging.models import Message
from organisations.models import User
from tests.factories import make_user
from tests.webinars.factories import ADDRESS, ROOM, SECRETS, make_webinar, sign_up
from tests.webinars.leaks import assert_no_leak
from webinars.meetings import open_room
from webinars.models import Meeting, Webinar

pytestmark = pytest.mark.django_db
GIVEN = {"provider": "Visio", "address": ADDRESS, "number": ROOM.number, "secret": ROOM.secret}


@pytest.fixture
def staff(client_for: Callable[[User], Client]) -> Client:
    return client_for(make_user("staff", "confederation"))


def room_of(webinar: Webinar, path: str = "") -> str:
    return f"/webinaires/gerer/{webinar.pk}/salle/{path}"


def test_a_room_is_given_sealed_and_never_shown_again(
    staff: Client, caplog: pytest.LogCaptureFixture
) -> None:
    webinar = make_webinar(with_room=False)
    answer = staff.post(room_of(webinar), GIVEN, follow=True)
    assert open_room(webinar.meeting) == ROOM
    page = answer.content.decode()
    assert "La salle est prête" in page
    pages = [page, staff.get(f"/webinaires/gerer/{webinar.pk}/").content.decode()]
    assert_no_leak([*pages, caplog.text])


def test_checking_opens_the_room_by_post_and_says_in_the_log_who_did(
    staff: Client, caplog: pytest.LogCaptureFixture
) -> None:
    webinar = make_webinar()
    assert staff.get(room_of(webinar, "verifier/")).status_code == 405
    answer = staff.post(room_of(webinar, "verifier/"))
    assert (answer.status_code, answer["Location"]) == (302, ADDRESS)
    assert "no-store" in answer["Cache-Control"]
    assert "webinar-meeting-checked" in caplog.text
    assert not any(secret in caplog.text for secret in SECRETS)


def test_the_page_lets_its_form_lead_on_to_the_meeting(staff: Client) -> None:
    policy = staff.get(room_of(make_webinar()))["Content-Security-Policy"]
    assert "form-action 'self' https:" in policy


def test_another_room_replaces_the_whole_and_nobody_is_written_to(staff: Client) -> None:
    webinar = make_webinar()
    sign_up(webinar)
    before = Message.objects.count()
    staff.post(room_of(webinar), {"provider": "Autre", "address": "https://ailleurs.example/x"})
    room = open_room(Meeting.objects.get())
    assert (room.address, room.number, room.secret) == ("https://ailleurs.example/x", "", "")
    assert Message.objects.count() == before


@pytest.mark.parametrize("wrong", ["", "http://reunion.example/j", "ftp://x.example", "demain"])
def test_a_room_is_entered_by_https_alone_and_what_was_typed_stays(
    wrong: str, staff: Client
) -> None:
    webinar = make_webinar(with_room=False)
    answer = staff.post(room_of(webinar), GIVEN | {"address": wrong})
    page = answer.content.decode()
    assert "Un point à corriger" in page
    assert 'value="Visio"' in page
    # A secret is typed again rather than written into a page.
    assert ROOM.secret not in page
    assert not Meeting.objects.exists()


def test_a_room_is_removed_after_a_question(staff: Client) -> None:
    webinar = make_webinar()
    assert "Retirer la salle ?" in staff.get(room_of(webinar, "retirer/")).content.decode().replace(
        "\u00a0", " "
    )
    assert Meeting.objects.exists()
    staff.post(room_of(webinar, "retirer/"))
    assert not Meeting.objects.exists()
    assert staff.post(room_of(webinar, "verifier/")).status_code == 404


def test_a_room_that_no_key_opens_is_to_be_given_again(staff: Client, settings: Any) -> None:
    webinar = make_webinar()
    Meeting.objects.update(sealed="illisible")
    answer = staff.post(room_of(webinar, "verifier/"), follow=True)
    assert "enregistrez-la de nouveau" in answer.content.decode()

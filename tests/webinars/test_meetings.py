"""The meeting's address: encrypted at rest, and read nowhere but through the door."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from messaging.models import Message
from organisations.models import User
from tests.factories import make_user
from tests.webinars.factories import (
    ADDRESS,
    FRIDAY,
    ROOM,
    SECRETS,
    delivered,
    make_webinar,
    sign_up,
)
from tests.webinars.leaks import assert_no_leak, tables_that_hold
from webinars.enums import Door
from webinars.joining import join
from webinars.links import personal_path
from webinars.meetings import (
    NotAnAddress,
    Room,
    Unreadable,
    open_room,
    remove_meeting,
    reseal_meetings,
    set_meeting,
)
from webinars.models import Meeting
from webinars.reminding import write_due_reminders

pytestmark = pytest.mark.django_db


def test_a_room_is_sealed_and_opened_whole() -> None:
    meeting = make_webinar().meeting
    assert open_room(meeting) == ROOM
    assert not any(secret in meeting.sealed for secret in SECRETS)


@pytest.mark.parametrize("address", ["http://reunion.example/1", "reunion.example", "javascript:1"])
def test_a_room_is_entered_by_https_alone(address: str) -> None:
    webinar = make_webinar(with_room=False)
    with pytest.raises(NotAnAddress):
        set_meeting(webinar=webinar, room=Room(address), provider="Visio", author=None)


def test_a_room_does_not_show_in_a_traceback() -> None:
    assert repr(ROOM) == "Room()"


def test_the_helper_does_find_what_it_looks_for() -> None:
    """The control: a table that holds it, and a text that does."""
    webinar = make_webinar()
    webinar.replay_url = ADDRESS
    webinar.save()
    assert tables_that_hold(SECRETS) == ["webinars_webinar"]
    with pytest.raises(AssertionError):
        assert_no_leak(["<a href='https://reunion.example'>"])


def test_nothing_tells_the_address_from_the_first_mail_to_the_last(
    time_machine: Any, caplog: pytest.LogCaptureFixture, client_for: Callable[[User], Client]
) -> None:
    time_machine.move_to(FRIDAY - timedelta(days=10), tick=False)
    webinar = make_webinar(starts_at=FRIDAY)
    one = sign_up(webinar)
    delivered()
    for moment in (FRIDAY - timedelta(days=1), FRIDAY - timedelta(hours=1)):
        time_machine.move_to(moment, tick=False)
        write_due_reminders()
        delivered()
    time_machine.move_to(FRIDAY, tick=False)
    pages = [Client().get(personal_path(one)).content.decode()]
    for role in ("militant", "staff"):
        staff = client_for(make_user(role, "confederation"))
        pages.append(staff.get(f"/webinaires/{webinar.pk}/").content.decode())
        pages.append(staff.get("/messages/").content.decode())
    gone_in = Client().post(f"{personal_path(one)}entrer/")
    assert gone_in["Location"] == ADDRESS
    sent = [str(each.message()) for each in mail.outbox]
    assert len(sent) == 3
    assert Message.objects.count() == 3
    assert_no_leak([*pages, *sent, caplog.text, gone_in.content.decode()])


def test_another_room_needs_no_new_mail(time_machine: Any) -> None:
    time_machine.move_to(FRIDAY, tick=False)
    webinar = make_webinar(starts_at=FRIDAY)
    one = sign_up(webinar)
    before = Message.objects.count()
    set_meeting(
        webinar=webinar, room=Room("https://ailleurs.example/x"), provider="Autre", author=None
    )
    assert Message.objects.count() == before
    assert join(registration=one, device="a").address == "https://ailleurs.example/x"
    assert Meeting.objects.count() == 1


def test_without_a_room_one_waits(time_machine: Any) -> None:
    time_machine.move_to(FRIDAY, tick=False)
    webinar = make_webinar(starts_at=FRIDAY)
    one = sign_up(webinar)
    remove_meeting(webinar=webinar, author=make_user("staff", "confederation"))
    entry = join(registration=one, device="a")
    assert (entry.door, entry.address) == (Door.EARLY, "")
    one.refresh_from_db()
    assert one.attended is None


def test_a_new_secret_key_opens_the_rooms_of_the_former_one(settings: Any) -> None:
    meeting = make_webinar().meeting
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a-new-one"
    assert open_room(meeting) == ROOM
    assert reseal_meetings().done == 1
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Unreadable):
        open_room(meeting)
    meeting.refresh_from_db()
    assert open_room(meeting) == ROOM


def test_rotating_names_the_room_that_no_key_opens(settings: Any) -> None:
    webinar = make_webinar()
    settings.SECRET_KEY = "another-without-the-former"
    out = StringIO()
    with pytest.raises(CommandError, match=f"Salles de réunion, webinaire {webinar.pk}"):
        call_command("rotate_secrets", stdout=out)
    assert "Salles de réunion : 0 rechiffrées." in out.getvalue()


def test_a_room_no_key_opens_keeps_the_door_shut_and_is_logged(
    settings: Any, time_machine: Any, caplog: pytest.LogCaptureFixture
) -> None:
    time_machine.move_to(FRIDAY, tick=False)
    one = sign_up(make_webinar(starts_at=FRIDAY))
    settings.SECRET_KEY = "another-without-the-former"
    assert join(registration=one, device="a").door == Door.EARLY
    assert "webinar-meeting-unreadable" in caplog.text


def test_the_sealed_text_is_bound_to_its_purpose(settings: Any) -> None:
    """The key of another purpose opens nothing here."""
    from core.ciphers import cipher

    meeting = make_webinar().meeting
    meeting.sealed = cipher("sealing-key").encrypt(json.dumps({"address": "x"}).encode()).decode()
    with pytest.raises(Unreadable):
        open_room(meeting)

"""The sheet of an action on a tablet: which tablets may ask, and until when."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from time_machine import travel

from field import actions, hooks
from field.models import FieldSession
from tests.factories import make_user
from tests.field.conftest import Tablet, make_session, open_phone, open_tablet

pytestmark = pytest.mark.django_db
ADDRESSES = ["/terrain/fiche/", "/terrain/fiche/pilote/"]
SHEET = {"title": "Marché"}
PILOT = {"first_name": "Sacha", "phone": "06 39 98 77 01", "tel": "+33639987701"}


@pytest.fixture(autouse=True)
def action(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every session has an action, whatever the rooms above know."""
    monkeypatch.setattr(hooks, "_hooks", [(lambda session: SHEET, lambda session: PILOT)])


def told(tablet: Tablet) -> tuple[Any, Any]:
    sheet, pilot = (tablet.ask(address).json() for address in ADDRESSES)
    return sheet["brief"], pilot["pilot"]


def test_a_tablet_is_told_of_the_action_of_its_session(
    tablet: Tablet, session: FieldSession
) -> None:
    answer = tablet.ask("/terrain/fiche/").json()
    assert (answer["session"], answer["brief"]) == (str(session.public_id), SHEET)
    assert told(tablet) == (SHEET, PILOT)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_is_in_no_cache(tablet: Tablet, address: str) -> None:
    assert "no-store" in tablet.ask(address)["Cache-Control"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_was_not_opened_or_was_revoked_is_told_nothing(tablet: Tablet, address: str) -> None:
    stranger = Client().get(address, headers={"X-Requested-With": "tablette"})
    assert stranger.status_code == 401
    actions.revoke_device(device=tablet.device, author=make_user())
    assert tablet.ask(address).status_code == 401


@pytest.mark.parametrize("address", ADDRESSES)
def test_another_site_cannot_ask(tablet: Tablet, address: str) -> None:
    assert tablet.client.get(address).status_code == 400


def test_a_closed_session_tells_nothing_until_it_is_reopened(
    tablet: Tablet, session: FieldSession
) -> None:
    actions.close_session(session=session)
    assert told(tablet) == (None, None)
    actions.reopen_session(session=session)
    assert told(tablet) == (SHEET, PILOT)


def test_after_its_last_day_a_session_tells_nothing() -> None:
    today = timezone.localdate()
    tablet = open_tablet(make_session(starts_on=today, ends_on=today))
    with travel(timezone.now() + timedelta(days=1, hours=1)):
        assert told(tablet) == (None, None)


def test_a_phone_of_ones_own_has_no_action() -> None:
    assert told(open_phone(make_user("militant", "ul-caen"))) == (None, None)


def test_without_an_action_there_is_no_sheet(
    tablet: Tablet, session: FieldSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "_hooks", [(lambda session: None, lambda session: None)])
    assert told(tablet) == (None, None)


def test_a_sheet_that_fails_takes_nothing_from_capturing(
    tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(session: FieldSession) -> None:
        raise RuntimeError

    monkeypatch.setattr(hooks, "_hooks", [(fail, fail)])
    assert tablet.data().status_code == 200
    assert tablet.send(tablet.envelope()).json()["answers"][0]["status"] == "stored"

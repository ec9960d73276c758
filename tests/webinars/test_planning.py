"""Preparing, moving, cancelling, copying a session."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.factories import make_user
from tests.webinars.factories import (
    delivered,
    make_webinar,
    next_friday,
    sign_up,
    subjects,
    told,
)
from webinars import actions, mails
from webinars.actions import NotADraft, Step, WebinarMoved
from webinars.enums import WebinarState
from webinars.models import Meeting, Series, Webinar

pytestmark = pytest.mark.django_db


def test_a_session_begins_as_a_draft_with_the_usual_reminders() -> None:
    webinar = make_webinar(announced=False)
    assert webinar.state == WebinarState.DRAFT
    assert [one.minutes_before for one in webinar.reminders.all()] == [1440, 60]
    assert [one.title for one in webinar.parts.all()] == ["Outils", "Échanges"]
    assert len(webinar.code) == 7


def test_nobody_overwrites_what_they_did_not_see() -> None:
    webinar = make_webinar()
    actions.change_webinar(webinar=webinar, revision=webinar.revision, guest="la secrétaire")
    with pytest.raises(WebinarMoved):
        actions.change_webinar(webinar=webinar, revision=webinar.revision, guest="")
    with pytest.raises(WebinarMoved):
        actions.cancel_webinar(webinar=webinar, revision=webinar.revision, reason="")


def test_a_change_of_date_alone_is_told() -> None:
    webinar = make_webinar()
    sign_up(webinar)
    changed = actions.change_webinar(
        webinar=webinar, revision=webinar.revision, description="Autre", guest="une invitée"
    )
    assert (changed.sequence, told(mails.MOVED)) == (webinar.sequence, [])
    later = next_friday() + timedelta(days=7)
    moved = actions.move_webinar(webinar=changed, revision=changed.revision, starts_at=later)
    assert moved.sequence == changed.sequence + 1
    assert moved.ends_at == later + timedelta(hours=1)
    assert told(mails.MOVED) == ["sacha1@exemple.fr"]


def test_who_waits_or_asked_is_told_too_and_who_left_is_not() -> None:
    webinar = make_webinar(capacity=1)
    sign_up(webinar, 1)
    sign_up(webinar, 2)
    asked = sign_up(make_webinar("cpri"), 3)
    delivered()
    for each in (webinar, asked.webinar):
        actions.cancel_webinar(webinar=each, revision=each.revision, reason="")
    assert sorted(told(mails.OFF)) == [
        "sacha1@exemple.fr", "sacha2@exemple.fr", "sacha3@exemple.fr",
    ]  # fmt: skip


def test_only_the_last_of_two_moves_is_told() -> None:
    webinar = make_webinar()
    sign_up(webinar)
    delivered()
    for days in (7, 14):
        webinar = actions.move_webinar(
            webinar=webinar, revision=webinar.revision,
            starts_at=next_friday() + timedelta(days=days),
        )  # fmt: skip
    assert subjects() == {"Nouvelle date : Outils et supports": 1}


def test_a_cancellation_undone_at_once_tells_what_is_true() -> None:
    webinar = make_webinar()
    sign_up(webinar)
    delivered()
    off = actions.cancel_webinar(webinar=webinar, revision=webinar.revision, reason="Erreur")
    actions.announce_webinar(webinar=off, revision=off.revision)
    assert subjects() == {"Finalement, il a lieu : Outils et supports": 1}


def test_cancelling_twice_tells_once() -> None:
    webinar = make_webinar()
    sign_up(webinar)
    off = actions.cancel_webinar(webinar=webinar, revision=webinar.revision, reason="")
    actions.cancel_webinar(webinar=off, revision=off.revision, reason="")
    assert told(mails.OFF) == ["sacha1@exemple.fr"]


def test_a_copy_keeps_what_was_prepared_and_nobody_who_came() -> None:
    webinar = make_webinar("outils", capacity=50, reminders=[15])
    sign_up(webinar)
    later = next_friday() + timedelta(days=7)
    copy = actions.copy_webinar(
        webinar=webinar, created_by=make_user(), starts_at=later,
        ends_at=later + timedelta(hours=1),
    )  # fmt: skip
    assert (copy.state, copy.title, copy.capacity) == (WebinarState.DRAFT, webinar.title, 50)
    assert [one.minutes for one in copy.parts.all()] == [20, 40]
    assert [one.minutes_before for one in copy.reminders.all()] == [15]
    assert copy.registrations.count() == 0
    assert copy.code != webinar.code
    assert not Meeting.objects.filter(webinar=copy).exists()


def test_the_programme_is_replaced_whole() -> None:
    webinar = make_webinar()
    actions.set_programme(
        webinar=webinar, revision=webinar.revision, steps=[Step("Bilan", 15), Step("Suite")]
    )
    assert list(webinar.parts.values_list("position", "title")) == [(0, "Bilan"), (1, "Suite")]


def test_a_draft_is_deleted_an_announced_session_never() -> None:
    draft, announced = make_webinar(announced=False), make_webinar()
    actions.delete_webinar(webinar=draft, revision=draft.revision, author=make_user())
    with pytest.raises(NotADraft):
        actions.delete_webinar(webinar=announced, revision=announced.revision, author=make_user())
    assert list(Webinar.objects.all()) == [announced]


@pytest.mark.parametrize(
    "wrong",
    [{"ends_at": None}, {"capacity": 0}, {"state": "announced"}, {"state": "cancelled"}],
)
def test_the_database_refuses_a_session_that_cannot_be(wrong: dict[str, object]) -> None:
    webinar = make_webinar(announced=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Webinar.objects.filter(pk=webinar.pk).update(**wrong)


def test_an_open_series_is_for_nobody_in_particular() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Series.objects.filter(pk="ouverts").update(kinds=["ud"])

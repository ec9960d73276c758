"""After the session: one mail with everything, three questions, and who came from where."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from organisations.enums import Kind
from tests.factories import get_organisation, make_user
from tests.webinars.factories import FRIDAY, delivered, make_document, make_webinar, sign_up
from webinars import actions, rules
from webinars.asking import accept, answer_in_writing, ask
from webinars.attending import AlreadyFollowedUp, NotOver, give_feedback, send_follow_up
from webinars.joining import join
from webinars.links import personal_url
from webinars.models import Feedback, Webinar
from webinars.participation import (
    attendance_of,
    never_came,
    no_shows,
    opinion_of,
    participation,
    wishes,
)
from webinars.personal_links import revoke_link
from webinars.registering import cancel_registration

pytestmark = pytest.mark.django_db
OVER = FRIDAY + timedelta(hours=2)


@pytest.fixture
def clock(time_machine: Any) -> Any:
    time_machine.move_to(FRIDAY - timedelta(days=3), tick=False)
    return time_machine


@pytest.fixture
def webinar(clock: Any) -> Webinar:
    return make_webinar(starts_at=FRIDAY)


def test_the_mail_of_after_carries_all_there_is_once(webinar: Webinar, clock: Any) -> None:
    came, missed, left = (sign_up(webinar, number) for number in (1, 2, 3))
    cancel_registration(registration=left)
    question = accept(question=ask(registration=came, text="Où sont les tracts ?"))
    clock.move_to(FRIDAY, tick=False)
    join(registration=came, device="a")
    delivered()
    clock.move_to(OVER, tick=False)
    staff = make_user("staff", "confederation")
    answer_in_writing(question=question, answer="À l’UD.", answered_by=staff)
    webinar.refresh_from_db()
    actions.change_webinar(
        webinar=webinar, revision=webinar.revision, replay_url="https://video.example/1",
        slides=make_document(),
    )  # fmt: skip
    assert send_follow_up(webinar=webinar, author=staff) == 2
    with pytest.raises(AlreadyFollowedUp):
        send_follow_up(webinar=webinar, author=staff)
    mails = {mail.to[0]: mail for mail in delivered()}
    assert set(mails) == {came.email, missed.email}
    body = mails[came.email].body
    for words in ("Merci d’avoir participé", "l’enregistrement", "le diaporama", "trois questions",
                  "Où sont les tracts ?", "À l’UD.", personal_url(came)):  # fmt: skip
        assert words in body.replace("\u00a0", " ")
    assert "Vous n’avez pas pu suivre" in mails[missed.email].body
    assert mails[came.email].attachments == []


def test_nothing_is_sent_before_the_end(webinar: Webinar, clock: Any) -> None:
    clock.move_to(FRIDAY + timedelta(minutes=30), tick=False)
    with pytest.raises(NotOver):
        send_follow_up(webinar=webinar, author=make_user())


def test_an_opinion_is_given_once_over_and_replaced_when_given_again(
    webinar: Webinar, clock: Any
) -> None:
    one = sign_up(webinar)
    with pytest.raises(NotOver):
        give_feedback(registration=one, usefulness=5)
    clock.move_to(OVER, tick=False)
    give_feedback(registration=one, usefulness=2)
    give_feedback(registration=one, usefulness=4, wish=" Plus d’exemples ", next_step="Un tractage")
    assert (opinion_of(webinar).answers, opinion_of(webinar).usefulness) == (1, 4.0)
    # Of one person alone, words are kept and shown to nobody.
    assert Feedback.objects.get().wish == "Plus d’exemples"
    assert not wishes(Webinar.objects.all()).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.update(usefulness=6)


def test_who_came_who_missed(webinar: Webinar, clock: Any) -> None:
    came, missed, left = (sign_up(webinar, number) for number in (1, 2, 3))
    cancel_registration(registration=left)
    clock.move_to(FRIDAY, tick=False)
    join(registration=came, device="a")
    counts = attendance_of(webinar)
    assert (counts.registered, counts.came, counts.missed, counts.rate) == (2, 1, 1, 50)
    assert list(no_shows(webinar)) == [missed]
    assert attendance_of(make_webinar(title="Vide")).rate is None
    counted = Webinar.objects.with_counts().get(pk=webinar.pk)
    assert (counted.registered_count, counted.came_count, counted.waiting_count) == (2, 1, 0)


def test_whoever_comes_for_a_local_union_counts_for_its_union(webinar: Webinar, clock: Any) -> None:
    people = [
        sign_up(webinar, number, organisation=get_organisation(slug))
        for number, slug in enumerate(("ul-caen", "ud-14", "ud-50"))
    ]
    clock.move_to(FRIDAY, tick=False)
    for one in people[:2]:
        join(registration=one, device="a")
    every = Webinar.objects.all()
    staff = make_user("staff", "confederation")
    found = {each.slug: each for each in participation(staff, every, kinds=[Kind.UD])}
    calvados, manche = found["ud-14"], found["ud-50"]
    assert (calvados.registered, calvados.came, calvados.sessions) == (2, 2, 1)
    assert (manche.registered, manche.came, manche.sessions) == (1, 0, 0)
    never = {each.slug for each in never_came(staff, every)}
    assert "ud-14" not in never
    assert {"ud-50", "ud-69"} <= never


def test_participation_is_read_as_far_as_one_sees() -> None:
    every = Webinar.objects.all()
    assert {each.slug for each in participation(make_user("staff", "ud-14"), every)} == {"ud-14"}
    assert not participation(make_user("militant", "ud-14"), every).exists()


def test_participation_is_one_query_whatever_the_number(webinar: Webinar) -> None:
    sign_up(webinar, organisation=get_organisation("ud-14"))
    staff = make_user("staff", "confederation")
    assert staff.scope.everything
    with CaptureQueriesContext(connection) as queries:
        assert len(participation(staff, Webinar.objects.all())) > 100
    assert len(queries) == 1


def test_documents_of_a_session_open_with_the_link_and_without_an_account(
    webinar: Webinar,
) -> None:
    slides, other = make_document(), make_document("autre")
    make_document("rien-a-voir")
    changed = actions.change_webinar(
        webinar=webinar, revision=webinar.revision, slides=slides, documents=[other, slides]
    )
    one = sign_up(changed)
    assert rules.documents_of(changed) == [slides, other]
    assert rules.get_file_of_registration_or_404(one, "autre") == other.current
    with pytest.raises(Http404):
        rules.get_file_of_registration_or_404(one, "rien-a-voir")
    revoked = revoke_link(registration=one, revoked_by=make_user())
    with pytest.raises(Http404):
        rules.get_file_of_registration_or_404(revoked, "autre")

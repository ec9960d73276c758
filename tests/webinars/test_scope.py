"""Who sees and manages which session; what is not yours answers 404."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organisations.models import User
from tests.factories import make_user
from tests.webinars.factories import make_webinar, sign_up
from webinars import actions, rules
from webinars.asking import ask
from webinars.audience import audience_words
from webinars.models import Series, Webinar
from webinars.wording import programme_words

pytestmark = pytest.mark.django_db


def managers(webinar: Webinar, people: dict[str, User]) -> set[str]:
    return {role for role, user in people.items() if rules.can_manage(user, webinar)}


def seers(webinar: Webinar, people: dict[str, User]) -> set[str]:
    everyone = people | {"nobody": make_user()}
    return {
        role
        for role, user in everyone.items()
        if Webinar.objects.visible_to(user).filter(pk=webinar.pk).exists()
    }


def test_the_organisation_that_holds_it_and_those_above_manage_it(people: dict[str, User]) -> None:
    above = {"region", "confederation", "confederation_admin"}
    assert managers(make_webinar(organisation="ul-caen"), people) == (
        {"ul", "ud", "ud_admin"} | above
    )
    assert managers(make_webinar(organisation="ud-14"), people) == {"ud", "ud_admin"} | above
    assert managers(make_webinar(organisation="fd-commerce"), people) == {
        "fd", "confederation", "confederation_admin",
    }  # fmt: skip
    assert managers(make_webinar(), people) == {"confederation", "confederation_admin"}


def test_a_draft_is_seen_by_who_manages_it_an_announced_one_by_every_member(
    people: dict[str, User],
) -> None:
    draft = make_webinar(organisation="ud-14", announced=False)
    assert seers(draft, people) == managers(draft, people)
    announced = actions.announce_webinar(webinar=draft, revision=draft.revision)
    assert seers(announced, people) == set(people)
    off = actions.cancel_webinar(webinar=announced, revision=announced.revision, reason="")
    assert seers(off, people) == set(people)


def test_anybody_knows_of_open_sessions_alone() -> None:
    make_webinar(announced=False, title="Brouillon")
    make_webinar("outils", title="Réservé")
    make_webinar(title="Pour toutes et tous")
    assert [one.title for one in rules.public_webinars()] == ["Pour toutes et tous"]


def test_a_registration_page_is_found_by_its_code_once_announced() -> None:
    draft = make_webinar("cpri", announced=False)
    with pytest.raises(Http404):
        rules.get_announced_webinar_or_404(draft.code)
    announced = actions.announce_webinar(webinar=draft, revision=draft.revision)
    assert rules.get_announced_webinar_or_404(draft.code) == announced
    assert rules.open_among([draft.code, "RIEN"]) == [announced]


def test_what_is_not_yours_does_not_exist(people: dict[str, User]) -> None:
    webinar = make_webinar(organisation="ud-14")
    one = sign_up(webinar)
    question = ask(registration=one, text="Les tracts ?")
    for role in ("other_ud", "militant", "fd"):
        with pytest.raises(Http404):
            rules.get_managed_webinar_or_404(people[role], webinar.pk)
        with pytest.raises(Http404):
            rules.get_managed_registration_or_404(people[role], webinar.pk, one.pk)
        with pytest.raises(Http404):
            rules.get_managed_question_or_404(people[role], webinar.pk, question.pk)
    assert rules.get_managed_registration_or_404(people["ud"], webinar.pk, one.pk) == one
    elsewhere = make_webinar(organisation="ud-14", title="Autre")
    with pytest.raises(Http404):
        rules.get_managed_registration_or_404(people["ud"], elsewhere.pk, one.pk)


def test_a_question_that_is_not_published_is_nobody_elses() -> None:
    one = sign_up(make_webinar())
    question = ask(registration=one, text="Les tracts ?")
    with pytest.raises(Http404):
        rules.get_published_question_or_404(one, question.pk)


def test_series_are_the_confederations(people: dict[str, User]) -> None:
    assert rules.get_series_or_404(people["confederation"], "cpri").pk == "cpri"
    with pytest.raises(Http404):
        rules.get_series_or_404(people["ud"], "cpri")


def test_the_page_of_a_session(client_for: Callable[[User], Client]) -> None:
    webinar = make_webinar("outils", description="Une heure ensemble")
    page = client_for(make_user("militant", "ud-14")).get(f"/webinaires/{webinar.pk}/")
    for words in ("Une heure ensemble", "UD, UL et fédérations", "avec une militante"):
        assert words in page.content.decode()
    assert client_for(make_user()).get(f"/webinaires/{webinar.pk}/").status_code == 404


def test_a_list_costs_the_same_for_one_and_for_thirty() -> None:
    user = make_user("militant", "ud-14")
    assert user.active_memberships

    def queries_for(number: int) -> int:
        for rank in range(number):
            make_webinar(title=f"{number}, {rank}", with_room=False)
        with CaptureQueriesContext(connection) as queries:
            for one in rules.visible_webinars(user).with_counts():
                assert one.registered_count == 0
                assert (audience_words(one.series), len(programme_words(one))) != ("", 0)
                assert one.organisation.name
        return len(queries)

    assert queries_for(1) == queries_for(30)


def test_one_sees_ones_own_registrations() -> None:
    user = make_user("militant", "ud-14")
    webinar = make_webinar()
    one = sign_up(webinar, email=user.email)
    sign_up(webinar, 2)
    assert rules.own_registrations(user) == {webinar.pk: one}


def test_the_sessions_of_a_series_are_offered_together() -> None:
    webinar, other = make_webinar("outils"), make_webinar("outils", title="Suite")
    undated = make_webinar("outils", title="Sans date", dated=False)
    make_webinar("cpri", title="Autre série")
    assert list(rules.sessions_of_series(webinar)) == [other, undated]


def test_who_is_too_fast_is_slowed_by_device() -> None:
    answers = [rules.is_too_fast("navigateur") for _ in range(rules.PER_DEVICE + 1)]
    assert answers == [False] * rules.PER_DEVICE + [True]
    assert not rules.is_too_fast("un autre")
    assert Series.objects.count() == 4

"""Two people publish at the same instant: one version is published, whoever wins."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connections

from library import actions
from library.enums import State
from library.models import RightsSheet, RightsSheetVersion
from organisations.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 3


def publish_together(version: RightsSheetVersion, people: list[User]) -> list[Any]:
    barrier = Barrier(len(people))

    def publish(person: User) -> Any:
        barrier.wait(timeout=10)
        try:
            return actions.publish_sheet(version=version, publisher=person)
        except IntegrityError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(publish, people))


def next_draft(sheet: RightsSheet, author: User) -> RightsSheetVersion:
    return actions.create_draft(sheet=sheet, author=author)


def test_two_publishers_publish_one_version(published: RightsSheet, editor: User) -> None:
    people = [editor, make_user("admin", "confederation")]
    for number in range(2, 2 + ROUNDS):
        draft = next_draft(published, editor)
        results = publish_together(draft, people)
        assert [result.pk for result in results] == [draft.pk, draft.pk]
        assert len({result.published_by_id for result in results}) == 1
        assert list(published.versions.published().values_list("number", flat=True)) == [number]


def test_without_the_lock_they_would_collide(
    published: RightsSheet, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the race above: it does need the lock."""
    barrier = Barrier(2)

    def render(_version: RightsSheetVersion) -> bytes:
        barrier.wait(timeout=10)
        return b"%PDF-"

    monkeypatch.setattr(actions, "_lock", lambda sheet: sheet)
    monkeypatch.setattr(actions, "render_version", render)
    draft = next_draft(published, editor)
    results = publish_together(draft, [editor, make_user()])
    assert any(isinstance(result, IntegrityError) for result in results)


def test_two_authors_make_one_draft(published: RightsSheet, editor: User) -> None:
    barrier = Barrier(2)

    def write(_: int) -> int:
        barrier.wait(timeout=10)
        try:
            return next_draft(published, editor).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(write, range(2)))) == 1
    assert published.versions.filter(state=State.DRAFT).count() == 1

"""Two people publish at the same instant: one version is published, whoever wins."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connections

from library import actions, publishing, reading
from library.enums import State
from library.errors import DocumentChanged
from library.models import Document, DocumentVersion, RightsSheet, RightsSheetVersion
from organisations.models import User
from tests.factories import make_user
from tests.library.conftest import make_document, upload

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


def replace_together(document: Document, people: list[User]) -> list[Any]:
    barrier = Barrier(len(people))

    def replace(person: User) -> Any:
        barrier.wait(timeout=10)
        try:
            return publishing.replace_document(
                document=document, file=upload(f"{person.pk}.mp4"), author=person, seen=1
            )
        except (DocumentChanged, IntegrityError) as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(replace, people))


def test_of_two_who_replace_a_file_the_second_sees_the_first(editor: User) -> None:
    people = [editor, make_user("admin", "confederation")]
    for number in range(ROUNDS):
        document = make_document(editor, f"Affiche {number}")
        results = replace_together(document, people)
        (told,) = [result for result in results if isinstance(result, DocumentChanged)]
        (kept,) = [result for result in results if isinstance(result, DocumentVersion)]
        assert str(kept.added_by) in str(told)
        assert kept.name in str(told)
        assert document.versions.count() == 2


def test_without_the_lock_both_would_take_the_same_number(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the race above."""
    barrier, original = Barrier(2), publishing.prepare

    def prepare(*given: Any) -> Any:
        barrier.wait(timeout=10)
        return original(*given)

    document = make_document(editor)
    monkeypatch.setattr(publishing, "_lock", lambda document: document)
    monkeypatch.setattr(publishing, "prepare", prepare)
    results = replace_together(document, [editor, make_user("admin", "confederation")])
    assert any(isinstance(result, IntegrityError) for result in results)


def test_a_crowd_is_counted_one_by_one(editor: User) -> None:
    document, crowd = make_document(editor), 6
    barrier = Barrier(crowd)

    def take(number: int) -> bool:
        barrier.wait(timeout=10)
        try:
            # Everybody clicks twice.
            return reading.count_download(document=document, reader=f"reader {number // 2}")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(crowd) as pool:
        assert sum(pool.map(take, range(crowd))) == crowd // 2
    assert document.downloads.get().count == crowd // 2

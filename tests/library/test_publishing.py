"""Documents: what is kept of a file, who is told what changed, what an address leads to."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError

from library import publishing
from library.enums import Audience
from library.errors import DocumentChanged, LibraryError
from library.models import Document
from library.publishing import Description
from library.uploads import RefusedFile
from organisations.models import User
from territory.models import Trade
from tests.factories import get_organisation, make_user
from tests.library.conftest import VIDEO, make_document, picture, upload

pytestmark = pytest.mark.django_db


def described(title: str = "Autre titre", **said: Any) -> Description:
    return Description(title=title, **({"kind": "guide"} | said))


class TestFiles:
    def test_the_stored_name_says_nothing(self, editor: User) -> None:
        version = make_document(editor, file=upload("../Affiche secrète.exe.mp4")).current
        assert "secr" not in version.file.name
        assert version.file.name.startswith("library/documents/")
        assert version.name == "Affiche secrète.exe.mp4"

    def test_the_type_is_that_of_the_content(self, editor: User) -> None:
        version = make_document(editor, file=upload("a.pdf", picture())).current
        assert (version.content_type, version.name) == ("image/png", "a.png")

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("a.pdf", b"MZ\x90\x00"),
            ("a.png", b""),
            ("a.svg", b"<svg/>"),
            ("a.html", b"<p>"),
            ("a.png", b"\x89PNG\r\n\x1a\n and nothing more"),
            ("a.pdf", b"%PDF-1.7 and nothing more"),
        ],
    )
    def test_a_refused_file_leaves_nothing(self, editor: User, name: str, data: bytes) -> None:
        with pytest.raises(RefusedFile):
            make_document(editor, file=upload(name, data))
        assert not Document.objects.exists()

    def test_too_large_is_refused(self, editor: User, settings: Any) -> None:
        settings.UPLOAD_MAX_BYTES = 5
        with pytest.raises(RefusedFile, match="au plus"):
            make_document(editor)

    def test_replacing_keeps_the_address_and_the_former_file(self, editor: User) -> None:
        document = make_document(editor)
        first = document.current
        publishing.replace_document(
            document=document, file=upload("b.mp4", VIDEO + b"y"), author=editor, seen=1
        )
        assert document.current.number == 2
        assert default_storage.exists(first.file.name)

    def test_a_replaced_document_is_new_again(self, editor: User) -> None:
        document = make_document(editor)
        before = document.renewed_at
        publishing.replace_document(document=document, file=upload(), author=editor, seen=1)
        document.refresh_from_db()
        assert document.renewed_at > before


class TestTwoAtOnce:
    def test_a_file_replaced_since_is_not_replaced_blindly(self, editor: User) -> None:
        document, other = make_document(editor), make_user("admin", "confederation")
        publishing.replace_document(
            document=document, file=upload("Bon fichier.mp4"), author=other, seen=1
        )
        with pytest.raises(DocumentChanged, match=f"{other} : « Bon fichier.mp4 », version 2"):
            publishing.replace_document(document=document, file=upload(), author=editor, seen=1)
        assert document.versions.count() == 2

    def test_words_changed_since_are_not_overwritten(self, editor: User) -> None:
        document, other = make_document(editor), make_user("admin", "confederation")
        publishing.edit_document(
            document=document, description=described("Bon titre"), author=other, revision=1
        )
        with pytest.raises(DocumentChanged, match=str(other)):
            publishing.edit_document(
                document=document, description=described(), author=editor, revision=1
            )
        document.refresh_from_db()
        assert document.title == "Bon titre"


class TestLife:
    def test_a_draft_is_shown_once_published(self, editor: User) -> None:
        draft = make_document(editor, is_draft=True)
        assert not Document.objects.available().exists()
        published = publishing.publish_document(document=draft, author=editor)
        again = publishing.publish_document(document=draft, author=make_user())
        assert Document.objects.available().get() == draft
        assert (again.published_by, again.published_at) == (editor, published.published_at)

    def test_a_draft_thrown_away_takes_its_files(self, editor: User) -> None:
        draft = make_document(editor, is_draft=True, file=upload("a.png", picture()))
        version = draft.current
        publishing.discard_draft(document=draft)
        assert not default_storage.exists(version.file.name)
        assert not default_storage.exists(version.preview.name)

    def test_what_was_published_is_never_thrown_away(self, editor: User) -> None:
        with pytest.raises(LibraryError, match="retirez-le"):
            publishing.discard_draft(document=make_document(editor))
        assert Document.objects.exists()

    def test_withdrawing_and_putting_back(self, editor: User) -> None:
        document, other = make_document(editor), make_document(editor, "Autre")
        publishing.retire_document(document=document, author=editor, successor=other)
        assert list(Document.objects.available()) == [other]
        restored = publishing.restore_document(document=document)
        assert (restored.retired_at, restored.successor) == (None, None)
        assert Document.objects.available().count() == 2

    def test_a_line_of_successors_never_comes_back(self, editor: User) -> None:
        first, second = make_document(editor, "Premier"), make_document(editor, "Second")
        publishing.retire_document(document=first, author=editor, successor=second)
        with pytest.raises(LibraryError, match="mène déjà"):
            publishing.retire_document(
                document=second, author=editor, successor=Document.objects.get(pk=first.pk)
            )
        with pytest.raises(IntegrityError, match="own_successor"):
            Document.objects.filter(pk=first.pk).update(successor=first)


class TestReach:
    def test_a_ud_publishes_for_its_departement(self) -> None:
        author = make_user("staff", "ud-14")
        document = make_document(author, organisation=get_organisation("ud-14"))
        assert document.departement_id == "14"

    def test_a_federation_publishes_for_its_own_branches_alone(self) -> None:
        author, federation = make_user("staff", "fd-commerce"), get_organisation("fd-commerce")
        own = federation.agreements.order_by("pk")[0].pk
        foreign = Trade.objects.exclude(agreements__organisation=federation).order_by("pk")[0]
        document = make_document(author, organisation=federation, idcc=[own])
        assert document.departement_id is None
        for reach in ({}, {"trades": [foreign]}, {"idcc": [own, "9999"]}):
            with pytest.raises(LibraryError, match="pour ses métiers"):
                make_document(author, organisation=federation, **reach)

    def test_expiry_takes_it_off_the_day_after(self, editor: User) -> None:
        day = dt.date(2026, 12, 9)
        make_document(editor, expires_on=day)
        assert Document.objects.available(today=day).exists()
        assert not Document.objects.available(today=day + dt.timedelta(days=1)).exists()

    @pytest.mark.parametrize(
        ("audience", "role", "organisation", "reads"),
        [
            (Audience.PUBLIC, None, None, True),
            (Audience.MEMBERS, "militant", "ud-14", True),
            (Audience.STAFF, "militant", "ud-14", False),
            (Audience.STAFF, "staff", "ul-caen", True),
            (Audience.STAFF, "admin", "fd-commerce", True),
            (Audience.CONFEDERATION, "admin", "ud-14", False),
            (Audience.CONFEDERATION, "militant", "confederation", False),
            (Audience.CONFEDERATION, "staff", "confederation", True),
        ],
    )
    def test_who_reads(
        self, editor: User, audience: str, role: str | None, organisation: str | None, reads: bool
    ) -> None:
        make_document(editor, audience=audience)
        reader = make_user(role, organisation)
        assert Document.objects.meant_for(reader).exists() == reads

    @pytest.mark.parametrize(
        ("role", "organisation", "reads"),
        [
            ("militant", "ul-caen", True),
            ("staff", "cr-28", True),
            ("staff", "ud-50", False),
            ("staff", "fd-commerce", False),
            ("staff", "confederation", True),
        ],
    )
    def test_what_a_ud_publishes_stays_in_its_departement(
        self, role: str, organisation: str, reads: bool
    ) -> None:
        author = make_user("staff", "ud-14")
        make_document(author, organisation=get_organisation("ud-14"))
        reader = make_user(role, organisation)
        assert Document.objects.visible_to(reader).exists() == reads

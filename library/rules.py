"""Who reads and who edits the library. Everybody logged in reads; the confederation edits."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from library.enums import State
from library.models import (
    Document,
    DocumentQuerySet,
    DocumentVersion,
    RightsSheet,
    RightsSheetQuerySet,
    RightsSheetVersion,
    RightsSheetVersionQuerySet,
)
from organisations.models import User
from territory.models import Trade, TradeQuerySet

AnyUser = User | AnonymousUser


class RetiredSheet(Exception):
    """The sheet was public once: its address deserves better than "not found"."""

    def __init__(self, sheet: RightsSheet) -> None:
        self.sheet = sheet
        super().__init__(sheet.slug)


def can_edit_library(user: AnyUser) -> bool:
    """Confederation staff and administrators (a scope only counts those roles)."""
    if not isinstance(user, User):
        return False
    return user.is_active and (user.is_superuser or user.scope.everything)


def check_editor(user: AnyUser) -> None:
    if not can_edit_library(user):
        raise Http404


def public_sheets() -> RightsSheetQuerySet:
    return RightsSheet.objects.published().with_versions()


def retired_sheets(user: AnyUser) -> RightsSheetQuerySet:
    check_editor(user)
    return RightsSheet.objects.retired().with_versions()


def listed_sheets(user: AnyUser) -> RightsSheetQuerySet:
    """Published sheets; editors also see those never published yet."""
    sheets = (
        RightsSheet.objects.all() if can_edit_library(user) else RightsSheet.objects.published()
    )
    retired = RightsSheet.objects.retired()
    return sheets.exclude(pk__in=retired.values("pk")).with_versions()


def sheets_to_verify(user: AnyUser, **when: Any) -> RightsSheetQuerySet:
    check_editor(user)
    return RightsSheet.objects.to_verify(**when).with_versions()


def offered_trades() -> TradeQuerySet:
    return Trade.objects.in_use()


def get_public_version_or_404(slug: str) -> RightsSheetVersion:
    """The published version; raises `RetiredSheet` when the sheet was withdrawn."""
    sheet = get_object_or_404(RightsSheet, slug=slug)
    if version := sheet.versions.published().select_related("sheet").first():
        return version
    if sheet.versions.filter(state=State.RETIRED).exists():
        raise RetiredSheet(sheet)
    raise Http404


def get_sheet_to_edit_or_404(user: AnyUser, slug: str) -> RightsSheet:
    check_editor(user)
    return get_object_or_404(RightsSheet.objects.with_versions(), slug=slug)


def get_draft_or_404(user: AnyUser, slug: str) -> RightsSheetVersion:
    check_editor(user)
    drafts = RightsSheetVersion.objects.filter(state=State.DRAFT)
    return get_object_or_404(drafts.select_related("sheet", "saved_by"), sheet__slug=slug)


def get_published_version_or_404(user: AnyUser, slug: str, number: int) -> RightsSheetVersion:
    """A version that has its PDF: the published one or one of those it replaced."""
    version = get_version_or_404(user, slug, number)
    if version.state == State.DRAFT:
        raise Http404
    return version


def latest_version(sheet: RightsSheet) -> RightsSheetVersion:
    return sheet.versions.order_by("-number")[:1].get()


def previous_version(version: RightsSheetVersion) -> RightsSheetVersion | None:
    earlier = RightsSheetVersion.objects.filter(sheet=version.sheet_id, number__lt=version.number)
    return earlier.order_by("-number").first()


def history(sheet: RightsSheet) -> RightsSheetVersionQuerySet:
    versions = RightsSheetVersion.objects.filter(sheet=sheet).order_by("-number")
    return versions.select_related("published_by", "saved_by")


def get_version_or_404(user: AnyUser, slug: str, number: int) -> RightsSheetVersion:
    check_editor(user)
    versions = RightsSheetVersion.objects.select_related("sheet", "published_by", "saved_by")
    return get_object_or_404(versions, sheet__slug=slug, number=number)


def visible_documents(user: AnyUser) -> DocumentQuerySet:
    """Documents in use; editors also see those withdrawn."""
    if not isinstance(user, User):
        return Document.objects.none()
    documents = Document.objects.all() if can_edit_library(user) else Document.objects.available()
    return documents.with_versions()


def get_document_or_404(user: AnyUser, slug: str) -> Document:
    return get_object_or_404(visible_documents(user), slug=slug)


def get_document_to_edit_or_404(user: AnyUser, slug: str) -> Document:
    check_editor(user)
    return get_document_or_404(user, slug)


def get_file_or_404(user: AnyUser, slug: str, number: int | None) -> DocumentVersion:
    """The latest file of a document; former ones are for editors."""
    document = get_document_or_404(user, slug)
    if number is None:
        return document.current
    check_editor(user)
    return get_object_or_404(document.versions, number=number)


def codes_of(document: Document) -> list[str]:
    """The IDCC of a document's collective agreements."""
    return list(document.agreements.order_by("pk").values_list("pk", flat=True))


def files_of(document: Document) -> QuerySet[DocumentVersion]:
    return document.versions.order_by("-number").select_related("added_by")

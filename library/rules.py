"""Who reads and who edits the library.

Workers read the rights sheets and public documents. Whoever is logged in reads the documents for
their role and place. The confederation edits everything; federations and UDs their documents.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404

from library.enums import Care, State
from library.models import (
    Collection,
    Document,
    DocumentQuerySet,
    DocumentVersion,
    RightsSheet,
    RightsSheetQuerySet,
    RightsSheetVersion,
    RightsSheetVersionQuerySet,
)
from library.models.documents import PUBLISHERS
from organisations.enums import Kind
from organisations.models import Organisation, User
from territory.models import Trade, TradeQuerySet

AnyUser = User | AnonymousUser
CARE_ORDER = {
    Care.EXPIRING: ["expires_on"],
    Care.EXPIRED: ["-expires_on"],
    Care.STALE: ["checked_at"],
    Care.IDLE: ["published_at"],
    Care.DRAFT: ["-pk"],
    Care.RETIRED: ["-retired_at"],
}


class GoneDocument(Exception):
    """Somebody may read it and comes too late; `successor` is what they may read instead."""

    def __init__(self, document: Document, successor: Document | None) -> None:
        self.document, self.successor = document, successor
        super().__init__(document.slug)


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


def publishers_of(user: AnyUser) -> list[Organisation]:
    """The organisations in whose name somebody publishes documents."""
    if not isinstance(user, User) or not user.is_active:
        return []
    led = Organisation.objects.active().led_by(user).filter(kind__in=PUBLISHERS)
    found = list(led.select_related("departement").order_by("kind", "name"))
    if not found and user.is_superuser:
        found = list(Organisation.objects.filter(kind=Kind.CONFEDERATION))
    return found


def can_publish(user: AnyUser) -> bool:
    return bool(publishers_of(user))


def check_publisher(user: AnyUser) -> None:
    if not can_publish(user):
        raise Http404


def visible_documents(user: AnyUser) -> DocumentQuerySet:
    """Documents in use that are meant for them; whoever keeps one also sees it before and after."""
    if not isinstance(user, User):
        return Document.objects.none()
    return Document.objects.visible_to(user).with_versions()


def offered_documents(user: AnyUser) -> DocumentQuerySet:
    """What somebody finds in the library today."""
    if not isinstance(user, User):
        return Document.objects.none()
    return Document.objects.available().meant_for(user).with_versions()


def kept_documents(user: AnyUser) -> DocumentQuerySet:
    """What somebody publishes, drafts and withdrawn documents included."""
    if not isinstance(user, User) or not can_publish(user):
        return Document.objects.none()
    return Document.objects.editable_by(user).with_versions()


def get_document_or_404(user: AnyUser, slug: str) -> Document:
    """A document somebody may read; raises `GoneDocument` when they could have."""
    document = visible_documents(user).filter(slug=slug).first()
    if document is not None:
        return document
    if isinstance(user, User):
        _tell_if_gone(Document.objects.meant_for(user), offered_documents(user), slug)
    raise Http404


def get_public_document_or_404(slug: str) -> Document:
    """A document for everybody; raises `GoneDocument` when it was one."""
    public = Document.objects.public()
    document = public.available().with_versions().filter(slug=slug).first()
    if document is None:
        _tell_if_gone(public, public.available().with_versions(), slug)
        raise Http404
    return document


def _tell_if_gone(meant: DocumentQuerySet, offered: DocumentQuerySet, slug: str) -> None:
    gone = meant.filter(slug=slug, published_at__isnull=False).first()
    if gone is not None:
        followers = (offered.filter(pk=step.pk).first() for step in gone.line[1:])
        raise GoneDocument(gone, next((each for each in followers if each), None))


def get_document_to_edit_or_404(user: AnyUser, slug: str) -> Document:
    return get_object_or_404(kept_documents(user), slug=slug)


def get_draft_document_or_404(user: AnyUser, slug: str) -> Document:
    return get_object_or_404(kept_documents(user).filter(published_at=None), slug=slug)


def get_batch_or_404(user: AnyUser, batch: UUID) -> list[Document]:
    """The drafts of a batch that still wait."""
    drafts = list(kept_documents(user).filter(batch=batch, published_at=None).order_by("pk"))
    if not drafts:
        raise Http404
    return drafts


def can_edit_document(user: AnyUser, document: Document) -> bool:
    return kept_documents(user).filter(pk=document.pk).exists()


def get_file_or_404(user: AnyUser, slug: str, number: int | None) -> DocumentVersion:
    """The latest file of a document; former ones are for those who keep it."""
    if number is None:
        return get_document_or_404(user, slug).current
    document = get_document_to_edit_or_404(user, slug)
    return get_object_or_404(document.versions.select_related("document"), number=number)


def preview_or_404(document: Document) -> DocumentVersion:
    version = document.current
    if not version.preview:
        raise Http404
    return version


def codes_of(document: Document) -> list[str]:
    """The IDCC of a document's collective agreements."""
    return list(document.agreements.order_by("pk").values_list("pk", flat=True))


def files_of(document: Document) -> QuerySet[DocumentVersion]:
    return document.versions.order_by("-number").select_related("added_by")


def downloads_of(document: Document) -> int:
    return document.downloads.aggregate(total=Sum("count"))["total"] or 0


def possible_successors(user: AnyUser, document: Document) -> DocumentQuerySet:
    """What may stand in for a withdrawn document."""
    return offered_documents(user).exclude(pk=document.pk).order_by("title", "pk")


def offered_branches(publishers: list[Organisation]) -> TradeQuerySet:
    """The trades that somebody publishes for: a federation only for its own."""
    if any(organisation.kind != Kind.FD for organisation in publishers):
        return Trade.objects.in_use()
    own = Trade.objects.filter(agreements__organisation__in=publishers)
    return Trade.objects.in_use().filter(pk__in=own.values("pk"))


def documents_to_care_for(user: AnyUser, reason: Care, *, today: dt.date) -> DocumentQuerySet:
    """What somebody keeps and must look at, the most pressing first, with its downloads."""
    kept = kept_documents(user).annotate(download_count=Sum("downloads__count"))
    kept = kept.select_related("organisation", "published_by", "saved_by", "retired_by")
    return kept.needing(reason, today=today).order_by(*CARE_ORDER[reason], "pk")


def care_counts(user: AnyUser, *, today: dt.date) -> dict[Care, int]:
    """How many documents wait for each reason."""
    return kept_documents(user).care_counts(today=today)


def shown_collections(user: AnyUser) -> QuerySet[Collection]:
    """Those that hold something for the reader, with `document_count`; all for their keepers."""
    offered = offered_documents(user)
    if can_edit_library(user):
        return Collection.objects.counting(offered)
    return Collection.objects.holding(offered)


def get_collection_or_404(user: AnyUser, slug: str) -> Collection:
    return get_object_or_404(shown_collections(user), slug=slug)


def get_collection_to_edit_or_404(user: AnyUser, slug: str) -> Collection:
    check_editor(user)
    return get_object_or_404(Collection, slug=slug)


def documents_of(user: AnyUser, collection: Collection) -> DocumentQuerySet:
    """What of a collection is for the reader, in its order."""
    placed = offered_documents(user).filter(placements__collection=collection)
    return placed.order_by("placements__position", "pk")


def placed_documents(collection: Collection) -> list[Document]:
    """All that a collection holds, in its order, whatever became of it."""
    placed = Document.objects.filter(placements__collection=collection).with_versions()
    return list(placed.order_by("placements__position", "pk"))

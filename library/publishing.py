"""Everything that changes documents: added, described, replaced, published, withdrawn."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from core.text import fold
from library.enums import Audience
from library.errors import DocumentChanged, LibraryError
from library.models import Document, DocumentVersion
from library.previews import prepare
from library.slugs import free_slug
from library.uploads import identify, safe_name
from organisations.enums import Kind
from organisations.models import Organisation, User
from territory.models import CollectiveAgreement, Trade

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Description:
    """What is said of a document, and who may read it. Without organisation: the confederation."""

    title: str
    kind: str
    summary: str = ""
    message: str = ""
    audience: str = Audience.MEMBERS
    organisation: Organisation | None = None
    expires_on: dt.date | None = None
    trades: Iterable[Trade] = field(default_factory=tuple)
    idcc: Iterable[str] = field(default_factory=tuple)


def add_document(
    *,
    description: Description,
    file: UploadedFile,
    author: User,
    is_draft: bool = False,
    batch: UUID | None = None,
) -> Document:
    """A new document with its first file; raises `RefusedFile` and `LibraryError`."""
    with transaction.atomic():
        document = Document(
            slug=free_slug(Document, description.title, "document"), batch=batch, saved_by=author
        )
        if is_draft:
            document.published_at = None
        else:
            document.published_by = author
        _describe(document, description)
        _add_file(document, file, author)
    return document


def edit_document(
    *, document: Document, description: Description, author: User, revision: int
) -> Document:
    """Change what is said of a document; its address and files stay.

    `revision` is that of the page the author opened. Raises `DocumentChanged` when somebody else
    saved in the meantime, `LibraryError` when it would leave the branches of its organisation.
    """
    with transaction.atomic():
        document = _lock(document)
        if document.revision != revision:
            who = f" par {document.saved_by}" if document.saved_by else ""
            raise DocumentChanged(
                f"Ce document a été modifié entre-temps{who}. Ouvrez-le dans un autre onglet pour"
                " comparer, puis reprenez vos changements."
            )
        document.revision += 1
        document.saved_by = author
        _describe(document, description)
    return document


def replace_document(
    *, document: Document, file: UploadedFile, author: User, seen: int
) -> DocumentVersion:
    """Put a new file at the same address; the former ones are kept.

    `seen` is the number of the file that the author replaces. Raises `DocumentChanged` when
    somebody else replaced it in the meantime, `RefusedFile` when the new one cannot be kept.
    """
    with transaction.atomic():
        document = _lock(document)
        latest = document.versions.select_related("added_by").order_by("-number").first()
        if latest and latest.number != seen:
            who = f" par {latest.added_by}" if latest.added_by else ""
            raise DocumentChanged(
                f"Ce fichier vient d’être remplacé{who} : « {latest.name} », version"
                f" {latest.number}. Regardez-le, puis recommencez si le vôtre est meilleur."
            )
        version = _add_file(document, file, author)
        document.checked_at = timezone.now()
        if not document.is_draft:
            document.renewed_at = document.checked_at
        document.save(update_fields=["checked_at", "renewed_at"])
        return version


def name_drafts(
    *, drafts: Iterable[tuple[Document, Description, int]], author: User, publishes: bool
) -> None:
    """Describe the drafts of a batch, each with the revision on screen; all or none.

    Raises as `edit_document` does.
    """
    with transaction.atomic():
        for draft, description, revision in drafts:
            named = edit_document(
                document=draft, description=description, author=author, revision=revision
            )
            if publishes:
                publish_document(document=named, author=author)


def publish_document(*, document: Document, author: User) -> Document:
    """Show a draft to those it is for; publishing again changes nothing."""
    with transaction.atomic():
        document = _lock(document)
        if document.is_draft:
            document.published_at = document.renewed_at = document.checked_at = timezone.now()
            document.published_by = author
            document.save()
    return document


def discard_draft(*, document: Document) -> None:
    """Throw a draft away with its files. Raises `LibraryError` once it was published."""
    with transaction.atomic():
        document = _lock(document)
        if not document.is_draft:
            raise LibraryError("Ce document a été publié : retirez-le plutôt.")
        files = [
            file
            for version in document.versions.order_by("number")
            for file in (version.file, version.preview)
            if file
        ]
        document.delete()
        for file in files:
            transaction.on_commit(partial(file.delete, save=False))


def retire_document(
    *, document: Document, author: User, successor: Document | None = None
) -> Document:
    """Take a document off the lists; its address says so and leads to `successor`.

    Raises `LibraryError` when the successor itself leads back here.
    """
    with transaction.atomic():
        document = _lock(document)
        if successor and document.pk in {step.pk for step in successor.line}:
            raise LibraryError(f"« {successor} » mène déjà à ce document : choisissez-en un autre.")
        document.retired_at = document.retired_at or timezone.now()
        document.retired_by, document.successor = author, successor
        document.save(update_fields=["retired_at", "retired_by", "successor"])
        log.info("document-retired", document=document.pk, user=author.pk)
    return document


def restore_document(*, document: Document) -> Document:
    """Undo `retire_document`: the same address shows it again."""
    with transaction.atomic():
        document = _lock(document)
        document.retired_at = document.retired_by = document.successor = None
        document.save(update_fields=["retired_at", "retired_by", "successor"])
    return document


def confirm_document(*, document: Document) -> None:
    """Somebody read it again, and it is still right."""
    with transaction.atomic():
        document = _lock(document)
        document.checked_at = timezone.now()
        document.save(update_fields=["checked_at"])


def _lock(document: Document) -> Document:
    """One writer at a time per document, until the end of the transaction."""
    return Document.objects.select_for_update(no_key=True).get(pk=document.pk)


def _describe(document: Document, said: Description) -> None:
    trades, idcc = list(said.trades), list(said.idcc)
    agreements = list(CollectiveAgreement.objects.filter(pk__in=idcc).order_by("pk"))
    _check_branches(said.organisation, trades, idcc)
    document.title, document.summary, document.kind = said.title, said.summary, said.kind
    document.message, document.audience = said.message, said.audience
    document.expires_on, document.organisation = said.expires_on, said.organisation
    is_local = said.organisation is not None and said.organisation.kind == Kind.UD
    document.departement = said.organisation.departement if is_local else None  # type: ignore[union-attr]
    names = [*(trade.label for trade in trades), *(each.short_title for each in agreements)]
    words = (said.title, said.summary, document.get_kind_display(), said.message, *names, *idcc)
    document.search_text = fold(" ".join(words))
    document.save()
    document.trades.set(trades)
    document.agreements.set(agreements)


def _check_branches(
    organisation: Organisation | None, trades: list[Trade], idcc: list[str]
) -> None:
    """A federation publishes for its own branches: nothing for all, nothing for others."""
    if organisation is None or organisation.kind != Kind.FD:
        return
    own = organisation.scope.agreements
    of_trades = Trade.objects.filter(pk__in=[trade.pk for trade in trades])
    foreign = set(idcc) - own or of_trades.exclude(agreements__in=own).exists()
    if foreign or not (trades or idcc):
        raise LibraryError(
            "Une fédération publie pour ses métiers : choisissez-en au moins un, et aucun autre."
        )


def _add_file(document: Document, file: UploadedFile, author: User) -> DocumentVersion:
    file_type = identify(file, size=file.size or 0, largest=settings.UPLOAD_MAX_BYTES)
    prepared = prepare(file, file_type)
    name = safe_name(file.name or "", file_type)
    last = document.versions.aggregate(last=Max("number"))["last"] or 0
    version = DocumentVersion(
        document=document, number=last + 1, name=name, content_type=file_type.content_type,
        size=len(prepared.content), added_by=author,
    )  # fmt: skip
    version.file.save(name, ContentFile(prepared.content), save=False)
    try:
        if prepared.preview:
            version.preview.save("preview.webp", ContentFile(prepared.preview), save=False)
        version.save()
    except BaseException:
        for kept in (version.file, version.preview):
            if kept:
                kept.delete(save=False)
        raise
    document.file_text = prepared.words
    document.save(update_fields=["file_text"])
    return version

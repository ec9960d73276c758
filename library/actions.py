"""Everything that changes the library."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from core.text import fold
from library.enums import State
from library.models import Document, DocumentVersion, RightsSheet, RightsSheetVersion
from library.pdf import render_version
from library.sheets import Content, clean_content, plain_text
from library.uploads import identify, safe_name
from organisations.models import User
from territory.models import CollectiveAgreement, Trade


class LibraryError(ValueError):
    """An action that cannot be done; the message, in French, says why."""


class DraftChanged(LibraryError):
    """Somebody else saved the draft in the meantime."""


def create_sheet(*, content: Content, verified_on: dt.date, author: User) -> RightsSheetVersion:
    """A new sheet with its first draft; its address comes from the title and stays for ever."""
    with transaction.atomic():
        content = clean_content(content)
        sheet = RightsSheet.objects.create(
            slug=_free_slug(RightsSheet, content["title"], "fiche"),
            title=content["title"],
            position=_last_position() + 1,
        )
        _describe(sheet, content)
        return _add_draft(sheet, content, verified_on, author)


def create_draft(*, sheet: RightsSheet, author: User) -> RightsSheetVersion:
    """A draft that copies the latest version, or the draft that already exists."""
    with transaction.atomic():
        _lock(sheet)
        draft = sheet.versions.filter(state=State.DRAFT).first()
        if draft is not None:
            return draft
        latest = sheet.versions.order_by("-number")[:1].get()
        return _add_draft(sheet, latest.content, latest.verified_on, author)


def save_draft(
    *, sheet: RightsSheet, content: Content, verified_on: dt.date, author: User, revision: int
) -> RightsSheetVersion:
    """Save the draft, created when missing; `revision` is that of the text the author opened, or 0.

    Raises `DraftChanged` when somebody else saved in the meantime, `InvalidContent` on bad content.
    """
    with transaction.atomic():
        content = clean_content(content)
        _lock(sheet)
        draft = sheet.versions.filter(state=State.DRAFT).first()
        _check_revision(draft, revision)
        if draft is None:
            return _add_draft(sheet, content, verified_on, author)
        draft.content, draft.verified_on = content, verified_on
        draft.revision += 1
        draft.saved_by, draft.saved_at = author, timezone.now()
        draft.save()
        return draft


def discard_draft(*, sheet: RightsSheet) -> None:
    """Throw the draft away; a sheet that was never published goes with it."""
    with transaction.atomic():
        _lock(sheet)
        sheet.versions.filter(state=State.DRAFT).delete()
        if not sheet.versions.exists():
            sheet.delete()


def publish_sheet(
    *, version: RightsSheetVersion, publisher: User | None, revision: int | None = None
) -> RightsSheetVersion:
    """Render the PDF and put the draft in place of the published version.

    Publishing again what was just published changes nothing. Raises `DraftChanged` when the draft
    is not the one (`revision`) that the publisher read.
    """
    with transaction.atomic():
        sheet = _lock(version.sheet)
        version = RightsSheetVersion.objects.select_related("sheet").get(pk=version.pk)
        if version.state == State.PUBLISHED:
            return version
        if version.state == State.RETIRED:
            raise LibraryError("Cette version a déjà été remplacée.")
        if revision is not None:
            _check_revision(version, revision)
        version.published_at, version.published_by = timezone.now(), publisher
        pdf = render_version(version)
        version.pdf.save("sheet.pdf", ContentFile(pdf), save=False)
        try:
            _put_in_place(sheet, version)
        except BaseException:
            version.pdf.delete(save=False)
            raise
    return version


def retire_sheet(*, sheet: RightsSheet) -> None:
    """Withdraw the published version; its address then says so."""
    with transaction.atomic():
        _lock(sheet)
        sheet.versions.published().update(state=State.RETIRED)


def restore_sheet(*, sheet: RightsSheet) -> RightsSheetVersion:
    """Publish again the latest version that was withdrawn."""
    with transaction.atomic():
        _lock(sheet)
        published = sheet.versions.published().first()
        if published is not None:
            return published
        latest = sheet.versions.filter(state=State.RETIRED).order_by("-number").first()
        if latest is None:
            raise LibraryError("Cette fiche n’a jamais été publiée.")
        latest.state = State.PUBLISHED
        latest.save(update_fields=["state"])
        return latest


def add_document(
    *,
    title: str,
    summary: str,
    kind: str,
    trades: Iterable[Trade],
    idcc: Iterable[str],
    file: UploadedFile,
    author: User,
) -> Document:
    """A new document with its first file; raises `RefusedFile`."""
    with transaction.atomic():
        document = Document(slug=_free_slug(Document, title, "document"))
        _write_document(document, title, summary, kind, trades, idcc)
        _add_file(document, file, author)
    return document


def edit_document(
    *,
    document: Document,
    title: str,
    summary: str,
    kind: str,
    trades: Iterable[Trade],
    idcc: Iterable[str],
) -> None:
    """Change what is said of a document; its address and files stay."""
    with transaction.atomic():
        _write_document(document, title, summary, kind, trades, idcc)


def replace_document(*, document: Document, file: UploadedFile, author: User) -> DocumentVersion:
    """Put a new file at the same address; the former ones are kept. Raises `RefusedFile`."""
    with transaction.atomic():
        Document.objects.select_for_update(no_key=True).get(pk=document.pk)
        return _add_file(document, file, author)


def retire_document(*, document: Document) -> None:
    """Take a document off the list; `restore_document` puts it back."""
    document.retired_at = document.retired_at or timezone.now()
    document.save(update_fields=["retired_at"])


def restore_document(*, document: Document) -> None:
    document.retired_at = None
    document.save(update_fields=["retired_at"])


def _write_document(
    document: Document,
    title: str,
    summary: str,
    kind: str,
    trades: Iterable[Trade],
    idcc: Iterable[str],
) -> None:
    document.title, document.summary, document.kind = title, summary, kind
    document.search_text = fold(f"{title} {summary} {document.get_kind_display()}")
    document.save()
    document.trades.set(trades)
    document.agreements.set(CollectiveAgreement.objects.filter(pk__in=idcc))


def _add_file(document: Document, file: UploadedFile, author: User) -> DocumentVersion:
    size = file.size or 0
    file_type = identify(file, size=size, largest=settings.UPLOAD_MAX_BYTES)
    name = safe_name(file.name or "", file_type)
    last = document.versions.aggregate(last=Max("number"))["last"] or 0
    version = DocumentVersion(
        document=document, number=last + 1, name=name, content_type=file_type.content_type,
        size=size, added_by=author,
    )  # fmt: skip
    version.file.save(name, file, save=False)
    try:
        version.save()
    except BaseException:
        version.file.delete(save=False)
        raise
    return version


def _lock(sheet: RightsSheet) -> RightsSheet:
    """One writer at a time per sheet, until the end of the transaction."""
    return RightsSheet.objects.select_for_update(no_key=True).get(pk=sheet.pk)


def _put_in_place(sheet: RightsSheet, version: RightsSheetVersion) -> None:
    sheet.versions.published().update(state=State.RETIRED)
    version.state = State.PUBLISHED
    version.save()
    _describe(sheet, version.content)


def _describe(sheet: RightsSheet, content: Content) -> None:
    """Copy on to the sheet what lists and searches read."""
    sheet.title = content["title"]
    sheet.is_general = content["audience"] == "general"
    sheet.search_text = fold(plain_text(content))
    sheet.save()
    sheet.trades.set(Trade.objects.filter(pk__in=content["trades"]))
    sheet.agreements.set(CollectiveAgreement.objects.filter(pk__in=content["idcc"]))


def _check_revision(draft: RightsSheetVersion | None, revision: int) -> None:
    if (draft.revision if draft else 0) != revision:
        who = f" par {draft.saved_by}" if draft and draft.saved_by else ""
        raise DraftChanged(
            f"Ce brouillon a été modifié entre-temps{who}. Ouvrez la page dans un autre onglet"
            " pour comparer, puis reprenez vos changements."
        )


def _add_draft(
    sheet: RightsSheet, content: Content, verified_on: dt.date, author: User | None
) -> RightsSheetVersion:
    last = sheet.versions.aggregate(last=Max("number"))["last"] or 0
    return RightsSheetVersion.objects.create(
        sheet=sheet, number=last + 1, content=content, verified_on=verified_on,
        created_by=author, saved_by=author,
    )  # fmt: skip


def _free_slug(model: type[RightsSheet] | type[Document], title: str, fallback: str) -> str:
    base = slugify(title)[:70].strip("-") or fallback
    similar = model._default_manager.filter(slug__startswith=base)
    taken = set(similar.values_list("slug", flat=True))
    candidates = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)


def _last_position() -> int:
    return RightsSheet.objects.aggregate(last=Max("position"))["last"] or 0

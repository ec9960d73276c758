"""Everything that changes the rights sheets; documents have `library.publishing`."""

import datetime as dt

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from core.text import fold
from library.enums import State
from library.errors import DraftChanged, LibraryError
from library.models import RightsSheet, RightsSheetVersion
from library.pdf import render_version
from library.sheets import Content, clean_content, plain_text
from library.slugs import free_slug
from organisations.models import User
from territory.models import CollectiveAgreement, Trade


def create_sheet(*, content: Content, verified_on: dt.date, author: User) -> RightsSheetVersion:
    """A new sheet with its first draft; its address comes from the title and stays for ever."""
    with transaction.atomic():
        content = clean_content(content)
        sheet = RightsSheet.objects.create(
            slug=free_slug(RightsSheet, content["title"], "fiche"),
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


def _last_position() -> int:
    return RightsSheet.objects.aggregate(last=Max("position"))["last"] or 0

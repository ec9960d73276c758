"""What has no place, and belongs to everybody or to the confederation."""

import copy
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from library import actions
from library.enums import Audience, DocumentKind
from library.models import Collection, Document, DocumentVersion, Placement, RightsSheet
from messaging.actions import enqueue_sms
from messaging.models import Message
from organisations.models import User
from tests.library.conftest import SHEET, VERIFIED_ON


@dataclass(frozen=True)
class Shared:
    """What has no place: messages, sheets, documents."""

    message: Message
    sheet: RightsSheet
    draft: RightsSheet
    document: Document
    staff_document: Document
    public_document: Document
    collection: Collection


def make_shared(editor: User) -> Shared:
    """Needs `library.actions.render_version` to be replaced: no PDF is drawn here."""
    message = enqueue_sms(
        unique_key="access", purpose="test", recipient="+33639980001", text="Bonjour"
    )
    document = make_document("argumentaire")
    # One of those every installation has: what a test adds there would outlive it.
    collection = Collection.objects.order_by("pk")[0]
    Placement.objects.create(collection=collection, document=document, position=1)
    published = _make_draft("Salaire", editor)
    actions.publish_sheet(version=published.versions.get(), publisher=editor)
    return Shared(
        message, published, _make_draft("Brouillon", editor), document,
        make_document("consignes", audience=Audience.STAFF),
        make_document("dossier", audience=Audience.PUBLIC), collection,
    )  # fmt: skip


def make_document(slug: str, **fields: Any) -> Document:
    """With a preview; fields of its model say who keeps and reads it."""
    document = Document.objects.create(
        **{"slug": slug, "title": slug.capitalize(), "kind": DocumentKind.TALKING_POINTS} | fields
    )
    drawn = BytesIO()
    Image.new("RGB", (30, 20), "white").save(drawn, "WEBP")
    DocumentVersion.objects.create(
        document=document, number=1, file=ContentFile(b"%PDF-1.7\n", name="a.pdf"), name="a.pdf",
        preview=ContentFile(drawn.getvalue(), name="a.webp"), content_type="application/pdf",
        size=9,
    )  # fmt: skip
    return document


def _make_draft(title: str, editor: User) -> RightsSheet:
    content = {key: value for key, value in SHEET.items() if key not in ("slug", "verified_on")}
    version = actions.create_sheet(
        content=copy.deepcopy(content) | {"title": title}, verified_on=VERIFIED_ON, author=editor
    )
    return version.sheet

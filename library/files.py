"""Files handed out so that no browser ever runs what they hold."""

import io

from django.db.models.fields.files import FieldFile
from django.http import FileResponse
from django.utils.cache import patch_cache_control

# A page of cards shows the same ones again at each search.
PREVIEW_SECONDS = 3600
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def attachment(file: FieldFile, name: str, content_type: str) -> FileResponse:
    """A download of its own type, never guessed, never shown inside the site."""
    return FileResponse(
        file.open("rb"), as_attachment=True, filename=name, content_type=content_type,
        headers=SAFE_HEADERS,
    )  # fmt: skip


def pdf_attachment(pdf: bytes, name: str) -> FileResponse:
    """A PDF drawn on the spot."""
    return FileResponse(
        io.BytesIO(pdf), as_attachment=True, filename=name, content_type="application/pdf",
        headers=SAFE_HEADERS,
    )  # fmt: skip


def picture(file: FieldFile) -> FileResponse:
    """A preview, drawn by us, for the page that shows it; its address names the version."""
    response = FileResponse(file.open("rb"), content_type="image/webp", headers=SAFE_HEADERS)
    patch_cache_control(response, private=True, max_age=PREVIEW_SECONDS)
    return response

"""The printable form of a sheet."""

from typing import Any

import segno
from django.conf import settings
from django.utils.safestring import mark_safe

from core.pdf import render_pdf
from library.models import RightsSheetVersion


def render_version(version: RightsSheetVersion) -> bytes:
    return render_pdf("library/sheet_pdf.html", pdf_context(version))


def pdf_context(version: RightsSheetVersion) -> dict[str, Any]:
    address = f"{settings.SITE_URL}{version.sheet.get_absolute_url()}"
    return {
        "sheet": {"slug": version.sheet.slug, **version.content},
        "version": version.number,
        "verified_on": version.verified_on,
        "campaign": None,
        "short_url": address.split("://", 1)[1],
        "qr_svg": mark_safe(segno.make(address, error="m").svg_inline(border=0)),  # noqa: S308 drawn by us
    }

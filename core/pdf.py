"""PDF from our own templates. Nothing outside the project's static files is ever read."""

import mimetypes
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string

_kept = threading.local()


class ForbiddenFetch(ValueError):
    """A template asked for something that is not one of our static files."""


def render_pdf(
    template: str,
    context: dict[str, Any],
    *,
    pictures: Mapping[str, bytes] | None = None,
    one_page_at: Sequence[float] = (),
) -> bytes:
    """Render a Django template to PDF.

    A template names pictures and style sheets as `static:css/sheet_print.css`, and the JPEG files
    it is given as `picture:name`; every other address raises `ForbiddenFetch`, so that no edited
    text can make the server fetch a URL.

    `one_page_at`: sizes of the root's text, in points; the first at which everything holds on one
    page is taken, else the last. What fits depends on the fonts of the machine.
    """
    # Loads pango: half a second that only those who make a PDF should pay.
    from weasyprint import CSS, HTML
    from weasyprint.urls import FatalURLFetchingError

    text = render_to_string(template, context)
    try:
        html = HTML(string=text, base_url="static:/", url_fetcher=_fetcher(pictures or {}))
        for size in one_page_at:
            sheet = html.render(
                stylesheets=[CSS(string=f"html {{ font-size: {size}pt }}")], font_config=_fonts()
            )
            if len(sheet.pages) == 1 or size == one_page_at[-1]:
                return bytes(sheet.write_pdf())
        return bytes(html.write_pdf(font_config=_fonts()))
    except FatalURLFetchingError as error:  # not an `Exception`: it would end a worker
        raise ForbiddenFetch(f"not a static file: {error}") from error


def _fonts() -> Any:
    """The fonts of the machine, looked for once per thread: WeasyPrint never frees them."""
    from weasyprint.text.fonts import FontConfiguration

    if not hasattr(_kept, "fonts"):
        _kept.fonts = FontConfiguration()
    return _kept.fonts


def _fetcher(pictures: Mapping[str, bytes]) -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class StaticFilesOnly(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            scheme, _, name = url.partition(":")
            if scheme == "picture" and name in pictures:
                return URLFetcherResponse(url, pictures[name], {"Content-Type": "image/jpeg"})
            try:
                found = finders.find(name.lstrip("/")) if scheme == "static" else None
            except SuspiciousFileOperation:  # a path that climbs out of the static files
                found = None
            if found is None:
                raise FatalURLFetchingError(url)
            # Without its type a style sheet would be silently ignored.
            kind = mimetypes.guess_type(str(found))[0] or "application/octet-stream"
            return URLFetcherResponse(url, Path(str(found)).read_bytes(), {"Content-Type": kind})

    return StaticFilesOnly()

"""What a tablet keeps so that its page opens without network, and the version of all that."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string

FOLDER = Path(settings.BASE_DIR) / "static"
SHARED = (
    "css/tokens.css",
    "css/base.css",
    "css/forms.css",
    "css/field.css",
    "img/favicon.svg",
    "img/icons.svg",
    "js/lookup.js",
    "js/theme.js",
    "js/theme_boot.js",
    "vendor/idb/idb.js",
    "vendor/jose/jose.js",
)


@dataclass(frozen=True)
class Precache:
    version: str
    files: tuple[str, ...]


def precache() -> Precache:
    """The addresses to keep; the version changes when one of them or the page itself does."""
    page = render_to_string("field/app.html")
    files = _files()
    digest = hashlib.sha256("\n".join([page, *files]).encode()).hexdigest()
    return Precache(digest[:16], files)


@cache
def _files() -> tuple[str, ...]:
    modules = sorted(path.name for path in (FOLDER / "js" / "field").glob("*.js"))
    names = [*SHARED, *(f"js/field/{name}" for name in modules)]
    return tuple(staticfiles_storage.url(name) for name in names)

"""The text of a mail, from three templates: `<name>.subject.txt`, `<name>.txt`, `<name>.html`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.conf import settings
from django.template import Context
from django.template.backends.django import Template
from django.template.loader import get_template, render_to_string
from django.utils import translation

from messaging.models import Attachment

SUBJECT_LENGTH = 200


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str
    # Of a message composed at hand-over: these are never stored either.
    attachments: Sequence[Attachment] = field(default_factory=tuple)


def render_email(template: str, context: dict[str, Any], language: str) -> Rendered:
    """Render the three parts in `language`; the subject comes out on a single line.

    Every template also gets `site_name`, `site_url` and `language`.
    """
    context = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "language": language,
    } | context
    with translation.override(language):
        subject = " ".join(_render_plain(f"{template}.subject.txt", context).split())
        return Rendered(
            subject=subject[:SUBJECT_LENGTH],
            text=_render_plain(f"{template}.txt", context).strip() + "\n",
            html=render_to_string(f"{template}.html", context),
        )


def _render_plain(name: str, context: dict[str, Any]) -> str:
    # Plain text: without this, “N'Guyen” would read “N&#x27;Guyen”.
    template = cast(Template, get_template(name)).template
    return str(template.render(Context(context, autoescape=False)))

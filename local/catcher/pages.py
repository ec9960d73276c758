"""The pages of the catcher, in French. Everything that was caught is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from email.message import EmailMessage, MIMEPart
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from local.catcher.store import Summary

PARIS = ZoneInfo("Europe/Paris")
LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]»]")
HEADERS = {
    "From": "De",
    "To": "Pour",
    "Cc": "Copie",
    "Reply-To": "Répondre à",
    "Date": "Date",
    "Subject": "Objet",
    "Message-ID": "Identifiant",
    "List-Unsubscribe": "Désinscription",
}
KINDS = {"mail": "E-mail", "sms": "SMS"}


def layout(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><a href="/">Messages attrapés</a></header>
<main>
<h1>{escape(title)}</h1>
{body}
</main>
</body>
</html>
"""


def message_list(summaries: list[Summary], kind: str) -> str:
    """The list, all kinds or one."""
    links = "".join(
        f'<a href="{address}"{" aria-current=page" if kind == value else ""}>{label}</a>'
        for value, address, label in (
            ("", "/", "Tout"),
            ("mail", "/?type=mail", "E-mails"),
            ("sms", "/?type=sms", "SMS"),
        )
    )
    shown = [summary for summary in summaries if kind in ("", summary.kind)]
    intro = (
        "<p>La démonstration n’envoie rien au-dehors : les e-mails et les SMS arrivent ici. "
        "Rechargez la page pour voir les nouveaux.</p>"
        f'<nav aria-label="Type de message">{links}</nav>'
    )
    if not shown:
        return layout(
            "Messages attrapés", intro + "<p class=empty>Aucun message pour l’instant.</p>"
        )
    rows = "".join(_row(summary) for summary in shown)
    return layout(
        "Messages attrapés",
        f"""{intro}
<table>
<thead><tr><th scope="col">Reçu</th><th scope="col">Type</th><th scope="col">Pour</th>
<th scope="col">Message</th></tr></thead>
<tbody>{rows}</tbody>
</table>
<form method="post" action="/vider"><button>Tout effacer</button></form>""",
    )


def mail_page(identifier: str, mail: EmailMessage, caught_at: datetime) -> str:
    """One mail: headers, attachments, HTML in a sandbox, text."""
    parts = [_definitions([("Reçu", french_time(caught_at)), *_headers(mail)])]
    attachments = "".join(
        f'<li><a href="/mail/{identifier}/piece/{number}">{escape(attachment_name(part, number))}'
        f"</a> ({escape(part.get_content_type())})</li>"
        for number, part in enumerate(attachments_of(mail))
    )
    if attachments:
        parts.append(f"<h2>Pièces jointes</h2><ul>{attachments}</ul>")
    if mail.get_body(("html",)):
        parts.append(
            "<h2>Version mise en page</h2>"
            f'<iframe title="Version mise en page du message" src="/mail/{identifier}/html" '
            'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
        )
    text = mail.get_body(("plain",))
    if text:
        parts.append(f"<h2>Version texte</h2><pre>{with_links(text.get_content())}</pre>")
    parts.append(f'<p><a href="/mail/{identifier}/source">Message brut</a></p>')
    return layout(str(mail["Subject"] or "(sans objet)"), "".join(parts))


def sms_page(fields: dict[str, Any], caught_at: datetime) -> str:
    """One SMS."""
    rows = [
        ("Reçu", french_time(caught_at)),
        ("Expéditeur", str(fields.get("sender") or "–")),
        ("Référence", fields["reference"]),
        ("À ne pas envoyer après", str(fields.get("not_after") or "–")),
        ("Longueur", f"{len(fields['text'])} caractères"),
    ]
    body = f"{_definitions(rows)}<pre>{with_links(fields['text'])}</pre>"
    return layout(f"SMS pour {fields['to']}", body)


def framed_html(mail: EmailMessage) -> str:
    """The HTML of a mail; its links open in a new tab, for the frame itself may go nowhere."""
    body = mail.get_body(("html",))
    return '<base target="_blank">' + (body.get_content() if body else "")


def attachments_of(mail: EmailMessage) -> list[MIMEPart]:
    return list(mail.iter_attachments()) if mail.is_multipart() else []


def attachment_name(part: MIMEPart, number: int) -> str:
    return part.get_filename() or f"piece-{number + 1}"


def attachment_content(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else part.as_bytes()


def with_links(text: str) -> str:
    """Escape `text` and make its addresses clickable."""
    pieces, position = [], 0
    for match in LINK.finditer(text):
        address = escape(match[0])
        pieces.append(escape(text[position : match.start()]))
        pieces.append(f'<a href="{address}" target="_blank" rel="noreferrer">{address}</a>')
        position = match.end()
    return "".join([*pieces, escape(text[position:])])


def french_time(moment: datetime) -> str:
    local = moment.astimezone(PARIS)
    return f"{local:%d/%m/%Y} à {local.hour} h {local:%M}"


def _row(summary: Summary) -> str:
    subject = summary.subject if len(summary.subject) <= 120 else summary.subject[:119] + "…"
    return (
        f"<tr><td>{french_time(summary.caught_at)}</td><td>{KINDS[summary.kind]}</td>"
        f"<td>{escape(summary.recipient)}</td>"
        f'<td><a href="/{summary.kind}/{summary.identifier}">'
        f"{escape(subject or '(sans objet)')}</a></td></tr>"
    )


def _headers(mail: EmailMessage) -> Iterable[tuple[str, str]]:
    return (
        (label, str(value)) for name, label in HEADERS.items() for value in mail.get_all(name, [])
    )


def _definitions(rows: Iterable[tuple[str, str]]) -> str:
    items = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows)
    return f"<dl>{items}</dl>"

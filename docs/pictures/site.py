"""A throw-away demonstration under an address one could print, for the pictures of the guide."""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

from rich.console import Console

from local.boot import IGNORED_STATIC
from local.catcher.store import Store
from local.processes import Family
from local.run import answers, manage, web_command
from local.services import Cluster, start_postgres, start_valkey
from local.state import ROOT, free_port, give_to_server
from local.test import make_folder

ADDRESS = "http://campagne.exemple.fr"
HOST = "campagne.exemple.fr"
PREPARATION = (
    ("migrate", "--noinput"),
    ("collectstatic", "--noinput", *IGNORED_STATIC),
    ("load_territory",),
    ("demo", "--contacts", "5000"),
)
# Codes are drawn at random; these make the same QR codes in every series of pictures.
POSTER_CODE = "CAEN7A4"
FLYER_CODE = "CAEN2B9"
ACTIVIST_CODE = "SAM4R4A"


@dataclass
class PictureSite:
    """The running site: where it listens, and what it has mailed."""

    port: int
    mails: Store

    def mail_to(self, recipient: str) -> EmailMessage:
        """Send what waits in the outbox; return the latest mail to this address."""
        from messaging.delivery import deliver_due_messages

        deliver_due_messages(seconds=60)
        for summary in self.mails.summaries():
            mail = self.mails.mail(summary.identifier)
            if mail and recipient in str(mail["To"]):
                return mail
        raise LookupError(f"no mail to {recipient}")


def link_in(mail: EmailMessage, part: str) -> str:
    """The first address of the mail's text that contains `part`."""
    text = mail.get_body(("plain",))
    for address in re.findall(rf"{ADDRESS}\S+", text.get_content() if text else ""):
        if part in address:
            return str(address)
    raise LookupError(f"no link with {part} in « {mail['Subject']} »")


@contextmanager
def picture_site(console: Console) -> Iterator[PictureSite]:
    """Serve the demonstration until the end of the block; nothing of it stays behind."""
    folder = make_folder()
    with Family(log_folder=folder, remove=folder) as family:
        environment = _start_services(family, folder)
        os.environ.update(environment)
        for command in PREPARATION:
            with console.status(f"manage.py {command[0]}"):
                family.run(command[0], manage(*command), environment=os.environ, folder=ROOT)
        _adjust_data()
        port = free_port()
        web = family.start("web", web_command(port), environment=os.environ, folder=ROOT)
        family.wait_until(answers(f"http://127.0.0.1:{port}/readyz"), web, timeout=120)
        yield PictureSite(port=port, mails=Store(folder / "caught"))


def _start_services(family: Family, folder: Path) -> dict[str, str]:
    home = folder / "postgres"
    give_to_server(home)
    cluster = Cluster(
        home=home,
        admin_password=secrets.token_urlsafe(),
        owner_password=secrets.token_urlsafe(),
        throw_away=True,
    )
    smtp_port, page_port, token = free_port(), free_port(), secrets.token_urlsafe()
    family.start(
        "catcher",
        [sys.executable, "-m", "local.catcher", folder / "caught", f"{smtp_port}", f"{page_port}"],
        environment={**os.environ, "CATCHER_TOKEN": token},
        folder=ROOT,
    )
    return {
        "ENV_FILE": "",
        "DJANGO_SETTINGS_MODULE": "tpe_campaign.settings",
        # Playwright's loop makes Django believe that this process is asynchronous.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
        "DATABASE_URL": start_postgres(family, cluster),
        "REDIS_URL": start_valkey(family, password=secrets.token_urlsafe()),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "PRIVACY_KEY": secrets.token_urlsafe(48),
        "SITE_URL": ADDRESS,
        "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        "SMS_URL": f"http://{token}@127.0.0.1:{page_port}/sms",
        "DEMONSTRATION": "true",
        "SECOND_FACTOR_REQUIRED": "false",
        "STATIC_ROOT": str(folder / "static"),
        "MEDIA_ROOT": str(folder / "media"),
    }


def _adjust_data() -> None:
    """Fixed codes in print, and an SMS whose fate nobody knows."""
    import django

    django.setup()
    from campaigns import clock
    from contacts.enums import SourceKind
    from contacts.models import Source
    from messaging.actions import enqueue_sms
    from messaging.enums import Status
    from messaging.models import Message

    of_caen = Source.objects.filter(organisation__name="UL de Caen")
    of_caen.filter(kind=SourceKind.POSTER).update(code=POSTER_CODE)
    of_caen.filter(kind=SourceKind.FLYER).update(code=FLYER_CODE)
    of_caen.filter(kind=SourceKind.ACTIVIST).update(code=ACTIVIST_CODE)
    sms = enqueue_sms(
        unique_key="picture", purpose="Rappel de vote", recipient="+33639980004", text="Votez !"
    )
    an_hour_ago = clock.now() - timedelta(hours=1)
    Message.objects.filter(pk=sms.pk).update(
        status=Status.UNCERTAIN, handed_over_at=an_hour_ago, attempts=1
    )

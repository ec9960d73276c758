from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from messaging.delivery import BATCH_SIZE, deliver_due_messages

LABELS = {
    "sent": "envoyés",
    "skipped": "écartés par une règle",
    "deferred": "reportés",
    "retried": "à réessayer",
    "waiting": "en attente du service d’envoi",
    "unclear": "sans réponse du service d’envoi",
    "failed": "en échec",
    "uncertain": "à vérifier",
    "recovered": "repris",
    "lost": "repris ou annulés entre-temps",
}


class Command(BaseCommand):
    help = "Deliver the messages that are due now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seconds", type=float, default=3600, help="stop after this long")
        parser.add_argument("--batch", type=int, default=BATCH_SIZE, help="messages per claim")

    def handle(self, *args: Any, **options: Any) -> None:
        outcomes = deliver_due_messages(seconds=options["seconds"], batch_size=options["batch"])
        parts = [f"{outcomes[name]} {label}" for name, label in LABELS.items() if outcomes[name]]
        self.stdout.write("Messages : " + (", ".join(parts) or "rien à envoyer"))

from io import StringIO
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.table import Table

from core.dates import instant
from messaging.enums import Status
from messaging.models import Message


class Command(BaseCommand):
    help = "Show how many messages stand in each state, and the oldest unsent one."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = Message.objects.counts_by_status()
        table = Table("État", "Messages")
        table.columns[1].justify = "right"
        for status in Status:
            table.add_row(status.label, f"{counts[status]:,}".replace(",", " "))
        drawing = StringIO()
        Console(file=drawing, width=60).print(table)
        self.stdout.write(drawing.getvalue())
        oldest = Message.objects.unsent().order_by("due_at").first()
        self.stdout.write(
            f"Le plus ancien à envoyer : {instant(oldest.due_at)} ({oldest.purpose})"
            if oldest
            else "Rien n’attend d’être envoyé."
        )

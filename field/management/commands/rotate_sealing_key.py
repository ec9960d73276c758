"""`manage.py rotate_sealing_key`: a new key for the tablets, at once."""

from typing import Any

from django.core.management.base import BaseCommand

from field.actions import rotate_sealing_key


class Command(BaseCommand):
    help = "Give the tablets a new sealing key; the former ones go on opening what they sealed."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"current sealing key: {rotate_sealing_key().kid}")

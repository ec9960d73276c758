"""Before an old SECRET_KEY is forgotten: nothing may be left that only it can open."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.ciphers import KEEPERS


class Command(BaseCommand):
    help = "Encrypt every stored secret again, under the current SECRET_KEY. May be repeated."

    def handle(self, *args: Any, **options: Any) -> None:
        unreadable: list[str] = []
        for label, reseal in KEEPERS.items():
            resealed = reseal()
            self.stdout.write(f"{label} : {resealed.done} rechiffrées.")
            unreadable += [f"{label}, {row}" for row in resealed.unreadable]
        if unreadable:
            raise CommandError(
                f"{len(unreadable)} illisibles ({' ; '.join(unreadable)}). Remettez dans "
                "SECRET_KEY_FALLBACKS la clé qui les a chiffrées, puis recommencez."
            )

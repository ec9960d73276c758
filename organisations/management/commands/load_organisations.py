from typing import Any

from django.core.management.base import BaseCommand, CommandError

from organisations.loading import load_organisations
from territory.reference_files import ReferenceFileError


class Command(BaseCommand):
    help = "Create the confederation, its regional committees, UDs and federations if missing."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_organisations()
        except ReferenceFileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Organisations : {report}")

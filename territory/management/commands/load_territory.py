from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from territory.loading import load_territory
from territory.reference_files import ReferenceFileError


class Command(BaseCommand):
    help = "Load régions, départements, communes, agreements, activities, trades and holidays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--data", type=Path, help="folder of the CSV files (default: ours)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["data"] and not options["data"].is_dir():
            raise CommandError(f"{options['data']} n’est pas un dossier.")
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("listes de référence", total=None)

            def advance(label: str, done: int, total: int) -> None:
                bar.update(task, description=label, completed=done, total=total)

            try:
                report = load_territory(options["data"], advance)
            except ReferenceFileError as error:
                raise CommandError(str(error)) from error
        self.stdout.write(f"Territoire : {report}")

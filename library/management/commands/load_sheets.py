"""Publish the rights sheets that come with the software."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from library.loading import SheetFileError, load_sheets


class Command(BaseCommand):
    help = "Publie les fiches de droits livrées avec le logiciel (sans effet si c’est déjà fait)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        columns = (TextColumn("Fiches de droits"), BarColumn(), MofNCompleteColumn())
        console = Console(stderr=True)
        with Progress(
            *columns, TextColumn("{task.description}"), console=console, transient=True
        ) as bar:
            task = bar.add_task("", total=None)
            try:
                report = load_sheets(
                    lambda done, total, title: bar.update(
                        task, completed=done, total=total, description=title
                    )
                )
            except SheetFileError as error:
                raise CommandError(str(error)) from error
        self.stdout.write(str(report))

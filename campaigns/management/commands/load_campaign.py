"""`manage.py load_campaign FILE`: create or replace an edition from its file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaigns.loading import REFERENCE_EDITION, CampaignFileError, load_campaign
from core.dates import day


class Command(BaseCommand):
    help = "Create or replace an edition from a JSON file and make it the current one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=REFERENCE_EDITION)
        parser.add_argument(
            "--shift-weeks", type=int, default=0, help="move every date by whole weeks"
        )
        parser.add_argument(
            "--keep-current", action="store_true", help="do not make it the current edition"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_campaign(
                options["file"],
                shift_weeks=options["shift_weeks"],
                make_current=not options["keep_current"],
            )
        except CampaignFileError as error:
            raise CommandError(str(error)) from error
        done = "créée" if report.is_new else "remplacée"
        campaign = report.campaign
        self.stdout.write(
            f"{campaign.name} {done} : {report.milestones} dates clés, "
            f"vote du {day(campaign.vote_opens)} au {day(campaign.vote_closes)}"
        )

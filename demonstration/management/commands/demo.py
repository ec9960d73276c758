"""`manage.py demo`: the 2024 edition alive today, with people who do not exist."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from accounts.demo import LOCAL_UNION, create_personas
from campaigns.models import Campaign
from contacts.links import source_url
from contacts.models import Source
from core.dates import day
from demonstration.calling import play_calls
from demonstration.edition import Moment
from demonstration.flyers import draw_series, print_runs, put_posters_up, scan_flyers
from demonstration.letterheads import write_letterheads
from demonstration.library import load_library
from demonstration.loading import AlreadyLoaded, load_contacts, load_edition, make_sources
from demonstration.market import find_market, play_market
from demonstration.materials import load_materials
from demonstration.street_loading import load_street
from demonstration.visits import play_registrations
from demonstration.webinars import load_webinars
from deployments.models import Deployment
from field.links import field_url
from organisations.models import Organisation, User

ACTIONS = 300


class Command(BaseCommand):
    help = "Load the demonstration into an empty installation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--contacts", type=int, default=5000, help="how many people (5000)")
        parser.add_argument("--moment", choices=list(Moment), default=Moment.BEFORE)
        parser.add_argument(
            "--print-logins", action="store_true", help="only print the addresses to visit"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("Only with DEMONSTRATION=true: real data are never mixed in.")
        if options["print_logins"]:
            return self.print_logins()
        if options["contacts"] < 0:
            raise CommandError("--contacts takes a number of people, 0 or more.")
        return self.load(options["contacts"], Moment(options["moment"]))

    def load(self, count: int, moment: Moment) -> None:
        call_command("load_organisations", stdout=self.stdout)
        call_command("load_sheets", stdout=self.stdout)
        campaign = load_edition(moment, today=timezone.now())
        people = create_personas()
        write_letterheads()
        documents = load_library(campaign=campaign, people=people)
        try:
            with (
                transaction.atomic(),
                Progress(console=Console(stderr=True), transient=True) as bar,
            ):
                task = bar.add_task("Contacts", total=count)
                sources = make_sources(people["confederation"])
                printed = print_runs(people)
                sources += printed
                actions = self.load_street(campaign, people)
                webinars = load_webinars(campaign=campaign, people=people)
                orders = load_materials(campaign=campaign, people=people)
                added = load_contacts(
                    count,
                    campaign=campaign,
                    sources=sources,
                    activist=people["militant"],
                    actions=actions,
                    progress=lambda done: bar.advance(task, done),
                )
                play_registrations(people["militant"])
                play_market(people["ul"])
                play_calls(people["ud"])
                scan_flyers(printed)
                draw_series(people)
                put_posters_up(people)
        except AlreadyLoaded:
            self.load_street(campaign, people)
            load_webinars(campaign=campaign, people=people)
            load_materials(campaign=campaign, people=people)
            self.stdout.write(f"{campaign.name} : démonstration déjà là, dates remises à jour")
            return
        self.stdout.write(
            f"{campaign.name}, vote du {day(campaign.vote_opens)} au "
            f"{day(campaign.vote_closes)} : {added} contacts, {len(sources)} sources, "
            f"{len(actions)} actions, {len(webinars)} webinaires, {len(documents)} documents, "
            f"{len(orders)} commandes"
        )

    @staticmethod
    def load_street(campaign: Campaign, people: dict[str, User]) -> list[Deployment]:
        return load_street(
            ACTIONS,
            campaign=campaign,
            local_union=Organisation.objects.get(slug=LOCAL_UNION),
            pilots=[people["ul"], people["militant"]],
        )

    def print_logins(self) -> None:
        self.stdout.write(
            "Log in with one click, as a militant, UL, UD, FD, region, confederation:"
        )
        self.stdout.write(f"  {settings.SITE_URL}{reverse('demo:personas')}")
        union = Organisation.objects.filter(slug=LOCAL_UNION).first()
        source = Source.objects.filter(organisation=union).order_by("pk").first()
        if source:
            self.stdout.write("What a worker sees after scanning a QR code:")
            self.stdout.write(f"  {source_url(source)}")
        if market := find_market():
            self.stdout.write("What a tablet opens after scanning the QR code of a field action:")
            self.stdout.write(f"  {field_url(market)}")

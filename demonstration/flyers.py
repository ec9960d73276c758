"""Flyers that were handed out, a series drawn for a département, posters on its walls."""

import random
import uuid
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count
from django.utils import timezone

from accounts.demo import LOCAL_UNION
from campaigns.clock import today
from contacts.models import DailyScans, Source
from materials.flyer_batches import BatchWorker, open_batch
from materials.flyer_drawing import Layout
from materials.flyer_enums import FlyerFormat, Ink, PosterState
from materials.models import PosterSpot, PrintRun
from materials.postering import note_state
from materials.printing import open_run
from organisations.enums import Kind
from organisations.models import Organisation, User
from territory.models import Commune, Trade

TRADES = ("boulanger", "coiffeur", "cuisinier", "assistante-maternelle", "macon", "nettoyage",
          "vendeur-habillement", "garagiste", "aide-domicile", "apprenti")  # fmt: skip
OTHER_UNIONS = 12
DAYS_HANDED_OUT = 21
# Euros a copy, as a printer asks for some thousands of them.
PRICE = Decimal("0.035")
SPOTS = ("Panneau libre, place du marché", "Vitrine de l’UL", "Arrêt de bus de la gare",
         "Salon de coiffure, rue de la République", "Bar-tabac du port", "Maison des associations",
         "Panneau libre, devant la mairie", "Boulangerie du centre, côté porte",
         "Foyer des jeunes travailleurs", "Halle aux poissons, pilier nord")  # fmt: skip
STATES = (PosterState.UP,) * 5 + (PosterState.TO_RENEW, PosterState.DAMAGED, PosterState.REMOVED)


def print_runs(people: dict[str, User]) -> list[Source]:
    """The runs of the local union and of some others; their sources then bring people."""
    dice = random.Random("print-runs")  # noqa: S311 - not a secret
    union = Organisation.objects.get(slug=LOCAL_UNION)
    others = Organisation.objects.active().filter(kind=Kind.UD).order_by("slug")[:OTHER_UNIONS]
    runs = [_run(union, slug, people["ul"], dice) for slug in TRADES[:6]]
    runs += [_run(each, dice.choice(TRADES), people["confederation"], dice) for each in others]
    return [run.source for run in runs]


def _run(union: Organisation, slug: str, author: User, dice: random.Random) -> PrintRun:
    copies = dice.choice((500, 1000, 2000, 5000))
    is_ours = dice.random() < 0.3
    run = open_run(
        seed=f"demonstration|{union.slug}|{slug}".encode(),
        organisation=union,
        trade=Trade.objects.get(pk=slug),
        commune=union.communes.order_by("-population", "pk").first(),
        layout=Layout(
            FlyerFormat.A4 if is_ours else FlyerFormat.A5, Ink.LOW if is_ours else Ink.COLOUR
        ),
        language="fr",
        copies=copies,
        cost=None if is_ours else (copies * PRICE).quantize(Decimal("0.01")),
        author=author,
    )
    run.created_at = timezone.now() - timedelta(days=DAYS_HANDED_OUT + dice.randrange(10))
    run.save(update_fields=["created_at"])
    return run


def scan_flyers(sources: Iterable[Source]) -> None:
    """Two to five people look at a page for each one who leaves their details there."""
    dice = random.Random("scans")  # noqa: S311 - not a secret
    counted = Source.objects.filter(pk__in=[source.pk for source in sources])
    rows = []
    for source in counted.annotate(people=Count("captures")).order_by("pk"):
        left = (source.people + 1) * dice.randrange(2, 6)
        for ago in range(DAYS_HANDED_OUT):
            opened = min(left, max(1, round(left * dice.random() / 4)))
            left -= opened
            if opened:
                on = timezone.localdate() - timedelta(days=ago)
                rows.append(DailyScans(source=source, day=on, count=opened))
    DailyScans.objects.bulk_create(rows)


def draw_series(people: dict[str, User]) -> None:
    """A small series that a worker has drawn already: its zip can be taken away."""
    union = Organisation.objects.get(slug=LOCAL_UNION)
    unions = [one for one in (union.parent, union) if one]
    batch = open_batch(
        pk=uuid.uuid5(uuid.NAMESPACE_URL, "demonstration-flyers"),
        organisation=unions[0],
        organisations=unions,
        trades=[Trade.objects.get(pk=slug) for slug in TRADES[:3]],
        layout=Layout(),
        language="fr",
        copies=500,
        author=people["ud"],
    )
    worker = BatchWorker(batch)
    while worker.advance():
        pass


def put_posters_up(people: dict[str, User]) -> None:
    """On the walls of the communes of the local union and of the largest around it."""
    dice = random.Random("posters")  # noqa: S311 - not a secret
    union = Organisation.objects.get(slug=LOCAL_UNION)
    around = Commune.objects.filter(departement=union.seat).order_by("-population", "pk")
    communes = [*union.communes.order_by("pk"), *around[:5]]
    spots = PosterSpot.objects.bulk_create(
        _spot(dice.choice(communes), words, union, people["militant"], dice) for words in SPOTS * 2
    )
    for spot in spots:
        note_state(spot=spot, state=dice.choice(STATES))


def _spot(
    commune: Commune, words: str, union: Organisation, author: User, dice: random.Random
) -> PosterSpot:
    up = today() - timedelta(days=dice.randrange(3, 40))
    spot = PosterSpot(
        organisation=union, commune=commune, words=words, put_up_by=author, put_up_on=up,
        renew_on=up + timedelta(days=30) if dice.random() < 0.5 else None,
    )  # fmt: skip
    if commune.latitude is not None and commune.longitude is not None:
        spot.latitude = commune.latitude + dice.uniform(-0.02, 0.02)
        spot.longitude = commune.longitude + dice.uniform(-0.03, 0.03)
    return spot

"""Who sees which print run, batch and text, and what a flyer says. Fetching is the check."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from contacts import rules as contact_rules
from contacts.models import DailyScans, Source
from materials.flyer_drawing import Flyer, Layout, campaign_to_print
from materials.flyer_enums import BatchState
from materials.models import FlyerBatch, FlyerText, PrintRun, PrintRunQuerySet
from materials.models.flyers import FRENCH
from organisations.enums import Kind
from organisations.models import Organisation, User
from organisations.rules import led_organisations
from territory.models import Trade

PER_PAGE = 50


def can_print(user: User) -> bool:
    """Whoever works for an organisation has flyers printed in its name."""
    return bool(user.led)


def printing_organisations_or_404(user: User) -> list[Organisation]:
    organisations = [each for each in led_organisations(user) if each.is_active]
    if not organisations:
        raise Http404
    return organisations


def organisations_of_batches(user: User) -> QuerySet[Organisation, Organisation]:
    """The unions, departmental and local, for which the person may have flyers drawn."""
    staffed = Organisation.objects.staffed_by(user).active()
    return staffed.filter(kind__in=[Kind.UD, Kind.UL]).order_by("kind", "name", "pk")


def _runs(user: User) -> PrintRunQuerySet:
    return (
        PrintRun.objects.visible_to(user)
        .with_figures()
        .select_related("source__organisation", "source__trade", "source__created_by", "commune")
    )


def paginate_runs(user: User, *, page: str | None, batch: UUID | None = None) -> Page[Any]:
    runs = _runs(user)
    if batch:
        runs = runs.filter(batch_item__batch=batch)
    return Paginator(runs, PER_PAGE).get_page(page)


def count_runs(user: User) -> dict[str, int]:
    """What all the visible runs brought together."""
    runs = PrintRun.objects.visible_to(user)
    sources = Source.objects.filter(pk__in=runs.values("source"))
    scans = DailyScans.objects.filter(source__in=sources.values("pk"))
    found = runs.aggregate(runs=Count("pk"), copies=Sum("copies", default=0))
    found |= scans.aggregate(scans=Sum("count", default=0))
    return found | sources.aggregate(contacts=Count("captures"))


def get_run_or_404(user: User, pk: int) -> PrintRun:
    return get_object_or_404(_runs(user), pk=pk)


def get_managed_run_or_404(user: User, pk: int) -> PrintRun:
    """A run the person may correct: that of an organisation they staff."""
    staffed = Organisation.objects.staffed_by(user).values("pk")
    return get_object_or_404(_runs(user).filter(source__organisation__in=staffed), pk=pk)


def manages_run(user: User, run: PrintRun) -> bool:
    return Organisation.objects.staffed_by(user).filter(pk=run.source.organisation_id).exists()


def get_source_or_404(user: User, pk: int) -> Source:
    """A source whose QR code the person may put on a flyer: any they see."""
    return contact_rules.get_source_or_404(user, pk)


def text_for(trade: Trade | None, language: str = FRENCH) -> FlyerText:
    """The words for a trade; those for everybody where it has none of its own."""
    return texts_by_trade(language).get(trade.pk if trade else "", _generic(language))


def texts_by_trade(language: str = FRENCH) -> dict[str, FlyerText]:
    texts = FlyerText.objects.filter(language=language).order_by("pk")
    return {trade: text for text in texts for trade in text.trades}


def _generic(language: str) -> FlyerText:
    generic = Q(trades=[])
    return FlyerText.objects.filter(generic, language=language).order_by("pk").first() or (
        FlyerText.objects.get(generic, language=FRENCH)
    )


def languages_in_use() -> list[str]:
    """Languages in which something can be said to everybody, French first."""
    found = FlyerText.objects.filter(trades=[]).order_by("language").values_list("language")
    return sorted({language for (language,) in found}, key=lambda each: (each != FRENCH, each))


def flyer_of(source: Source, layout: Layout, *, language: str = "") -> Flyer:
    """The flyer that carries a source's QR code; in the language and place of its run, if any."""
    run = PrintRun.objects.filter(source=source.pk).select_related("commune").first()
    spoken = language or (run.language if run else FRENCH)
    return Flyer(
        source=source,
        text=text_for(source.trade, spoken),
        layout=layout,
        campaign=campaign_to_print(),
        commune=run.commune if run else None,
    )


def get_batch_or_404(user: User, pk: UUID) -> FlyerBatch:
    batches = FlyerBatch.objects.visible_to(user).select_related("organisation", "created_by")
    return get_object_or_404(batches, pk=pk)


def list_batches(user: User) -> QuerySet[FlyerBatch, FlyerBatch]:
    batches = FlyerBatch.objects.visible_to(user)
    return batches.select_related("organisation", "created_by")[:20]


def count_drawn(batch: FlyerBatch) -> int:
    return batch.items.filter(drawn_at__isnull=False).count()


def batches_to_resume(silent_for: timedelta) -> list[UUID]:
    """Batches whose worker has given no sign for a while: killed, or never called."""
    quiet = FlyerBatch.objects.filter(
        state=BatchState.DRAWING, worked_at__lt=timezone.now() - silent_for
    )
    return list(quiet.order_by("created_at").values_list("pk", flat=True))


def can_edit_texts(user: User) -> bool:
    return any(
        membership.leads and membership.organisation.kind == Kind.CONFEDERATION
        for membership in user.active_memberships
    )


def list_texts_or_404(user: User) -> QuerySet[FlyerText, FlyerText]:
    if not can_edit_texts(user):
        raise Http404
    return FlyerText.objects.order_by("language", "name", "pk")


def get_text_or_404(user: User, pk: int) -> FlyerText:
    return get_object_or_404(list_texts_or_404(user), pk=pk)

"""Forgiving search in the reference data: “st etienne”, “75011”, “boulang”, “3239”, “marseile”."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Case, DecimalField, F, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from territory import search_text
from territory.enums import LookupKind
from territory.models import (
    WELL_KNOWN,
    CollectiveAgreement,
    Commune,
    Departement,
    Trade,
    TradeAgreement,
)

MAX_RESULTS = 10
# Typing errors are looked for in words of this length.
SHORTEST_MISSPELLED = 4
# Likenesses are compared in tenths, so that the larger of two likely communes comes first.
TENTHS = DecimalField(max_digits=3, decimal_places=1)
# What is well known is that much likelier to be meant; below this sum a resemblance is chance.
BONUS = 0.1
LEAST_SCORE = 0.6
# What PostgreSQL's `%>` asks for when nobody told it otherwise.
USUAL_THRESHOLD = 0.6


@dataclass(frozen=True)
class Found:
    value: str
    label: str
    detail: str
    kind: LookupKind


@dataclass(frozen=True)
class _Search:
    """How one kind is searched: its rows, what comes first at equal match, how a row is shown."""

    rows: Callable[[], QuerySet[Any]]
    order: tuple[Any, ...]
    show: Callable[[Any, str], Found]
    exact: Callable[[str], Q] = lambda _text: Q()
    # Rows large enough to be meant by a badly misspelled beginning; None: all of them.
    well_known: Q | None = None

    def matching(self, text: str) -> Iterable[Any]:
        ranks = Case(
            When(self.exact(text) | search_text.names(text, whole=True), then=Value(0)),
            When(search_text.names(text, whole=False), then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        rows = self.rows().filter(search_text.matches(text)).annotate(match_rank=ranks)
        return rows.order_by("match_rank", *self.order)[:MAX_RESULTS]

    def resembling(self, text: str) -> Iterable[Any]:
        """Rows that look like a misspelled name: many common trigrams, or the same beginning.

        A likeness is costly and half of France is called Saint-Something: the many little known
        rows are only asked for what would come before the well known ones that were found.
        """
        phrase = search_text.phrases(text)[0]
        start = max(phrase.split(), key=len)[:3]
        similar = Q(search_text__trigram_word_similar=phrase)
        # The cheap condition first: what it lets through is not compared twice.
        likely = self._scored(phrase, BONUS).filter(Q(search_text__contains=f" {start}") | similar)
        if self.well_known is None:
            return _likely_enough(likely[:MAX_RESULTS])
        found = _likely_enough(likely.filter(self.well_known)[:MAX_RESULTS])
        lesser = self._scored(phrase, 0).filter(similar).exclude(self.well_known)[:MAX_RESULTS]
        if len(found) < MAX_RESULTS:
            return _best([*found, *lesser])
        with similarity_threshold(float(found[-1].score) + 0.05):
            return _best([*found, *lesser])

    def _scored(self, phrase: str, bonus: float) -> QuerySet[Any]:
        likeness = TrigramWordSimilarity(phrase, "search_text")
        rows = self.rows().annotate(score=Cast(likeness + Value(bonus), TENTHS))
        return rows.order_by("-score", *self.order)


def _likely_enough(rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if row.score >= LEAST_SCORE]


def _best(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: -row.score)[:MAX_RESULTS]


@contextmanager
def similarity_threshold(least: float) -> Iterator[None]:
    """Have `%>` let only likenesses of `least` through, until the end of the block."""
    statement = "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [str(min(least, 1))])
        yield
        cursor.execute(statement, [str(USUAL_THRESHOLD)])


def look_up(text: str, kinds: Iterable[LookupKind] = LookupKind) -> list[Found]:
    """At most ten results of each kind, the best first; misspellings only if nothing matches."""
    if not search_text.words(text):
        return []
    kinds = [kind for kind in LookupKind if kind in set(kinds)]
    found = _collect(kinds, text, lambda search: search.matching(text))
    if found or not _may_be_misspelled(text):
        return found
    return _collect(kinds, text, lambda search: search.resembling(text))


def _collect(
    kinds: Iterable[LookupKind], text: str, rows: Callable[[_Search], Iterable[Any]]
) -> list[Found]:
    return [SEARCHES[kind].show(row, text) for kind in kinds for row in rows(SEARCHES[kind])]


def _may_be_misspelled(text: str) -> bool:
    words = search_text.words(text)
    return any(len(word) >= SHORTEST_MISSPELLED and not word.isdigit() for word in words)


def _show_commune(commune: Commune, text: str) -> Found:
    """The postcode shown is the one that was typed, if any."""
    numbers = tuple(word for word in search_text.words(text) if word.isdigit())
    postcodes = commune.postcodes
    typed = [code for code in postcodes if numbers and code.startswith(numbers)]
    others = len(postcodes) - 1
    if typed:
        postcode = typed[0]
    elif others > 0:
        postcode = f"{postcodes[0]} et {others} autre{'s' if others > 1 else ''}"
    else:
        postcode = postcodes[0] if postcodes else ""
    detail = " · ".join(part for part in (postcode, commune.departement.name) if part)
    return Found(commune.insee, commune.name, detail, LookupKind.COMMUNE)


def _show_departement(departement: Departement, _text: str) -> Found:
    detail = f"{departement.code} · {departement.region.name}"
    return Found(departement.code, departement.name, detail, LookupKind.DEPARTEMENT)


def _show_trade(trade: Trade, _text: str) -> Found:
    ranks = list(trade.agreement_ranks.all())
    detail = ranks[0].agreement.short_title if ranks else ""
    return Found(trade.slug, trade.label, detail, LookupKind.TRADE)


def _show_agreement(agreement: CollectiveAgreement, _text: str) -> Found:
    detail = f"IDCC {agreement.idcc}"
    return Found(agreement.idcc, agreement.short_title, detail, LookupKind.AGREEMENT)


def _trades() -> QuerySet[Trade]:
    ranks = TradeAgreement.objects.select_related("agreement").order_by("rank")
    return Trade.objects.in_use().prefetch_related(Prefetch("agreement_ranks", ranks))


SEARCHES = {
    LookupKind.COMMUNE: _Search(
        rows=lambda: Commune.objects.select_related("departement"),
        order=("-population", "pk"),
        show=_show_commune,
        well_known=Q(population__gte=WELL_KNOWN),
    ),
    LookupKind.DEPARTEMENT: _Search(
        rows=lambda: Departement.objects.select_related("region"),
        order=("-population", "pk"),
        show=_show_departement,
        exact=lambda text: Q(code__iexact=text.strip()),
    ),
    LookupKind.TRADE: _Search(rows=_trades, order=("position", "pk"), show=_show_trade),
    LookupKind.AGREEMENT: _Search(
        rows=CollectiveAgreement.objects.all,
        order=(F("headcount").desc(nulls_last=True), "pk"),
        show=_show_agreement,
        exact=lambda text: Q(idcc=text.strip().zfill(4)),
    ),
}

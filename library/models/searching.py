"""Full text in French, forgiving about accents, plurals and slips of the keyboard.

Each text is kept twice: as written, for which French endings are known (« majorée », « majorés »),
and without accents, as people type. Parts of words and slips are found in the folded text.
"""

from functools import reduce
from operator import add
from typing import Self, TypeVar

from django.contrib.postgres.search import (
    CombinedSearchVector,
    SearchHeadline,
    SearchQuery,
    SearchQueryCombinable,
    SearchRank,
    SearchVector,
    SearchVectorField,
    TrigramWordSimilarity,
)
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable

from core.text import fold

# As written; without accents (made by a migration of this room).
FRENCH, UNACCENTED = "french", "library_french"
BOTH, FOLDED = (FRENCH, UNACCENTED), (UNACCENTED,)
# Shorter pieces are in every text; shorter words look alike without being slips of each other.
SHORTEST_PART, SHORTEST_SLIP = 3, 5

# Signs that no keyboard types: what stands between them is written down as any other text.
MARKS = ("\ue000", "\ue001")

Row = TypeVar("Row", bound=models.Model)


def weighted(*, configs: tuple[str, ...] = BOTH, **columns: tuple[str, ...]) -> models.Field:
    """What PostgreSQL keeps for the search of a row: its columns by weight, `A` counting most."""
    vectors: list[SearchVector | CombinedSearchVector] = [
        SearchVector(name, config=config, weight=weight)
        for weight, names in columns.items()
        for name in names
        for config in configs
    ]
    return models.GeneratedField(
        expression=reduce(add, vectors), output_field=SearchVectorField(), db_persist=True,
        editable=False,
    )  # fmt: skip


def query_of(text: str) -> SearchQueryCombinable:
    return SearchQuery(text, config=FRENCH) | SearchQuery(text, config=UNACCENTED)


def snippet_of(written: Combinable, text: str) -> SearchHeadline:
    """The passages of `written` that speak of `text`; each found word stands between `MARKS`."""
    return SearchHeadline(
        written, SearchQuery(text, config=UNACCENTED), config=UNACCENTED, start_sel=MARKS[0],
        stop_sel=MARKS[1], max_fragments=2, max_words=20, min_words=8, fragment_delimiter=" … ",
    )  # fmt: skip


def _part(word: str) -> Q:
    if len(word) < SHORTEST_PART:
        return Q(pk__in=[])
    found = Q(search_text__contains=word)
    return (
        found | Q(search_text__trigram_word_similar=word) if len(word) >= SHORTEST_SLIP else found
    )


class SearchedQuerySet(models.QuerySet[Row]):
    """Of rows with `search`, their weighted text, and `search_text`, their folded one."""

    def matching(self, text: str) -> Self:
        """Rows that hold every word of `text` in any form, a part of it, or nearly so."""
        folded = fold(text)
        if not folded:
            return self.none() if text.strip() else self
        parts = [_part(word) for word in folded.split()]
        return self.filter(Q(search=query_of(text)) | Q(*parts))

    def nearest_first(self, text: str) -> Self:
        """Those that speak most of `text` first, titles counting most."""
        near = SearchRank(F("search"), query_of(text)) + TrigramWordSimilarity(
            fold(text), "search_text"
        )
        return self.order_by(near.desc(), "pk")

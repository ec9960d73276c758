"""Forgiving look-up of places, trades and agreements."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from territory.enums import LookupKind
from territory.lookup import look_up
from territory.models import Commune, Trade

pytestmark = pytest.mark.django_db
URL = reverse("territory:lookup")


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("st etienne", "commune", "42218"),
        ("St-Étienne", "commune", "42218"),
        ("ste marie", "commune", "97418"),
        ("75011", "commune", "75056"),
        ("75 011", "commune", "75056"),
        ("47001", "commune", "47001"),
        ("agen", "commune", "47001"),
        ("AGEN  ", "commune", "47001"),
        ("L'Haÿ", "commune", "94038"),
        ("l’hay les roses", "commune", "94038"),
        ("lhay", "commune", "94038"),
        ("havre", "commune", "76351"),
        ("saint denis 974", "commune", "97411"),
        ("paris 11", "commune", "75056"),
        ("y", "commune", "80829"),
        ("marseile", "commune", "13055"),
        ("toulose", "commune", "31555"),
        ("bordaux", "commune", "33063"),
        ("strasboug", "commune", "67482"),
        ("st ettienne", "commune", "42218"),
        ("14", "departement", "14"),
        ("2a", "departement", "2A"),
        ("974", "departement", "974"),
        ("cotes d'armor", "departement", "22"),
        ("calvado", "departement", "14"),
        ("boulang", "trade", "boulanger"),
        ("boulangère", "trade", "boulanger"),
        ("coiffeuse", "trade", "coiffeur"),
        ("coifeur", "trade", "coiffeur"),
        ("monitrice", "trade", "auto-ecole"),
        ("nounou", "trade", None),
        ("3239", "trade", "assistante-maternelle"),
        ("3239", "agreement", "3239"),
        ("843", "agreement", "0843"),
        ("0843", "agreement", "0843"),
        ("boulang", "agreement", "0843"),
        ("zzzz", "agreement", None),
        ("山田", "commune", None),
    ],
)
def test_the_first_result(text: str, kind: str, value: str | None) -> None:
    found = look_up(text, [LookupKind(kind)])
    assert (found[0].value if found else None) == value


def test_an_exact_name_then_longer_ones_by_population() -> None:
    labels = [found.label for found in look_up("agen", [LookupKind.COMMUNE])]
    assert labels[:3] == ["Agen", "Agen-d'Aveyron", "Agencourt"]


def test_ten_results_of_a_kind_at_most() -> None:
    assert len(look_up("saint", [LookupKind.COMMUNE])) == 10


def test_misspellings_are_sought_only_when_nothing_matches() -> None:
    assert {found.label for found in look_up("lyon", [LookupKind.COMMUNE])} >= {"Lyon"}
    assert "Lyons" not in {found.label for found in look_up("villeurbanne")}


def test_a_trade_that_is_not_proposed_is_not_found() -> None:
    Trade.objects.filter(pk="boulanger").update(is_active=False)
    assert not [found for found in look_up("boulanger") if found.kind == LookupKind.TRADE]


def test_matching_communes_understands_abbreviations() -> None:
    assert Commune.objects.matching("st etienne").filter(pk="42218").exists()


@pytest.mark.parametrize(
    ("query", "result"),
    [
        (
            {"q": "75011"},
            {"value": "75056", "label": "Paris", "detail": "75011 · Paris", "kind": "commune"},
        ),
        (
            {"q": "marseille", "kind": "commune"},
            {
                "value": "13055",
                "label": "Marseille",
                "detail": "13001 et 15 autres · Bouches-du-Rhône",
                "kind": "commune",
            },
        ),
        (
            {"q": "14", "kind": "departement"},
            {
                "value": "14",
                "label": "Calvados",
                "detail": "14 · Normandie",
                "kind": "departement",
            },
        ),
        (
            {"q": "coiffeur", "kind": "trade"},
            {
                "value": "coiffeur",
                "label": "Coiffeur·se",
                "detail": "Coiffure et professions connexes",
                "kind": "trade",
            },
        ),
    ],
)
def test_what_a_result_says(client: Client, query: dict[str, str], result: dict[str, str]) -> None:
    answer = client.get(URL, query)
    assert answer.status_code == 200
    assert answer.json()["results"][0] == result


def test_kinds_can_be_combined(client: Client) -> None:
    answer = client.get(URL, {"q": "boulang", "kind": ["trade", "agreement"]})
    assert {result["kind"] for result in answer.json()["results"]} == {"trade", "agreement"}


def test_every_kind_when_none_is_given(client: Client) -> None:
    kinds = {result["kind"] for result in client.get(URL, {"q": "boulang"}).json()["results"]}
    assert kinds == {"commune", "trade", "agreement"}


def test_nothing_found_is_an_empty_list(client: Client) -> None:
    answer = client.get(URL, {"q": "xqzwj"})
    assert (answer.status_code, answer.json()) == (200, {"results": []})


def test_anybody_may_ask_and_the_answer_may_be_cached(client: Client) -> None:
    answer = client.get(URL, {"q": "agen"})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ({}, "q", "Écrivez ce que vous cherchez."),
        ({"q": ""}, "q", "Écrivez ce que vous cherchez."),
        ({"q": "   "}, "q", "Écrivez ce que vous cherchez."),
        ({"q": "!?*%"}, "q", "Écrivez au moins une lettre ou un chiffre."),
        ({"q": "a" * 81}, "q", "80 caractères au plus."),
        ({"q": "agen", "kind": "ville"}, "kind", "« ville » n’est pas un type de recherche."),
    ],
)
def test_bad_questions(client: Client, query: dict[str, str], field: str, message: str) -> None:
    answer = client.get(URL, query)
    assert answer.status_code == 400
    assert answer.json()[field] == [message]


@pytest.mark.parametrize("text", ["a\x00b", "%", "_", "\\", "'; DROP TABLE x; --", "🥖", "a " * 40])
def test_strange_questions_never_crash(client: Client, text: str) -> None:
    assert client.get(URL, {"q": text}).status_code in (200, 400)


@pytest.mark.parametrize(
    ("text", "kinds", "queries"),
    [
        ("agen", ["commune"], 1),
        ("saint", ["commune"], 1),
        # The well known ones, then the others.
        ("marseile", ["commune"], 3),
        ("coifeur", ["trade"], 3),
        # One per kind, and one for the agreements of the trades.
        ("boulang", list(LookupKind), 5),
    ],
)
def test_number_of_queries(
    text: str, kinds: list[str], queries: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_num_queries(queries):
        look_up(text, [LookupKind(kind) for kind in kinds])


def test_a_little_known_commune_comes_first_if_it_is_spelled_closer() -> None:
    found = look_up("saint jean de gonvile", [LookupKind.COMMUNE])
    assert found[0].label == "Saint-Jean-de-Gonville"
    assert len(found) == 10


def test_one_search_does_not_make_the_next_one_stricter() -> None:
    before = look_up("toulonjaac", [LookupKind.COMMUNE])
    assert len(look_up("saintt", [LookupKind.COMMUNE])) == 10
    assert look_up("toulonjaac", [LookupKind.COMMUNE]) == before


def plans_of(text: str) -> list[dict[str, Any]]:
    """How PostgreSQL answers each query of a search among the communes."""
    with CaptureQueriesContext(connection) as queries:
        look_up(text, [LookupKind.COMMUNE])
    plans = []
    with connection.cursor() as cursor:
        for query in queries:
            if "territory_commune" in query["sql"]:
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query['sql']}")
                plans.append(cursor.fetchone()[0][0]["Plan"])
            elif "set_config" in query["sql"]:
                cursor.execute(query["sql"])
    return plans


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes_of(part)


@pytest.mark.parametrize("text", ["agen", "st etienne", "75011", "marseile", "saintt", "boulanjer"])
def test_communes_are_found_through_their_index(text: str) -> None:
    for plan in plans_of(text):
        nodes = list(nodes_of(plan))
        assert any(node.get("Index Name", "").startswith("commune_search") for node in nodes)
        read = [node for node in nodes if node.get("Relation Name") == "territory_commune"]
        assert [node["Node Type"] for node in read] == ["Bitmap Heap Scan"]


@pytest.mark.parametrize("text", ["saintt", "saintdenis", "ssaint", "montt", "sur mer de saint"])
def test_a_misspelled_common_word_is_compared_with_few_communes(text: str) -> None:
    """Of 35 000; comparing is what costs."""
    _exact, known, *others = plans_of(text)
    assert "commune_search_well_known" in {node.get("Index Name") for node in nodes_of(known)}
    for plan in (known, *others):
        (read,) = (node for node in nodes_of(plan) if node["Node Type"] == "Bitmap Heap Scan")
        removed = sum(count for name, count in read.items() if name.startswith("Rows Removed"))
        assert read["Actual Rows"] + removed < 2000

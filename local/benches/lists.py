"""The list of contacts and its search at 5 000 and at 500 000 people: the 95th percentile of each.

The pages are asked of the application itself, as an activist, a departmental union and the
confederation; the goal is a ratio of 1.3 at most. A tenth of the people are the union's and the
activist brought 125 of them, so that the pages are full at both sizes and only what lies behind
them grows.
"""

import django

django.setup()

from collections.abc import Callable  # noqa: E402
from statistics import quantiles  # noqa: E402
from time import perf_counter  # noqa: E402
from urllib.parse import urlencode  # noqa: E402

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.progress import track  # noqa: E402
from rich.table import Table  # noqa: E402

from contacts.actions import open_activist_source  # noqa: E402
from contacts.models import Contact, Source  # noqa: E402
from organisations.enums import Role  # noqa: E402
from organisations.models import Membership, Organisation, User  # noqa: E402

SMALL, LARGE = 5_000, 500_000
RUNS = 100
# Everything, a common first name, a rare one in a place, the end of a number, an address, nobody.
QUESTIONS = ("", "sylviane", "zélie 14", "980042", "4ea06fbc83@example.org", "xqzwj")
PEOPLE = {"militant": (Role.MILITANT, "ud-14"), "UD": (Role.STAFF, "ud-14"),
          "confédération": (Role.STAFF, "confederation")}  # fmt: skip

# A table of their own: joined by a computed rank, the planner would try each place for each person.
PLACES = """
CREATE TEMPORARY TABLE places AS
SELECT insee, postcodes[1] AS postcode, departement_id, name, departement_id = '14' AS is_near,
       row_number() OVER each - 1 AS rank
FROM territory_commune WHERE cardinality(postcodes) > 0
WINDOW each AS (PARTITION BY departement_id = '14' ORDER BY md5(insee));
CREATE UNIQUE INDEX ON places (is_near, rank);
ANALYZE places
"""
FILL = """
WITH totals AS (
    SELECT is_near, count(*) AS total FROM places GROUP BY is_near
), people AS (
    SELECT number, number %% 10 = 0 AS is_near,
           (ARRAY['Sylviane', 'Karim', 'Léa', 'Zélie', 'Ousmane', 'Marie'])
               [1 + number %% 6] AS name,
           '+33' || (600000000 + number) AS phone,
           left(md5(number::text), 10) || '@example.org' AS email
    FROM generate_series(%(start)s + 1, %(stop)s) AS number
), made AS (
    INSERT INTO contacts_contact (first_name, phone, email, trade_id, agreement_id, postcode,
        commune_id, departement_id, language, search_text, created_at, updated_at, link_version,
        revision, support, will_vote, joining)
    SELECT people.name, phone, email, NULL, NULL, places.postcode, places.insee,
           places.departement_id, 'fr',
           lower(people.name) || ' ' || left(md5(number::text), 10) || ' example org '
               || substr(phone, 2) || ' ' || places.postcode || ' ' || lower(places.name),
           now() - number * interval '1 second', now(), 1, 1, '', '', ''
    FROM people JOIN totals USING (is_near)
    JOIN places ON places.is_near = people.is_near AND places.rank = people.number / 10 %% total
    RETURNING id
)
INSERT INTO contacts_capture (capture_id, contact_id, source_id, method, captured_by_id,
    device_hash, created_contact, differences, server_time, activist_name, wishes, note)
SELECT gen_random_uuid(), id, %(source)s, 'tablet',
       CASE WHEN id %% 8 = 0 AND id <= 1000 THEN %(user)s END, '', true, '{}', now(), '', '{}', ''
FROM made
"""


def client_of(name: str) -> Client:
    role, slug = PEOPLE[name]
    user = User.objects.create_user(f"{role}-{slug}@example.org", first_name="Camille")
    Membership.objects.create(
        user=user, organisation=Organisation.objects.get(slug=slug), role=role
    )
    client = Client()
    client.force_login(user)
    return client


def fill(start: int, stop: int, source: Source) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            FILL, {"start": start, "stop": stop, "source": source.pk, "user": source.activist_id}
        )
        cursor.execute("VACUUM ANALYZE contacts_contact, contacts_capture")


def ask(client: Client, question: str) -> Callable[[], None]:
    address = "/contacts/?" + urlencode({"q": question})

    def get() -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")

    return get


def percentile_95(act: Callable[[], None]) -> float:
    """Milliseconds within which 95 of 100 repetitions end; the first one is not counted."""
    act()
    durations = []
    for _ in range(RUNS):
        started = perf_counter()
        act()
        durations.append(perf_counter() - started)
    return quantiles(durations, n=20)[-1] * 1000


def measure(acts: dict[str, Callable[[], None]], title: str) -> dict[str, float]:
    steps = track(acts.items(), title, total=len(acts), transient=True)
    return {name: percentile_95(act) for name, act in steps}


def main() -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.SECOND_FACTOR_REQUIRED = False
    # Plain names: nothing is collected for a bench.
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    clients = {name: client_of(name) for name in PEOPLE}
    activist = User.objects.get(email="militant-ud-14@example.org")
    union = Organisation.objects.get(slug="ud-14")
    source = open_activist_source(user=activist, organisation=union)
    acts = {
        f"{question or 'the list'}, {name}": ask(client, question)
        for name, client in clients.items()
        for question in QUESTIONS
    }
    with connection.cursor() as cursor:
        cursor.execute(PLACES)
    fill(0, SMALL, source)
    few = measure(acts, f"{SMALL} contacts…")
    fill(SMALL, LARGE, source)
    many = measure(acts, f"{Contact.objects.count()} contacts…")
    table = Table("", f"p95, {SMALL:,}", f"p95, {LARGE:,}", "ratio", title="lists (milliseconds)")
    for column in table.columns[1:]:
        column.justify = "right"
    for name in acts:
        table.add_row(
            name, f"{few[name]:.1f}", f"{many[name]:.1f}", f"{many[name] / few[name]:.2f}"
        )
    Console().print(table)


if __name__ == "__main__":
    main()

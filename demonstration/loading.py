"""Fills an empty installation with the demonstration: COPY for the crowd, actions for the rest."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection, transaction

from campaigns.clock import now
from campaigns.loading import REFERENCE_EDITION, load_campaign
from campaigns.models import PARIS, Campaign
from contacts.actions import create_source
from contacts.addresses import search_text
from contacts.enums import SourceKind
from contacts.models import Contact, Source
from contacts.rules import current_wordings
from demonstration.edition import Moment, weeks_to_shift
from demonstration.people import Person, Population
from deployments.models import Deployment
from organisations.enums import Kind
from organisations.models import Organisation, User
from territory.models import Trade

BATCH = 5_000
Progress = Callable[[int], None]


class AlreadyLoaded(Exception):
    """The demonstration is there already; it is never mixed with other data."""


def load_edition(moment: Moment, *, today: datetime) -> Campaign:
    """Load the reference edition moved so that `today` falls at `moment`."""
    reference = load_campaign(REFERENCE_EDITION).campaign
    weeks = weeks_to_shift(
        moment,
        opens=reference.vote_opens,
        closes=reference.vote_closes,
        today=today.astimezone(PARIS).date(),
    )
    campaign = load_campaign(REFERENCE_EDITION, shift_weeks=weeks).campaign
    campaign.name = f"{campaign.name} (rejouée)"
    campaign.save(update_fields=["name"])
    return campaign


def make_sources(author: User) -> list[Source]:
    """A poster and a leaflet per UD, flyers of the federations, the confederation's website."""
    if Source.objects.exists():
        raise AlreadyLoaded
    made = []
    for organisation in Organisation.objects.active().order_by("kind", "slug"):
        for kind, label, trade in _sources_of(organisation):
            made.append(
                create_source(
                    organisation=organisation,
                    kind=kind,
                    label=label,
                    created_by=author,
                    trade=trade,
                )
            )
    return made


def _sources_of(organisation: Organisation) -> Iterator[tuple[SourceKind, str, Trade | None]]:
    match organisation.kind:
        case Kind.CONFEDERATION:
            yield SourceKind.WEBSITE, "Site de la campagne", None
            yield SourceKind.FLYER, "Flyer générique", None
        case Kind.UD:
            yield SourceKind.POSTER, f"Affiche {organisation.name}", None
            yield SourceKind.FLYER, f"Tractage {organisation.name}", None
        case Kind.UL:
            baker = Trade.objects.filter(slug="boulanger").first()
            yield SourceKind.POSTER, f"Affiche du local, {organisation.name}", None
            yield SourceKind.FLYER, f"Flyer boulangeries, {organisation.name}", baker
        case Kind.FD:
            trade = Trade.objects.filter(agreements__organisation=organisation).first()
            yield SourceKind.FLYER, f"Flyer métier, {organisation.name}", trade


@transaction.atomic
def load_contacts(
    count: int,
    *,
    campaign: Campaign,
    sources: list[Source],
    activist: User,
    progress: Progress,
    actions: Iterable[Deployment] = (),
) -> int:
    """COPY `count` people with their captures and consents; return how many were added.

    Two in five were met at one of `actions`, where it took place.
    """
    begins = datetime.combine(campaign.collection_opens, time(9), tzinfo=PARIS)
    ends = max(now(campaign) - timedelta(minutes=20), begins + timedelta(days=1))
    held = [action for action in actions if action.was_held_at(ends)]
    population = Population(sources=sources, begins=begins, ends=ends, actions=held)
    first = _reserve("contacts_contact", count)
    people: list[tuple[int, Person]] = []
    for pk, person in enumerate(population.draw(count), start=first):
        people.append((pk, person))
        if len(people) == BATCH:
            _copy(people, activist)
            progress(len(people))
            people = []
    _copy(people, activist)
    progress(len(people))
    return count


def _copy(people: list[tuple[int, Person]], activist: User) -> None:
    wordings = {wording.channel: wording for wording in current_wordings()}
    # Read now: a query during a COPY would wait for it for ever.
    own = activist.active_memberships[0].organisation_id
    first_capture = _reserve("contacts_capture", len(people))
    captures = {pk: first_capture + index for index, (pk, _) in enumerate(people)}
    _copy_rows("contacts_contact", CONTACT_COLUMNS, (_contact_row(*row) for row in people))
    _copy_rows(
        "contacts_capture",
        CAPTURE_COLUMNS,
        (
            _capture_row(
                captures[pk], pk, person, activist if _is_theirs(pk, person, own) else None
            )
            for pk, person in people
        ),
    )
    _copy_rows(
        "contacts_consent",
        CONSENT_COLUMNS,
        (
            (pk, wordings[channel].purpose, channel, True, wordings[channel].pk, captures[pk],
             person.met_at)
            for pk, person in people
            for channel in person.channels
        ),
    )  # fmt: skip


CONTACT_COLUMNS = """
    id first_name phone email trade_id agreement_id postcode commune_id departement_id language
    link_version search_text created_at updated_at support will_vote joining revision
    email_confirmed_at
""".split()
CAPTURE_COLUMNS = """
    id capture_id contact_id source_id method captured_by_id device_hash created_contact
    differences server_time activist_name wishes note
""".split()
CONSENT_COLUMNS = """
    contact_id purpose channel is_given wording_id capture_id given_at
""".split()


def _contact_row(pk: int, person: Person) -> tuple[Any, ...]:
    searchable = search_text(
        Contact(
            first_name=person.first_name,
            phone=person.phone,
            email=person.email,
            postcode=person.postcode,
            commune=person.commune,
        )
    )
    return (
        pk, person.first_name, person.phone, person.email, person.trade.pk, person.agreement,
        person.postcode, person.commune.pk, person.commune.departement_id, "fr", 1, searchable,
        person.met_at, person.met_at, "", "", "", 1,
        # Everybody who left an address opened the mail that came.
        person.met_at if person.email else None,
    )  # fmt: skip


def _is_theirs(pk: int, person: Person, organisation: int) -> bool:
    """Whether the demonstration's activist entered the person: every second one of their union."""
    return (
        person.method == "tablet" and person.source.organisation_id == organisation and not pk % 2
    )


def _capture_row(pk: int, contact: int, person: Person, activist: User | None) -> tuple[Any, ...]:
    return (
        pk, uuid.uuid4(), contact, person.source.pk, person.method,
        activist.pk if activist else None, "", True, "{}", person.met_at, "", [], "",
    )  # fmt: skip


def _reserve(table: str, count: int) -> int:
    """Take `count` numbers from the table's sequence; return the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'),"
            " nextval(pg_get_serial_sequence(%s, 'id')) + %s)",
            [table, table, count],
        )
        (last,) = cursor.fetchone()
    return int(last) - count + 1


def _copy_rows(table: str, columns: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
    names = ", ".join(columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)

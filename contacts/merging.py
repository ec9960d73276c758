"""Two rows that are one person, and how they are parted again.

Nothing is lost: the row that goes is kept whole on the merge, with the number of every row that
moved. Statements are only moved, never changed: what holds is still the last one.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core import serializers
from django.db import connection, models

from contacts.addresses import agreed_channels, e164, search_text
from contacts.enums import ConsentChannel
from contacts.models import Consent, Contact, ContactMerge

# What a human chooses, and the columns that go with each choice.
CHOICES = {
    "first_name": ("first_name",),
    "phone": ("phone",),
    "email": ("email", "email_confirmed_at"),
    "trade": ("trade_id", "agreement_id"),
    "place": ("postcode", "commune_id", "departement_id"),
}
# What one row may know and the other not; of two times, the first.
STANDING = ("support", "will_vote", "joining")
FIRST_TIMES = ("reached_at", "voted_at", "created_at")


def values_of(contact: Contact) -> dict[str, Any]:
    """Every column of a row, as JSON."""
    row = json.loads(serializers.serialize("json", [contact]))[0]
    return dict(row["fields"])


def take_chosen(survivor: Contact, other: Contact, choices: Mapping[str, str]) -> None:
    """Give the survivor what was chosen from the other, and what only the other knew.

    What one row knows is never replaced by nothing.
    """
    for name, columns in CHOICES.items():
        known, others = getattr(survivor, columns[0]), getattr(other, columns[0])
        if not known or (others and choices.get(name) == "other"):
            for column in columns:
                setattr(survivor, column, getattr(other, column))
    for name in STANDING:
        setattr(survivor, name, getattr(survivor, name) or getattr(other, name))
    for name in FIRST_TIMES:
        times = [time for row in (survivor, other) if (time := getattr(row, name))]
        setattr(survivor, name, min(times, default=None))
    if survivor.possible_duplicate_of_id == other.pk:
        survivor.possible_duplicate_of = None
    survivor.search_text = search_text(survivor)


def move_relations(source: Contact, target: Contact) -> dict[str, list[int]]:
    """Point every row that pointed to `source` to `target`; answer which ones."""
    moved = {}
    for name, rows in _pointing_to(source):
        pks = list(rows.values_list("pk", flat=True))
        if rows.model is Contact:  # a row is not its own duplicate
            pks = [pk for pk in pks if pk != target.pk]
        if pks:
            _repoint(name, pks, target)
            moved[name] = pks
    return moved


def move_back(moved: Mapping[str, list[int]], source: Contact, target: Contact) -> None:
    """Point the moved rows back to `target`, those that still point to `source`."""
    standing = {name: set(rows.values_list("pk", flat=True)) for name, rows in _pointing_to(source)}
    for name, pks in moved.items():
        _repoint(name, [pk for pk in pks if pk in standing.get(name, set())], target)


def _pointing_to(contact: Contact) -> Iterator[tuple[str, models.QuerySet[Any]]]:
    """The rows of every room whose link leads to a contact, by name of that link.

    A merge stays with its survivor: the last one is undone first.
    """
    for relation in Contact._meta.related_objects:
        field = relation.field
        if field.concrete and not relation.many_to_many:
            model = relation.related_model
            name = f"{model._meta.label_lower}.{field.name}"
            yield name, model._base_manager.filter(**{field.name: contact})


def _repoint(name: str, pks: list[int], target: Contact) -> None:
    label, _, field = name.rpartition(".")
    relations = {
        f"{relation.related_model._meta.label_lower}": relation.related_model
        for relation in Contact._meta.related_objects
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL contacts.merging = 'on'")
        relations[label]._base_manager.filter(pk__in=pks).update(**{field: target.pk})
        cursor.execute("SET LOCAL contacts.merging = 'off'")


def restore_merged(merge: ContactMerge) -> Contact:
    """Put back the row that went, under its number. What it pointed to may be gone meanwhile."""
    fields = dict(merge.merged_before)
    for name in ("trade", "agreement", "commune", "possible_duplicate_of"):
        model = Contact._meta.get_field(name).related_model
        if fields[name] is not None and not model._base_manager.filter(pk=fields[name]).exists():  # type: ignore[union-attr]
            fields[name] = None
    row = {"model": "contacts.contact", "pk": merge.merged_pk, "fields": fields}
    (restored,) = serializers.deserialize("json", json.dumps([row]))
    restored.save()
    return Contact.objects.get(pk=merge.merged_pk)


def restore_survivor(merge: ContactMerge, survivor: Contact) -> None:
    """Give the survivor back what it was before, but for what was corrected since."""
    now = values_of(survivor)
    for name, before in merge.survivor_before.items():
        is_untouched = now[name] == merge.survivor_after[name]
        if is_untouched and before != now[name] and name not in ("link_version", "revision"):
            field = Contact._meta.get_field(name)
            setattr(survivor, field.attname, field.to_python(before))  # type: ignore[union-attr]
    survivor.search_text = search_text(survivor)


def withdrawals_since(merge: ContactMerge) -> list[Consent]:
    """What the person refused while they were one row: it holds for both again."""
    held = Consent.objects.filter(contact=merge.survivor_id).holding()
    return [
        consent for consent in held if not consent.is_given and consent.given_at > merge.merged_at
    ]


def addresses_merged_into(contact: Contact) -> list[tuple[str, str]]:
    """Number and e-mail address of the rows that became this one: (phone, email)."""
    return [
        (merge.merged_before["phone"], merge.merged_before["email"])
        for merge in contact.merges.standing()
    ]


def is_same_reach(one: Contact, other: Contact) -> bool:
    """Whether two rows share a number or an address: why they may be one person."""
    return bool(
        (one.phone and e164(one) == e164(other)) or (one.email and one.email == other.email)
    )


LABELS = {
    "first_name": "Prénom",
    "phone": "Téléphone",
    "email": "Adresse e-mail",
    "trade": "Métier",
    "place": "Lieu de travail",
}


def said(contact: Contact, name: str) -> str:
    """What a row says of itself, as a person reads it."""
    match name:
        case "phone":
            return contact.phone.as_national if contact.phone else ""
        case "trade":
            return contact.trade.label if contact.trade else ""
        case "place":
            where = contact.commune.name if contact.commune else contact.departement.name
            return f"{contact.postcode} {where}"
    return str(getattr(contact, name))


@dataclass(frozen=True)
class Line:
    """One fact about two rows."""

    label: str
    one: str
    other: str


def compare(one: Contact, other: Contact) -> list[Line]:
    """What each row says, accords and encounters included, as a person reads it."""
    lines = [Line(label, said(one, name), said(other, name)) for name, label in LABELS.items()]
    accepted, met = [], []
    for contact in (one, other):
        channels = agreed_channels(contact)
        accepted.append(", ".join(c.label for c in ConsentChannel if c.value in channels))
        met.append(str(contact.captures.count()))
    return [*lines, Line("Accepte", *accepted), Line("Rencontres", *met)]

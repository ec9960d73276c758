"""Fetching is the permission check: what is not yours answers 404."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from contacts.addresses import agreed_channels, awaits_confirmation, open_channels
from contacts.enums import ConsentChannel, SourceKind
from contacts.links import CONFIRMATION_SALT, SALT, address_proof
from contacts.merging import is_same_reach
from contacts.models import (
    Consent,
    ConsentWording,
    Contact,
    ContactMerge,
    ContactQuerySet,
    Source,
    SourceQuerySet,
)
from core.tokens import CODE_ALPHABET, clean_code
from library.models import RightsSheet
from organisations.models import Organisation, User
from territory.models import Commune, Departement


def can_capture(user: User) -> bool:
    """Whoever belongs to an organisation enters contacts."""
    return bool(user.active_memberships)


def can_manage_sources(user: User) -> bool:
    return bool(user.led)


def check_can_capture(user: User) -> None:
    if not can_capture(user):
        raise Http404


def visible_contacts(user: User) -> ContactQuerySet:
    return Contact.objects.visible_to(user)


def get_contact_or_404(user: User, pk: int) -> Contact:
    contacts = Contact.objects.visible_to(user).select_related(
        "trade", "agreement", "commune", "departement", "possible_duplicate_of"
    )
    return get_object_or_404(contacts, pk=pk)


def get_managed_contact_or_404(user: User, pk: int) -> Contact:
    """A contact within the person's scope: having entered it is not enough to change it."""
    return get_object_or_404(Contact.objects.filter(user.scope.q()), pk=pk)


def get_pair_or_404(user: User, pk: int, other_pk: int) -> tuple[Contact, Contact]:
    """Two managed rows that share a number or an address, the oldest first."""
    rows = Contact.objects.filter(user.scope.q(), pk__in=[pk, other_pk])
    pair = list(rows.select_related("trade", "commune", "departement").order_by("created_at", "pk"))
    if len(pair) != 2 or not is_same_reach(*pair):
        raise Http404
    return pair[0], pair[1]


def get_last_merge_or_404(user: User, pk: int) -> ContactMerge:
    """The last merge of a managed contact that is not undone."""
    merges = get_managed_contact_or_404(user, pk).merges.standing()
    merge = merges.select_related("survivor").first()
    if merge is None:
        raise Http404
    return merge


def get_contact_by_token_or_404(token: str) -> Contact:
    """The person a personal link speaks for; a forged, outdated or erased one is 404."""
    try:
        pk, version = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Http404 from error
    contacts = Contact.objects.select_related("trade", "commune", "departement")
    return get_object_or_404(contacts, pk=pk, link_version=version)


def get_contact_to_confirm_or_404(token: str) -> Contact:
    """The person whose e-mail address a confirmation link proves; 404 once it has changed."""
    try:
        pk, version, proof = signing.loads(token, salt=CONFIRMATION_SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Http404 from error
    contact = get_object_or_404(Contact, pk=pk, link_version=version)
    if proof != address_proof(contact):
        raise Http404
    return contact


def get_source_by_code_or_404(code: str) -> Source:
    cleaned = clean_code(code)
    if not set(cleaned) <= set(CODE_ALPHABET):
        raise Http404
    sources = Source.objects.select_related("organisation", "trade")
    return get_object_or_404(sources, code=cleaned)


def departements_of(user: User) -> QuerySet[Departement]:
    """Where somebody the person sees may work; everywhere for a federation."""
    scope = user.scope
    if scope.everything or scope.agreements:
        return Departement.objects.all()
    communes = Commune.objects.filter(
        Q(pk__in=scope.communes) | Q(postcodes__overlap=list(scope.postcodes))
    )
    return Departement.objects.filter(
        Q(pk__in=scope.departements)
        | Q(pk__in=communes.values("departement"))
        | Q(pk__in=user.captures.values("contact__departement"))
    )


def visible_sources(user: User) -> SourceQuerySet:
    return Source.objects.visible_to(user).select_related("organisation", "trade")


def get_source_or_404(user: User, pk: int) -> Source:
    return get_object_or_404(visible_sources(user), pk=pk)


def managed_sources(user: User) -> SourceQuerySet:
    """The sources the person may rename or close: those of the organisations they staff."""
    staffed = Organisation.objects.staffed_by(user)
    return visible_sources(user).filter(organisation__in=staffed).exclude(kind=SourceKind.ACTIVIST)


def get_managed_source_or_404(user: User, pk: int) -> Source:
    return get_object_or_404(managed_sources(user), pk=pk)


def can_enter_sheets(user: User, source: Source) -> bool:
    """Whoever manages the source, and an activist for their own."""
    is_own = source.activist_id == user.pk and can_capture(user)
    return is_own or can_manage_source(user, source)


def get_source_of_sheets_or_404(user: User, pk: int) -> Source:
    source = get_source_or_404(user, pk)
    if not can_enter_sheets(user, source):
        raise Http404
    return source


def current_wordings(language: str = "fr") -> list[ConsentWording]:
    """The words to show, e-mail first, then SMS, then calls; French ones where none exist."""
    order = ["email", "sms", "call"]
    wordings = {wording.channel: wording for wording in ConsentWording.objects.current("fr")}
    if language != "fr":
        own = ConsentWording.objects.current(language)
        wordings |= {wording.channel: wording for wording in own}
    return sorted(wordings.values(), key=lambda wording: order.index(wording.channel))


@dataclass(frozen=True)
class ConsentState:
    """What holds today on one channel."""

    channel: str
    is_given: bool
    consent: Consent | None


def consent_state(contact: Contact) -> list[ConsentState]:
    """E-mail, SMS, calls: given or not, with the last statement if there is one."""
    latest = {consent.channel: consent for consent in contact.consents.holding()}
    opened = open_channels(contact)
    return [
        ConsentState(channel.label, channel.value in opened, latest.get(channel.value))
        for channel in ConsentChannel
    ]


def must_confirm(contact: Contact) -> bool:
    """Whether mails wait for the person to confirm an address they want them at."""
    return "email" in agreed_channels(contact) and awaits_confirmation(contact)


def can_manage(user: User, contact: Contact) -> bool:
    return Contact.objects.filter(user.scope.q(), pk=contact.pk).exists()


def visible_duplicates(user: User, contact: Contact) -> ContactQuerySet:
    """The other people this contact may be, among those the user sees."""
    related = Q(pk=contact.possible_duplicate_of_id) | Q(possible_duplicate_of=contact)
    return Contact.objects.visible_to(user).filter(related).order_by("pk")


def flagged_duplicates(user: User, contacts: Sequence[Contact]) -> set[int]:
    """Those of `contacts` that may be somebody else whom the user sees, by number."""
    others = {pk for contact in contacts if (pk := contact.possible_duplicate_of_id)}
    seen = set(Contact.objects.visible_to(user).filter(pk__in=others).values_list("pk", flat=True))
    return {contact.pk for contact in contacts if contact.possible_duplicate_of_id in seen}


def standing_number(pk: int) -> int:
    """The number under which a contact is found today: that of the row it was merged into."""
    merges = ContactMerge.objects.standing().filter(merged_pk=pk)
    return merges.values_list("survivor_id", flat=True).first() or pk


def may_be_called(contact: Contact) -> bool:
    return "call" in agreed_channels(contact)


def count_captures_today(user: User) -> int:
    """How many contacts the person has entered since midnight where they act, in real time."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return user.captures.filter(server_time__gte=midnight).count()


def count_captures(source: Source) -> dict[str, int]:
    """What a source has brought: occasions, and new people its organisation sees.

    Beyond them a difference would tell who is known elsewhere.
    """
    seen = Contact.objects.filter(source.organisation.scope.q()).order_by()
    new = Count("pk", filter=Q(created_contact=True, contact__in=seen))
    return source.captures.aggregate(captures=Count("pk"), contacts=new)


def count_registrations(source: Source) -> dict[str, int]:
    """What a source brings, in all and these last seven days; never how many were new."""
    week = Count("pk", filter=Q(server_time__gte=timezone.now() - timedelta(days=7)))
    return source.captures.aggregate(total=Count("pk"), week=week)


def can_manage_source(user: User, source: Source) -> bool:
    return managed_sources(user).filter(pk=source.pk).exists()


def paginate_sources(user: User, number: str | None) -> Page[Any]:
    """Sources with their counts, open ones first."""
    sources = (
        visible_sources(user)
        .annotate(capture_count=Count("captures"))
        .order_by("-is_active", "-created_at", "-pk")
    )
    return Paginator(sources, 50).get_page(number)


def sheets_for(*, trade: str | None, agreement: str | None = None) -> list[RightsSheet]:
    return list(RightsSheet.objects.for_worker(trade=trade, agreement=agreement))

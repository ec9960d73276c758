"""Who sees and edits the catalogue, and what stands in it."""

from collections.abc import Iterable, Mapping

from django.db.models import Count, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from campaigns import clock
from materials.enums import OrderState
from materials.models import Item, ItemQuerySet, ItemVersion, OrderLine, SocialFile
from organisations.enums import Kind
from organisations.models import Organisation, User
from territory.models import Trade


def can_edit_catalogue(user: User) -> bool:
    return user.scope.everything


def check_editor(user: User) -> None:
    if not can_edit_catalogue(user):
        raise Http404


def check_member(user: User) -> None:
    """The catalogue is for everybody who belongs to an organisation."""
    if not user.active_memberships:
        raise Http404


def offered_items(user: User) -> ItemQuerySet:
    """What may be ordered or printed today."""
    check_member(user)
    campaign = clock.current_campaign()
    closes = campaign.vote_closes if campaign else None
    return Item.objects.offered(today=clock.today(campaign), vote_closes=closes).with_versions()


def get_item_or_404(user: User, slug: str) -> Item:
    """An item; those out of use are still read by who kept its address, and say so."""
    check_member(user)
    return get_object_or_404(Item.objects.with_versions().select_related("successor"), slug=slug)


def is_offered(user: User, item: Item) -> bool:
    return offered_items(user).filter(pk=item.pk).exists()


def get_item_to_edit_or_404(user: User, slug: str) -> Item:
    check_editor(user)
    return get_item_or_404(user, slug)


def get_version_or_404(user: User, slug: str, number: int | None) -> ItemVersion:
    """The version in use; former ones are for who edits the catalogue."""
    item = get_item_or_404(user, slug)
    version = item.current
    if number is not None and (version is None or version.number != number):
        check_editor(user)
        version = ItemVersion.objects.filter(item=item, number=number).first()
    if version is None:
        raise Http404
    return version


def get_social_file_or_404(user: User, slug: str, pk: int) -> SocialFile:
    version = get_version_or_404(user, slug, None)
    return get_object_or_404(SocialFile, version=version, pk=pk)


def social_files_of(version: ItemVersion | None) -> list[SocialFile]:
    return list(SocialFile.objects.filter(version=version).order_by("pk")) if version else []


def history_of(item: Item) -> QuerySet[ItemVersion]:
    return ItemVersion.objects.filter(item=item).order_by("-number").select_related("published_by")


def retired_items(user: User) -> ItemQuerySet:
    """Everything that is not offered any more, for who edits the catalogue."""
    check_editor(user)
    offered = offered_items(user).values("pk")
    return Item.objects.exclude(pk__in=offered).with_versions().select_related("successor")


def trades_in_catalogue() -> QuerySet[Trade]:
    return Trade.objects.filter(items__retired_at=None, items__isnull=False).distinct()


def ordered_nearby(user: User, items: Iterable[Item]) -> Mapping[int, int]:
    """By item, how many other UDs of the region ordered it: a number, never which."""
    own = [membership.organisation for membership in user.active_memberships]
    unions = [one.parent if one.kind == Kind.UL and one.parent else one for one in own]
    regions = {
        one.departement.region_id if one.departement else one.region_id for one in unions
    } - {None}
    if not regions:
        return {}
    around = Organisation.objects.filter(kind=Kind.UD, departement__region__in=regions)
    lines = (
        OrderLine.objects.filter(item__in=[item.pk for item in items])
        .filter(order__organisation__in=around.exclude(pk__in=[one.pk for one in unions]))
        .exclude(order__state__in=[OrderState.DRAFT, OrderState.CANCELLED])
        .order_by()
    )
    counted = lines.values("item").annotate(unions=Count("order__organisation", distinct=True))
    return {row["item"]: row["unions"] for row in counted}

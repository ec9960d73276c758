"""Who sees and changes which poster. Fetching is the permission check."""

from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from campaigns.clock import today
from materials.flyer_enums import PosterState
from materials.models import PosterSpot, PosterSpotQuerySet
from organisations.models import Organisation, User

# What one page and one map can show.
MOST_SHOWN = 500
TABS = {"": "En place", "a-renouveler": "À renouveler", "retirees": "Retirées"}


def posting_organisations_or_404(user: User) -> list[Organisation]:
    """Those in whose name the person puts posters up: activists too."""
    own = [membership.organisation for membership in user.active_memberships]
    if not own:
        raise Http404
    return sorted(own, key=lambda organisation: (organisation.name, organisation.pk))


def check_sees_posters(user: User) -> None:
    if not user.active_memberships:
        raise Http404


def list_posters(user: User, *, tab: str) -> PosterSpotQuerySet:
    """The posters of a tab, at most `MOST_SHOWN`, with what their lines say."""
    spots = PosterSpot.objects.visible_to(user)
    match tab:
        case "a-renouveler":
            spots = spots.to_renew(today())
        case "retirees":
            spots = spots.filter(state=PosterState.REMOVED)
        case "":
            spots = spots.exclude(state=PosterState.REMOVED)
        case _:
            raise Http404
    shown = spots.select_related("organisation", "commune", "put_up_by")
    return shown.order_by("commune__name", "words", "pk")[:MOST_SHOWN]


def count_posters(user: User) -> dict[str, int]:
    """How many each tab holds. One query."""
    spots = PosterSpot.objects.visible_to(user)
    is_up = ~Q(state=PosterState.REMOVED)
    is_due = Q(state__in=[PosterState.TO_RENEW, PosterState.DAMAGED]) | Q(renew_on__lte=today())
    found = spots.order_by().aggregate(
        up=Count("pk", filter=is_up),
        due=Count("pk", filter=is_up & is_due),
        removed=Count("pk", filter=~is_up),
    )
    return {"": found["up"], "a-renouveler": found["due"], "retirees": found["removed"]}


def managed_numbers(user: User) -> set[int]:
    """The posters the person may change, by number."""
    return set(PosterSpot.objects.managed_by(user).order_by().values_list("pk", flat=True))


def get_poster_or_404(user: User, public_id: UUID) -> PosterSpot:
    return get_object_or_404(PosterSpot.objects.visible_to(user), public_id=public_id)


def get_managed_poster_or_404(user: User, public_id: UUID) -> PosterSpot:
    spots = PosterSpot.objects.managed_by(user).select_related("commune", "organisation")
    return get_object_or_404(spots, public_id=public_id)

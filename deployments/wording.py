"""What a deployment is called in a search, and in a sentence."""

from collections.abc import Iterable

from core.text import fold
from deployments.models import Debrief, Deployment

OVER, UNDER_WAY, TO_COME = "over", "under-way", "to-come"


def search_text(deployment: Deployment) -> str:
    """The folded words somebody may look for it by."""
    place, commune = deployment.place, deployment.commune
    words = [
        deployment.title,
        deployment.objective,
        deployment.theme,
        deployment.guest,
        deployment.organisation.name,
        place.name if place else "",
        commune.name if commune else "",
        *(type_.label for type_ in deployment.types.all()),
        *(trade.label for trade in deployment.trades.all()),
    ]
    return fold(" ".join(words))


def debrief_search_text(deployment: Deployment, debrief: Debrief, remarks: Iterable[str]) -> str:
    """The folded words a report may be found by: those of its action and what the team said."""
    return fold(" ".join([deployment.search_text, debrief.summary, *remarks]))

"""What a deployment is called in a search, and in a sentence."""

from collections.abc import Iterable

from core.text import fold
from deployments.models import Debrief, Deployment

OVER, UNDER_WAY, TO_COME = "over", "under-way", "to-come"
# Beyond, a sentence no longer names them.
MOST_TRADES = 3


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


def proposed_objective(deployment: Deployment, goal: int) -> str:
    """A measurable sentence from what is known: « Inscrire 150 salarié·es à Caen »."""
    trades = [trade.label for trade in deployment.trades.all()]
    whom = "salarié·es" if goal > 1 else "salarié·e"
    if 0 < len(trades) <= MOST_TRADES:
        whom += f" ({', '.join(trade[0].lower() + trade[1:] for trade in trades)})"
    where = f" {at_place(deployment.commune.name)}" if deployment.commune else ""
    return f"Inscrire {goal} {whom}{where}"


def at_place(name: str) -> str:
    """« à Caen », « au Havre », « aux Andelys », « à La Rochelle »."""
    if name.startswith("Le "):
        return f"au {name[3:]}"
    if name.startswith("Les "):
        return f"aux {name[4:]}"
    return f"à {name}"

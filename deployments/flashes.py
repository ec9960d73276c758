"""What is said after a date was chosen: the declarations it makes pressing."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest

from core.text import counted
from deployments.declaration_rules import pressing_declarations, today_at
from deployments.declaration_wording import what_presses
from deployments.models import Deployment

# Of a whole series, the first ones; the calendar shows them all in red.
TOLD = 4


def warn_of_declarations(request: HttpRequest, deployments: Iterable[Deployment]) -> None:
    """Name the declarations of `deployments` it is too late or high time to send."""
    pressing = pressing_declarations(deployments)
    for one in pressing[:TOLD]:
        messages.warning(request, what_presses(one, today_at(one.deployment)))
    more = len(pressing) - TOLD
    if more > 0:
        words = counted(more, "autre déclaration presse", "autres déclarations pressent")
        messages.warning(request, f"{words} : l’agenda les montre.")

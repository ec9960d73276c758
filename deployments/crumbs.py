"""Where one stands among the pages of an action."""

from django.urls import reverse

from deployments.models import Deployment

# Name of the address and words, in the order one prepares, acts, and looks back.
TABS = {
    "detail": "Aperçu",
    "prepare": "Préparation",
    "team": "Équipe",
    "declarations": "Déclarations",
    "day": "Sur place",
    "debrief": "Bilan",
}
# Of use to those who manage the action only.
FOR_MANAGERS = {"prepare"}


def deployment_crumbs(here: str, deployment: Deployment | None = None) -> list[dict[str, str]]:
    trail = [{"label": "Déploiements", "url": reverse("deployments:list")}]
    if deployment:
        own = reverse("deployments:detail", args=[deployment.pk])
        trail.append({"label": deployment.title, "url": own})
    return [*trail, {"label": here, "url": ""}]


def deployment_tabs(
    deployment: Deployment, here: str, *, is_managed: bool = True
) -> list[dict[str, object]]:
    """The pages about one action, for `components/tabs.html`."""
    return [
        {
            "label": label,
            "url": reverse(f"deployments:{name}", args=[deployment.pk]),
            "current": name == here,
        }
        for name, label in TABS.items()
        if is_managed or name not in FOR_MANAGERS
    ]

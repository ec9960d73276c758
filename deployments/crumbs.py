"""Where one stands among the pages of an action."""

from django.urls import reverse

from deployments.models import Deployment

# Name of the address and words, in the order one prepares, acts, and looks back.
TABS = {
    "detail": "Aperçu",
    "declarations": "Déclarations",
    "day": "Sur place",
    "debrief": "Bilan",
}


def deployment_crumbs(here: str, deployment: Deployment | None = None) -> list[dict[str, str]]:
    trail = [{"label": "Déploiements", "url": reverse("deployments:list")}]
    if deployment:
        own = reverse("deployments:detail", args=[deployment.pk])
        trail.append({"label": deployment.title, "url": own})
    return [*trail, {"label": here, "url": ""}]


def deployment_tabs(deployment: Deployment, here: str) -> list[dict[str, object]]:
    """The pages about one action, for `components/tabs.html`."""
    return [
        {
            "label": label,
            "url": reverse(f"deployments:{name}", args=[deployment.pk]),
            "current": name == here,
        }
        for name, label in TABS.items()
    ]

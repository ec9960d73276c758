"""Where one stands among the pages of those who hold sessions."""

from django.urls import reverse

from webinars.models import Webinar
from webinars.steps import FIRST

# Name of the address and words, in the order one prepares, welcomes, answers and looks back.
TABS = {
    "manage-detail": "Aperçu",
    "manage-prepare": "Préparation",
    "manage-registrants": "Inscriptions",
    "manage-questions": "Questions",
    "manage-after": "Après",
}


def manage_crumbs(
    here: str, webinar: Webinar | None = None, **between: str
) -> list[dict[str, str]]:
    """The trail to a page; `between` names pages of the session by address, `registrants="…"`."""
    trail = [{"label": "Webinaires à gérer", "url": reverse("webinars:manage-list")}]
    if webinar:
        own = reverse("webinars:manage-detail", args=[webinar.pk])
        trail.append({"label": webinar.title, "url": own})
        trail += [
            {"label": label, "url": reverse(f"webinars:manage-{name}", args=[webinar.pk])}
            for name, label in between.items()
        ]
    return [*trail, {"label": here, "url": ""}]


def manage_tabs(webinar: Webinar, here: str) -> list[dict[str, object]]:
    """The pages about one session, for `components/tabs.html`."""
    return [
        {
            "label": label,
            "url": _url(name, webinar),
            "current": name == here,
        }
        for name, label in TABS.items()
    ]


def _url(name: str, webinar: Webinar) -> str:
    more = [FIRST] if name == "manage-prepare" else []
    return reverse(f"webinars:{name}", args=[webinar.pk, *more])

"""The steps of the preparation of a session; each can be passed and taken up again."""

from dataclasses import dataclass

from django.urls import reverse

from webinars.models import Webinar


@dataclass(frozen=True)
class Step:
    slug: str
    label: str
    question: str
    lead: str


STEPS = {
    step.slug: step
    for step in (
        Step(
            "seance", "La séance", "De quoi parlons-nous ?",
            "L’intitulé et la présentation sont ce que lit qui hésite à s’inscrire.",
        ),
        Step(
            "moment", "Moment", "Quand, et quand le rappeler ?",
            "À l’heure de Paris ; chaque personne la lit à la sienne, outre-mer compris.",
        ),
        Step(
            "programme", "Programme", "Qui parle, et de quoi ?",
            "Trois parties suffisent : les outils, les déploiements, un échange.",
        ),
        Step(
            "documents", "Documents", "Que laissons-nous ?",
            "Ce qui accompagne la séance, puis le diaporama et l’enregistrement.",
        ),
    )
}  # fmt: skip
FIRST = "seance"
ROOM = "salle"


def url_after(slug: str, webinar: Webinar) -> str:
    """The address of the step after `slug`; the last one leads to the room."""
    slugs = list(STEPS)
    place = slugs.index(slug) + 1
    if place < len(slugs):
        return reverse("webinars:manage-prepare", args=[webinar.pk, slugs[place]])
    return reverse("webinars:manage-room", args=[webinar.pk])


def trail(webinar: Webinar, here: str, filled: set[str]) -> list[dict[str, object]]:
    """The steps as links, the room at the end, with those that hold something."""
    labels = {step.slug: step.label for step in STEPS.values()} | {ROOM: "Salle"}
    return [
        {
            "number": number,
            "label": label,
            "url": _url(slug, webinar),
            "current": slug == here,
            "filled": slug in filled,
        }
        for number, (slug, label) in enumerate(labels.items(), start=1)
    ]


def _url(slug: str, webinar: Webinar) -> str:
    if slug == ROOM:
        return reverse("webinars:manage-room", args=[webinar.pk])
    return reverse("webinars:manage-prepare", args=[webinar.pk, slug])

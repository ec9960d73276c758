"""The steps of the preparation, in the order of the guide to field actions; each can be skipped."""

from dataclasses import dataclass

from django.urls import reverse

from deployments.models import Deployment


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
            "objectif", "Objectif", "Que voulons-nous obtenir ?",
            "« Mener la campagne » est trop large : un chiffre, un métier, un endroit.",
        ),
        Step(
            "public", "Public", "Qui voulons-nous rencontrer ?",
            "Le message, le lieu et l’heure en dépendent.",
        ),
        Step(
            "lieu", "Lieu", "Où allons-nous ?",
            "Rien ne remplace un repérage : ce que vous notez d’un lieu sert aux suivant·es.",
        ),
        Step(
            "moment", "Moment", "Quand ce public est-il là ?",
            "Choisissez selon les gens à rencontrer, plus que selon nos disponibilités.",
        ),
        Step(
            "type", "Type d’action", "Comment allons-nous vers les gens ?",
            "Même à deux, on peut y aller. La liste du matériel et les rôles suivent ce choix.",
        ),
        Step(
            "equipe", "Équipe", "Avec qui, et qui fait quoi ?",
            "La ou le pilote anime et ne fait pas tout : répartissez les rôles.",
        ),
        Step(
            "materiel", "Matériel", "Qu’emportons-nous ?",
            "La liste vient du type d’action. Changez-la comme vous voulez.",
        ),
        Step(
            "paroles", "Paroles", "Que dirons-nous ?",
            "Des mots simples, qui s’adressent aux gens et pas à nous-mêmes.",
        ),
        Step("budget", "Budget", "Combien cela coûte-t-il ?", "Seulement si cela vous aide."),
    )
}  # fmt: skip


def following(slug: str) -> Step | None:
    """The step after `slug`; none after the last."""
    slugs = list(STEPS)
    place = slugs.index(slug) + 1
    return STEPS[slugs[place]] if place < len(slugs) else None


def trail(deployment: Deployment, here: str, filled: set[str]) -> list[dict[str, object]]:
    """The steps as links, with those that hold something."""
    return [
        {
            "number": number,
            "label": step.label,
            "url": reverse("deployments:prepare-step", args=[deployment.pk, step.slug]),
            "current": step.slug == here,
            "filled": step.slug in filled,
        }
        for number, step in enumerate(STEPS.values(), start=1)
    ]

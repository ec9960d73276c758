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
    # What the guide adds and no field holds.
    hints: tuple[str, ...] = ()


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
            (
                "Une carte montre où sont les petites entreprises ; l’union locale et celles et "
                "ceux qui habitent là connaissent les passages et les habitudes.",
                "Un point fixe se voit de loin, et le véhicule y arrive : vérifiez la hauteur et "
                "les bornes.",
            ),
        ),
        Step(
            "moment", "Moment", "Quand ce public est-il là ?",
            "Choisissez selon les gens à rencontrer, plus que selon nos disponibilités.",
            (
                "Une partie de l’équipe arrive en avance pour installer et sécuriser : donnez-lui "
                "son créneau, nommé « Installation ».",
                "Prévoyez un quart d’heure ensemble le matin même, avant d’aller vers les gens : "
                "un créneau « Temps ensemble », ou le début du premier.",
            ),
        ),
        Step(
            "type", "Type d’action", "Comment allons-nous vers les gens ?",
            "Même à deux, on peut y aller. La liste du matériel et les rôles suivent ce choix.",
        ),
        Step(
            "equipe", "Équipe", "Avec qui, et qui fait quoi ?",
            "La ou le pilote anime et ne fait pas tout : répartissez les rôles.",
            (
                "Qui n’a jamais abordé quelqu’un se forme avant : « porteur·ses de parole », "
                "« rencontrer les salarié·es ». Demandez les dates à l’union départementale ; "
                "les webinaires de la campagne aident aussi.",
                "Réunissez l’équipe quelques jours avant : l’objectif, les outils, les éléments "
                "de langage, les binômes. La tâche est dans le plan.",
                "Dites qui arrive en avance pour installer.",
            ),
        ),
        Step(
            "materiel", "Matériel", "Qu’emportons-nous ?",
            "La liste vient du type d’action. Changez-la comme vous voulez.",
        ),
        Step(
            "paroles", "Paroles", "Que dirons-nous ?",
            "Des mots simples, qui s’adressent aux gens et pas à nous-mêmes.",
            (
                "Le matin même, relisez-les ensemble : l’objectif, comment on aborde, qui va où. "
                "La semaine du vote, comment on vote et les recours.",
            ),
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

"""What the page of an action says of it, in the order one would tell it."""

from deployments.models import Deployment


def facts_about(deployment: Deployment) -> list[dict[str, str]]:
    """The facts that are known, for `components/definition_list.html`."""
    told = {
        "Objectif": _objective(deployment),
        "Public": deployment.get_public_display(),
        "Métiers": _joined(deployment.trades.all()),
        "Type": _joined(deployment.types.all()),
        "Point fixe": "Oui" if deployment.has_fixed_point else "",
        "Adresse": deployment.place.address if deployment.place else "",
        "Parcours": deployment.route,
        "Thème": deployment.theme,
        "En présence de": deployment.guest,
        "Avec": _joined(deployment.co_organisers.all()),
        "Partenaires": deployment.partners,
    }
    return [{"label": label, "value": value} for label, value in told.items() if value]


def _objective(deployment: Deployment) -> str:
    goal = deployment.objective_count
    if deployment.objective:
        return deployment.objective
    return f"{goal} contacts" if goal else ""


def _joined(rows: object) -> str:
    return ", ".join(str(row) for row in rows)  # type: ignore[attr-defined]

"""What a page says about a declaration: what remains possible, and until when."""

from datetime import date

from core.dates import NBSP, day, day_of_week
from deployments.declaring import receipt_holds
from deployments.enums import Authority, DeclarationAlert, DeclarationState
from deployments.models import DeclarationRule, PublicSpaceDeclaration

# « à la mairie », « à la préfecture »
TO = {Authority.TOWN_HALL: "à la mairie", Authority.PREFECTURE: "à la préfecture"}
STILL_POSSIBLE = {
    Authority.TOWN_HALL: (
        "appelez le service, certains acceptent encore ; sinon passez sans point fixe "
        "(tractage, tournée des boutiques), ou changez de date."
    ),
    Authority.PREFECTURE: (
        "appelez la préfecture et notez ce qu’elle répond ; sinon passez sans point fixe "
        "(tractage, tournée des boutiques), ou changez de date."
    ),
}


def what_to_do(declaration: PublicSpaceDeclaration, alert: DeclarationAlert | None) -> str:
    """One sentence, or nothing when nothing is expected of anybody."""
    authority = Authority(declaration.authority)
    match alert:
        case DeclarationAlert.LATE:
            return (
                f"Trop tard{NBSP}: il fallait l’envoyer {TO[authority]} avant le"
                f" {day_of_week(declaration.last_day)} au soir. Ce qui reste possible{NBSP}: "
                f"{STILL_POSSIBLE[authority]}"
            )
        case DeclarationAlert.DUE:
            return f"C’est le moment{NBSP}: dernier jour le {day_of_week(declaration.last_day)}."
        case DeclarationAlert.REFUSED:
            return (
                "Ne montez pas de point fixe ici. Proposez un autre emplacement, ou une action "
                "sans point fixe."
            )
        case DeclarationAlert.SENT:
            return f"Sans réponse à l’approche du jour{NBSP}? Relancez par téléphone."
        case DeclarationAlert.GRANTED:
            act = "Imprimez" if receipt_holds(declaration) else "Joignez"
            return f"{act} le récépissé{NBSP}: l’équipe l’a toujours sur elle."
    return ""


def what_presses(declaration: PublicSpaceDeclaration, today: date) -> str:
    """One sentence about a declaration to send, that names its authority and its action's day."""
    deployment = declaration.deployment
    authority = Authority(declaration.authority)
    start = deployment.starts_at.astimezone(deployment.zone) if deployment.starts_at else None
    about = f"{authority.label}, pour le {day_of_week(start.date())}" if start else authority.label
    last = day_of_week(declaration.last_day)
    if declaration.alert_on(today) == DeclarationAlert.LATE:
        return (
            f"{about}{NBSP}: trop tard pour la déclaration, il fallait l’envoyer avant le {last} "
            "au soir. L’onglet «\u00a0Déclarations\u00a0» dit ce qui reste possible."
        )
    when = "de nouveau" if declaration.is_to_send_again else "maintenant"
    return f"{about}{NBSP}: déclaration à envoyer {when}, dernier jour le {last}."


def next_act(declaration: PublicSpaceDeclaration) -> str:
    """Which of its buttons stands out: letter, step, receipt, or file, to be printed."""
    match DeclarationState(declaration.state):
        case DeclarationState.TO_SEND:
            return "letter"
        case DeclarationState.GRANTED:
            return "file" if receipt_holds(declaration) else "receipt"
    return "step"


def rule_facts(rule: DeclarationRule) -> list[dict[str, str]]:
    """A rule as it is kept, for `components/definition_list.html`."""
    unit = "jours ouvrés" if rule.counts_working_days else "jours"
    told = {
        "Où": str(rule.commune or rule.departement or "Partout"),
        "Autorité": rule.get_authority_display(),
        "Démarche": "Nécessaire" if rule.is_needed else "Aucune",
        "Dernier délai": f"{rule.days_before} {unit}",
        "Délai conseillé": f"{rule.advised_days_before} {unit}",
        "Adresse": ", ".join(rule.address.splitlines()),
        "E-mail": rule.email,
        "D’où elle vient": rule.source,
        "Vérifiée le": day(rule.verified_on),
    }
    return [{"label": label, "value": value} for label, value in told.items()]

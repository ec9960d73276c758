"""An organisation's scope, in plain words."""

from organisations.enums import Kind
from organisations.models import Organisation


def describe_scope(organisation: Organisation) -> str:
    """What the team of this organisation sees of the campaign."""
    if not organisation.is_active:
        return "Fermée : son équipe ne voit plus aucun contact."
    match organisation.kind:
        case Kind.CONFEDERATION:
            return "Voit tous les contacts de la campagne."
        case Kind.REGION:
            return f"Voit les contacts des départements de la région {organisation.region}."
        case Kind.UD:
            return f"Voit les contacts du département {organisation.departement}."
        case Kind.UL:
            return _describe_places(organisation)
        case Kind.FD:
            return _describe_agreements(organisation)
    return "A des membres, mais ne voit aucun contact."


def _describe_places(union: Organisation) -> str:
    names = [commune.name for commune in union.communes.all()] + union.postcodes
    if not names:
        return "N’a encore ni commune ni code postal : son équipe ne voit aucun contact."
    shown = ", ".join(names[:8])
    rest = len(names) - 8
    return f"Voit les contacts de {shown}{_others(rest)}."


def _others(count: int) -> str:
    if count < 1:
        return ""
    return " et d’une autre commune" if count == 1 else f" et de {count} autres communes"


def _describe_agreements(federation: Organisation) -> str:
    codes = list(federation.agreements.values_list("idcc", flat=True))
    if not codes:
        return "N’a encore aucune convention collective : son équipe ne voit aucun contact."
    return f"Voit les contacts des conventions collectives (IDCC) {', '.join(codes)}."

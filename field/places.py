"""Where an organisation acts: the time zone in which its days are counted."""

from organisations.models import Organisation

MAINLAND = "Europe/Paris"


def time_zone_of(organisation: Organisation) -> str:
    """The zone of its département, of the one above it, or of its region; else of Paris."""
    if organisation.departement is not None:
        return organisation.departement.time_zone
    if organisation.region is not None:
        first = organisation.region.departements.order_by("code").first()
        return first.time_zone if first else MAINLAND
    return time_zone_of(organisation.parent) if organisation.parent else MAINLAND

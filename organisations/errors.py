class OrganisationError(Exception):
    """An action refused for a reason that the person can read and act upon (in French)."""


class DetailsMoved(OrganisationError):
    """Somebody else changed the address or the telephone meanwhile."""


class NameTaken(OrganisationError):
    """A sister organisation already goes by this name."""

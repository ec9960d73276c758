class OrganisationError(Exception):
    """An action refused for a reason that the person can read and act upon (in French)."""


class NameTaken(OrganisationError):
    """A sister organisation already goes by this name."""

class OrganisationError(Exception):
    """An action refused for a reason that the person can read and act upon (in French)."""

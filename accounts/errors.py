class AccountError(Exception):
    """An action refused for a reason that the person can read and act upon (in French)."""


class InvitationClosed(AccountError):
    """The invitation was used, withdrawn or has expired."""

class AccountError(Exception):
    """An action refused for a reason that the person can read and act upon (in French)."""


class InvitationClosed(AccountError):
    """The invitation was used, withdrawn or has expired."""


class WrongAccount(AccountError):
    """Somebody logged in opened the invitation of another address."""


class TooManyMails(AccountError):
    """This address was already written to just before, or too often."""

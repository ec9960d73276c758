"""How allauth meets the project: closed sign-up, mails through the outbox."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are born from an invitation only."""
        return False


class MFAAdapter(DefaultMFAAdapter):
    pass

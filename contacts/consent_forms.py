"""The boxes of consent, and which version of their words was on screen."""

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contacts.addresses import agreed_channels
from contacts.enums import ConsentChannel
from contacts.models import ConsentWording, Contact
from contacts.rules import current_wordings

FORM_SALT = "contacts.form"
MISSING = {
    ConsentChannel.EMAIL: _("Pour des e-mails, écrivez votre adresse e-mail."),
    ConsentChannel.SMS: _("Pour des SMS, écrivez votre numéro de téléphone."),
    ConsentChannel.CALL: _("Pour être rappelé·e, écrivez votre numéro de téléphone."),
}


class ConsentMixin(forms.Form):
    """Adds one unticked box per current wording; `shown` remembers which version was on screen."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    wordings: list[ConsentWording]

    def add_consents(self, *, initial: frozenset[str] = frozenset()) -> None:
        self.wordings = self._displayed() or current_wordings(get_language() or "fr")
        numbers = [wording.pk for wording in self.wordings]
        self.fields["shown"].initial = signing.dumps(numbers, salt=FORM_SALT)
        for wording in self.wordings:
            self.fields[f"consent_{wording.channel}"] = forms.BooleanField(
                label=wording.text, required=False, initial=wording.channel in initial
            )

    def _displayed(self) -> list[ConsentWording]:
        """The wordings a sent form was showing, even if newer ones came out meanwhile."""
        try:
            numbers = signing.loads(str(self.data.get("shown", "")), salt=FORM_SALT)
        except signing.BadSignature:
            return []
        found = ConsentWording.objects.in_bulk(numbers)
        wordings = [found[number] for number in numbers if number in found]
        channels = {wording.channel for wording in wordings}
        return wordings if len(channels) == len(wordings) == len(ConsentChannel) else []

    @property
    def consent_fields(self) -> list[forms.BoundField]:
        return [self[f"consent_{wording.channel}"] for wording in self.wordings]

    @property
    def notice(self) -> str:
        return self.wordings[0].notice

    def given(self) -> tuple[ConsentWording, ...]:
        return tuple(
            wording
            for wording in self.wordings
            if self.cleaned_data.get(f"consent_{wording.channel}")
        )

    def check_consents(self) -> None:
        """Each consent needs its number or address."""
        for wording in self.given():
            channel = ConsentChannel(wording.channel)
            field = channel.goes_by
            if not self.cleaned_data.get(field) and field not in self.errors:
                self.add_error(field, MISSING[channel])


class ConsentForm(ConsentMixin):
    """The consents alone, as boxes showing what holds today."""

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contact = contact
        self.add_consents(initial=frozenset(agreed_channels(contact)))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        known = {"email": self.contact.email, "phone": self.contact.phone}
        for wording in self.given():
            channel = ConsentChannel(wording.channel)
            if not known[channel.goes_by]:
                self.add_error(f"consent_{channel.value}", MISSING[channel])
        return cleaned

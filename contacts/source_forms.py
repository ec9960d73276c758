"""Forms about sources: the QR codes and links that bring people."""

import uuid
from typing import Any

from django import forms
from django.core import signing

from contacts.enums import SourceKind
from core.fields import LineField
from organisations.models import Organisation
from territory.models import Trade

FORM_SALT = "contacts.source"
FORM_MAX_AGE = 24 * 3600
# The sources that no form opens: an activist's own, and that of an imported list.
MADE_BY_ITSELF = (SourceKind.ACTIVIST, SourceKind.LIST)


class SourceForm(forms.Form):
    form_token = forms.CharField(widget=forms.HiddenInput, required=False)
    organisation = forms.ModelChoiceField(
        label="Organisation", queryset=Organisation.objects.none(), empty_label=None
    )
    kind = forms.ChoiceField(
        label="Support",
        choices=[choice for choice in SourceKind.choices if choice[0] not in MADE_BY_ITSELF],
    )
    label = LineField(
        label="Intitulé",
        max_length=150,
        help_text="Pour vous y retrouver : « Affiche du marché de Caen, novembre ».",
        error_messages={"required": "Donnez un intitulé à ce QR code."},
    )
    trade = forms.ModelChoiceField(
        label="Métier proposé d’avance",
        queryset=Trade.objects.in_use(),
        required=False,
        empty_label="Aucun en particulier",
    )

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = Organisation.objects.filter(pk__in=[item.pk for item in organisations])
        self.fields["organisation"].queryset = allowed  # type: ignore[attr-defined]
        self.fields["form_token"].initial = signing.dumps(str(uuid.uuid4()), salt=FORM_SALT)

    def opened(self) -> dict[str, Any]:
        """Keyword arguments of `open_source`."""
        data = self.cleaned_data
        names = ("organisation", "kind", "label", "trade")
        return {name: data[name] for name in names} | {"seed": self._seed()}

    def _seed(self) -> bytes:
        """The same for a form sent twice; another once something else is typed after “back”."""
        data = self.cleaned_data
        try:
            token = signing.loads(data["form_token"], salt=FORM_SALT, max_age=FORM_MAX_AGE)
        except signing.BadSignature:
            token = str(uuid.uuid4())
        trade = data["trade"].pk if data["trade"] else ""
        typed = (token, data["organisation"].pk, data["kind"], trade, data["label"])
        return "|".join(str(part) for part in typed).encode()


class SourceEditForm(forms.Form):
    label = SourceForm.base_fields["label"]
    trade = SourceForm.base_fields["trade"]

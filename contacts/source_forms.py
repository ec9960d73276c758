"""Forms about sources: the QR codes and links that bring people."""

from typing import Any

from django import forms

from contacts.enums import SourceKind
from core.fields import LineField
from organisations.models import Organisation
from territory.models import Trade

# The sources that no form opens: an activist's own, and that of an imported list.
MADE_BY_ITSELF = (SourceKind.ACTIVIST, SourceKind.LIST)


class SourceForm(forms.Form):
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


class SourceEditForm(forms.Form):
    label = SourceForm.base_fields["label"]
    trade = SourceForm.base_fields["trade"]

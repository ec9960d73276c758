from typing import Any

from django import forms

from deployments.agenda_forms import LightSelect
from deployments.enums import FeedKind
from deployments.feed_rules import feed_organisations
from organisations.models import Organisation, User


class FeedForm(forms.Form):
    kind = forms.ChoiceField(
        label="Ce que l’agenda montre",
        choices=FeedKind,
        initial=FeedKind.MINE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce que l’agenda montre."},
    )
    organisation = forms.ModelChoiceField(
        label="Organisation",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="Choisir",
        widget=LightSelect,
        error_messages={"invalid_choice": "Choisissez une organisation de la liste."},
        help_text="Seulement pour l’agenda d’une organisation.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = feed_organisations(user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_missing = "organisation" in cleaned and cleaned["organisation"] is None
        if cleaned.get("kind") == FeedKind.ORGANISATION and is_missing:
            self.add_error("organisation", "De quelle organisation ?")
        return cleaned

"""The form of the meeting room. What is typed there is sealed, and never shown again."""

from django import forms

from core.fields import LineField
from webinars.meetings import Room

HIDDEN = "Gardé chiffré, jamais réaffiché."


class RoomForm(forms.Form):
    provider = LineField(
        label="Service", max_length=60, required=False, help_text="Celui que vous utilisez déjà."
    )
    address = forms.URLField(
        label="Adresse de la réunion", max_length=1000, assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Celle qui commence par https:// et mène droit à la salle.",
        error_messages={"required": "Collez l’adresse de la réunion."},
    )  # fmt: skip
    number = LineField(
        label="Identifiant", max_length=60, required=False, help_text=HIDDEN,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    secret = LineField(
        label="Code secret", max_length=120, required=False, help_text=HIDDEN,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def room(self) -> Room:
        data = self.cleaned_data
        return Room(address=data["address"], number=data["number"], secret=data["secret"])

"""Forms about posters. They only validate: each ends in one call of a verb of `postering`."""

import uuid
from typing import Any

from django import forms

from campaigns.clock import today
from core.fields import LineField
from library.pictures import redrawn
from library.uploads import RefusedFile
from materials.flyer_enums import PosterState
from materials.models import PosterSpot
from organisations.models import Organisation
from territory.fields import CommuneField


class _Position(forms.FloatField):
    def __init__(self, *, most: int, **kwargs: Any) -> None:
        widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
        super().__init__(required=False, min_value=-most, max_value=most, widget=widget, **kwargs)


class PosterForm(forms.Form):
    public_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    organisation = forms.ModelChoiceField(
        label="Posée pour", queryset=Organisation.objects.none(), empty_label=None
    )
    commune = CommuneField(
        label="Commune ou code postal", error_messages={"required": "Indiquez la commune."}
    )
    words = LineField(
        label="Où exactement",
        max_length=150,
        help_text="« Panneau d’affichage libre, devant la boulangerie ».",
        error_messages={"required": "Dites où elle est."},
    )
    latitude = _Position(label="Latitude", most=90)
    longitude = _Position(label="Longitude", most=180)
    renew_on = forms.DateField(
        label="À renouveler le",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    photo = forms.FileField(
        label="Photo",
        required=False,
        help_text="JPEG, PNG ou WebP, sans passant·es. L’endroit enregistré dedans est retiré.",
        widget=forms.ClearableFileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp", "data-shrink": ""}
        ),
        error_messages={"empty": "Ce fichier est vide."},
    )

    picture: bytes | None = None

    def __init__(
        self, *args: Any, organisations: list[Organisation] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if organisations is None:
            del self.fields["organisation"]
            return
        allowed = Organisation.objects.filter(pk__in=[each.pk for each in organisations])
        self.fields["organisation"].queryset = allowed.order_by("name", "pk")  # type: ignore[attr-defined]
        self.fields["public_id"].initial = uuid.uuid4()

    @classmethod
    def for_poster(cls, spot: PosterSpot, data: Any = None, files: Any = None) -> "PosterForm":
        names = ("commune", "words", "latitude", "longitude", "renew_on")
        return cls(data, files, initial={name: getattr(spot, name) for name in names})

    def clean_photo(self) -> Any:
        file = self.cleaned_data["photo"]
        if file:
            try:
                self.picture = redrawn(file, size=file.size)
            except RefusedFile as error:
                raise forms.ValidationError(str(error)) from error
        return file

    def clean_renew_on(self) -> Any:
        renew_on = self.cleaned_data["renew_on"]
        if renew_on and abs((renew_on - today()).days) > 366:
            raise forms.ValidationError("Vérifiez l’année.")
        return renew_on

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            self.add_error("longitude", "Donnez la latitude et la longitude, ou aucune des deux.")
        return data

    def noted(self) -> dict[str, Any]:
        """Keyword arguments of `correct_poster`, and with the rest those of `put_up`."""
        data = self.cleaned_data
        is_placed = data["latitude"] is not None
        return {
            "commune": data["commune"],
            "words": data["words"],
            "position": (data["latitude"], data["longitude"]) if is_placed else None,
            "renew_on": data["renew_on"],
            "picture": self.picture,
        }

    def opened(self) -> dict[str, Any]:
        data = self.cleaned_data
        return self.noted() | {
            "public_id": data["public_id"] or uuid.uuid4(),
            "organisation": data["organisation"],
        }


class StateForm(forms.Form):
    state = forms.ChoiceField(choices=PosterState)

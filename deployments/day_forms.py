"""Forms of the day. They only validate: each ends in one call of a verb of `day`."""

from typing import Any

from django import forms

from core.fields import LineField
from deployments.enums import TallyKind
from library.pictures import redrawn
from library.uploads import RefusedFile

STEPS = (1, 5, 10)


class TallyForm(forms.Form):
    """A button of a quick counter; the identifier is made with the page."""

    tally_id = forms.UUIDField()
    kind = forms.ChoiceField(choices=TallyKind)
    count = forms.TypedChoiceField(choices=[(step, step) for step in STEPS], coerce=int)


class TakeBackForm(forms.Form):
    tally_id = forms.UUIDField()
    undoes = forms.UUIDField()


class IncidentForm(forms.Form):
    text = forms.CharField(
        label="Ce qui s’est passé",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Sans le nom des personnes. Seules l’équipe et les organisations pilotes lisent.",
        error_messages={"required": "Écrivez ce qui s’est passé."},
    )


class PhotoForm(forms.Form):
    image = forms.FileField(
        label="Photo",
        help_text="JPEG, PNG ou WebP. L’endroit enregistré dans la photo est retiré.",
        widget=forms.ClearableFileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp", "data-shrink": ""}
        ),
        error_messages={"required": "Choisissez une photo.", "empty": "Ce fichier est vide."},
    )
    caption = LineField(label="Légende", max_length=150, required=False)
    people_agreed = forms.BooleanField(
        label="Les personnes que l’on reconnaît sont d’accord pour être photographiées",
        error_messages={
            "required": "Demandez d’abord leur accord aux personnes que l’on reconnaît."
        },
    )

    picture: bytes

    def clean_image(self) -> Any:
        file = self.cleaned_data["image"]
        try:
            self.picture = redrawn(file, size=file.size)
        except RefusedFile as error:
            raise forms.ValidationError(str(error)) from error
        return file

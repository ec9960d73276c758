from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat

from territory.reference_files import ReferenceFileError


class ReferenceFileForm(forms.Form):
    file = forms.FileField(
        label="Fichier CSV",
        max_length=200,
        help_text="Il est d’abord vérifié : rien ne change avant votre confirmation.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Ce fichier est vide.",
            "max_length": "Le nom de ce fichier est trop long : 200 caractères au plus.",
        },
    )

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
            raise forms.ValidationError(f"Ce fichier est trop gros : {limit} au plus.")
        return file

    # Why the file was refused: the page lists the wrong lines below the form.
    refusal: ReferenceFileError | None = None

    def refuse(self, error: ReferenceFileError) -> None:
        self.refusal = error
        many = f"{error.count} erreurs" if error.count > 1 else "une erreur"
        self.add_error("file", f"Ce fichier est refusé : {many}. Rien n’a changé.")

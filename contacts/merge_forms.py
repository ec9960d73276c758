"""Which of two rows is right, field by field."""

from typing import Any

from django import forms

from contacts.merging import LABELS, said
from contacts.models import Contact
from core.fields import LineField

REASON_LENGTH = 300


class MergeForm(forms.Form):
    """One question per field on which two rows differ, and why they are one person."""

    reason = LineField(
        label="Pourquoi est-ce la même personne ?",
        help_text="Par exemple : « Elle me l’a dit au téléphone ».",
        max_length=REASON_LENGTH,
        error_messages={
            "required": "Dites en quelques mots comment vous le savez.",
            "max_length": f"{REASON_LENGTH} caractères au plus.",
        },
    )

    def __init__(self, *args: Any, survivor: Contact, other: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields.pop("reason")
        for name, label in LABELS.items():
            known, others = said(survivor, name), said(other, name)
            if known and others and known != others:
                self.fields[name] = forms.ChoiceField(
                    label=label,
                    choices=[("survivor", known), ("other", others)],
                    initial="survivor",
                    widget=forms.RadioSelect,
                    error_messages={"required": "Choisissez l’un des deux."},
                )
        self.fields["reason"] = reason

    def choices(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in LABELS if name in self.cleaned_data}

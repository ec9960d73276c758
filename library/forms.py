"""The filter of the sheets and their editor; documents have `library.document_forms`."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.fields import LineField
from library.fields import (
    AgreementCodesField,
    BlocksField,
    LinesField,
    SourcesField,
)
from library.models import RightsSheetVersion
from library.sheets import AUDIENCES, Content, InvalidContent, clean_content
from territory.models import Trade

MOST_SECTIONS = 12
BLANK_SECTIONS = 2
# Further back than any check that still counts: a slip of the keyboard.
OLDEST_CHECK = dt.timedelta(days=3653)


class TradeField(forms.ModelChoiceField):
    """The trades in the language of the page; one that staff added stays in French."""

    def label_from_instance(self, trade: Trade) -> str:
        return gettext(trade.label)


class TradeFilter(forms.Form):
    metier = TradeField(
        Trade.objects.in_use(), label=_("Votre métier"), required=False,
        empty_label=_("Tous les métiers"),
        error_messages={"invalid_choice": _("Ce métier n’est pas dans la liste.")},
    )  # fmt: skip


class SectionForm(forms.Form):
    heading = LineField(label="Titre de la partie", max_length=150)
    blocks = BlocksField(label="Texte", rows=8)


class BaseSections(BaseFormSet):
    default_error_messages = {
        "missing_management_form": "La page est arrivée incomplète. Rechargez-la et recommencez.",
        "too_many_forms": f"{MOST_SECTIONS} parties au plus.",
    }

    def clean(self) -> None:
        if not any(form.has_changed() and form not in self.deleted_forms for form in self.forms):
            raise ValidationError("Écrivez au moins une partie.")


SectionFormSet = formset_factory(
    SectionForm, BaseSections, extra=BLANK_SECTIONS, max_num=MOST_SECTIONS, validate_max=True,
    absolute_max=MOST_SECTIONS + BLANK_SECTIONS, can_order=True, can_delete=True,
)  # fmt: skip


class SheetForm(forms.Form):
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    title = LineField(label="Titre", max_length=150)
    lead = LineField(
        label="Chapeau", max_length=500, help_text="Une ou deux phrases. On vouvoie.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    in_brief = LinesField(
        label="En bref", rows=5, help_text="Trois à cinq phrases très courtes, une par ligne."
    )
    what_to_do = LinesField(
        label="Que faire ?", rows=6, help_text="Des gestes concrets, un par ligne."
    )
    sources = SourcesField(
        label="Sources", rows=6,
        help_text="Une par ligne : intitulé | https://adresse | loi <em>ou</em> page officielle.",
    )  # fmt: skip
    verified_on = forms.DateField(
        label="Vérifiée le", help_text="Le jour où vous avez relu toutes les sources.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )  # fmt: skip
    audience = forms.ChoiceField(
        label="Pour qui ?", choices=list(AUDIENCES.items()), widget=forms.RadioSelect
    )
    trades = forms.ModelMultipleChoiceField(
        Trade.objects.in_use(), label="Métiers", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    idcc = AgreementCodesField(
        label="Conventions collectives", required=False, max_length=300,
        help_text="Leur numéro (IDCC), séparés par des virgules.",
    )  # fmt: skip

    def clean_verified_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["verified_on"]
        if day > timezone.localdate():
            raise ValidationError("Cette date est dans le futur.")
        if day < timezone.localdate() - OLDEST_CHECK:
            raise ValidationError("Cette date remonte à plus de dix ans : vérifiez l’année.")
        return day


class SheetEditor:
    """The form of a sheet and its sections, checked together."""

    def __init__(
        self, version: RightsSheetVersion | None, *, revision: int, data: QueryDict | None = None
    ) -> None:
        initial = _initial(version) | {"revision": revision}
        self.form = SheetForm(data, initial=initial)
        self.sections = SectionFormSet(data, initial=initial["sections"], prefix="sections")
        self.content: Content = {}

    def is_valid(self) -> bool:
        """Whether all can be saved; the errors stand beside their fields."""
        if not all([self.form.is_valid(), self.sections.is_valid()]):
            return False
        try:
            self.content = clean_content(self._typed())
        except InvalidContent as error:
            for place, messages in error.errors.items():
                self._show_errors(place, messages)
            return False
        return True

    @property
    def error_count(self) -> int:
        """Of the form and of its sections."""
        return len(self.form.errors) + self.sections.total_error_count()

    @property
    def verified_on(self) -> dt.date:
        day: dt.date = self.form.cleaned_data["verified_on"]
        return day

    @property
    def revision(self) -> int:
        return int(self.form.cleaned_data["revision"])

    def _typed(self) -> Content:
        keys = ("heading", "blocks")
        typed = dict(self.form.cleaned_data)
        return typed | {
            "trades": [trade.pk for trade in typed["trades"]],
            "sections": [
                {key: form.cleaned_data[key] for key in keys}
                for form in self.sections.ordered_forms
            ],
        }

    def _show_errors(self, place: str, messages: list[str]) -> None:
        sentences = [f"{text[:1].upper()}{text[1:]}." for text in messages]
        if place in self.form.fields:
            self.form.add_error(place, sentences)
            return
        _, number, field = (*place.split("."), "", "")[:3]
        if field:
            self.sections.ordered_forms[int(number)].add_error(field, sentences)
        else:
            self.form.add_error(None, [f"Parties : {text}" for text in messages])


def _initial(version: RightsSheetVersion | None) -> dict[str, Any]:
    if version is None:
        return {"audience": "general", "sections": []}
    return {**version.content, "verified_on": version.verified_on}


class PublishForm(forms.Form):
    """The state of the draft that the publisher read."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

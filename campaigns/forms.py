"""The edition's form: dates, goals, free number, eligibility, and its key dates as lines."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField

from campaigns.actions import MilestoneDraft
from campaigns.models import Campaign
from core.fields import LineField

DATE_ORDER = (
    ("employed_in_month", "vote_opens", "Le vote ouvre avant le mois de présence exigé."),
    ("collection_opens", "vote_opens", "Le vote ouvre avant le début de la collecte."),
    ("vote_opens", "vote_closes", "Le vote se termine avant de s’ouvrir."),
    ("vote_closes", "results_on", "Les résultats paraissent avant la fin du vote."),
    ("helpline_opens", "helpline_closes", "Le numéro vert ferme avant d’ouvrir."),
    ("helpline_from", "helpline_to", "L’heure de fin précède l’heure de début."),
)
DAY_FIELDS = (
    "collection_opens", "vote_opens", "vote_closes", "results_on", "helpline_opens",
    "helpline_closes", "employed_in_month",
)  # fmt: skip
GROUPS = (
    (
        "Le vote",
        ("name", "collection_opens", "vote_opens", "vote_closes", "vote_closes_at", "results_on"),
    ),
    (
        "Nos objectifs",
        ("goal_contacts", "goal_deployments", "goal_helpline_volunteers", "goals_per_militant"),
    ),
    (
        "Notre numéro vert",
        (
            "helpline_phone", "helpline_display", "helpline_opens", "helpline_closes",
            "helpline_from", "helpline_to", "helpline_weekdays",
        ),
    ),
    ("Le ministère", ("ministry_site", "ministry_phone", "ministry_hours")),
    (
        "Qui peut voter",
        ("employed_in_month", "max_headcount_exclusive", "min_age_on_first_day"),
    ),
)  # fmt: skip
HOUR_FIELDS = ("vote_closes_at", "helpline_from", "helpline_to")
WEEKDAYS = [
    (1, "lundi"), (2, "mardi"), (3, "mercredi"), (4, "jeudi"), (5, "vendredi"), (6, "samedi"),
    (7, "dimanche"),
]  # fmt: skip


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)


class CampaignForm(forms.ModelForm):
    goals_per_militant = SimpleArrayField(
        forms.IntegerField(min_value=1),
        label="Objectifs par militant·e",
        help_text="Du plus petit au plus grand, séparés par des virgules : 5, 10, 15.",
        min_length=1,
        max_length=5,
    )
    helpline_weekdays = forms.TypedMultipleChoiceField(
        label="Jours d’ouverture du numéro vert",
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    ministry_site = forms.URLField(label="Site du ministère", required=False, assume_scheme="https")

    class Meta:
        model = Campaign
        fields = [name for _, names in GROUPS for name in names]
        field_classes = dict.fromkeys(("name", "helpline_display", "ministry_hours"), LineField)
        widgets = dict.fromkeys(DAY_FIELDS, DateInput) | dict.fromkeys(HOUR_FIELDS, TimeInput)

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings, in the order of the page."""
        return [(title, [self[name] for name in names]) for title, names in GROUPS]

    def clean_employed_in_month(self) -> date:
        """Any day of the month will do; its first is stored."""
        day: date = self.cleaned_data["employed_in_month"]
        return day.replace(day=1)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for first, last, message in DATE_ORDER:
            begins, ends = cleaned.get(first), cleaned.get(last)
            if begins and ends and ends < begins:
                self.add_error(last, message)
        return cleaned

    def _post_clean(self) -> None:
        """The action sets and checks the campaign: the form leaves the instance alone."""


class MilestoneForm(forms.Form):
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    label = LineField(
        label="Intitulé", max_length=200, error_messages={"required": "Donnez un intitulé."}
    )
    starts_on = forms.DateField(
        label="Du", widget=DateInput, error_messages={"required": "Donnez une date de début."}
    )
    ends_on = forms.DateField(
        label="Au", widget=DateInput, required=False, help_text="Vide : le même jour."
    )
    is_approximate = forms.BooleanField(label="Dates approximatives", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", "La fin précède le début.")
        return cleaned

    def draft(self) -> MilestoneDraft:
        data = self.cleaned_data
        return MilestoneDraft(
            label=data["label"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"] or data["starts_on"],
            is_approximate=data["is_approximate"],
            pk=data["pk"],
        )


MilestoneFormSet = forms.formset_factory(
    MilestoneForm, extra=1, can_delete=True, max_num=40, validate_max=True
)


def milestone_formset(campaign: Campaign, data: Any = None) -> Any:
    """The key dates of an edition as lines, with an empty one to add another."""
    names = ("pk", "label", "starts_on", "ends_on", "is_approximate")
    initial = list(campaign.milestones.values(*names))
    return MilestoneFormSet(data, initial=initial, prefix="dates")


def drafts(formset: Any) -> list[MilestoneDraft]:
    """The lines to keep, once the formset is valid."""
    return [
        form.draft()
        for form in formset
        if form.cleaned_data and not form.cleaned_data.get("DELETE")
    ]

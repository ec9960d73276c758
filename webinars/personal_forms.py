"""Forms of one's own page of a session, and of who lost the way to it."""

from typing import Any

from django import forms

from contacts.names import is_name
from core.fields import LineField
from core.text import fold
from webinars.local_hours import ZONES
from webinars.models import Feedback, Registration
from webinars.registration_forms import NO_NAME, NOT_A_NAME, WRONG_EMAIL, robot_trap

NO_QUESTION = "Écrivez votre question."


class DetailsForm(forms.Form):
    name = LineField(
        label="Prénom et nom",
        max_length=120,
        error_messages={"required": NO_NAME},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    time_zone = forms.ChoiceField(
        label="Où êtes-vous ?",
        help_text="Cette page et vos messages disent l’heure de là-bas, avec celle de Paris.",
    )

    @classmethod
    def of(cls, registration: Registration, data: Any = None) -> "DetailsForm":
        zone = registration.time_zone
        form = cls(data, initial={"name": registration.name, "time_zone": zone})
        known = dict(ZONES)
        # A zone that a browser named, and that is not in the list, stays a choice.
        choices = ZONES if zone in known else [*ZONES, (zone, "Ailleurs (inchangé)")]
        form.fields["time_zone"].choices = choices  # type: ignore[attr-defined]
        return form

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if not fold(name):
            raise forms.ValidationError(NO_NAME)
        if not is_name(name, longest=120):
            raise forms.ValidationError(NOT_A_NAME)
        return name


class QuestionForm(forms.Form):
    text = forms.CharField(
        label="Votre question",
        max_length=600,
        help_text="Personne d’autre ne voit votre nom. L’équipe relit avant de publier.",
        error_messages={
            "required": NO_QUESTION,
            "max_length": "Plus court, s’il vous plaît : 600 signes au plus.",
        },
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if not fold(text):
            raise forms.ValidationError(NO_QUESTION)
        return text


class SupportForm(forms.Form):
    """The button that was pressed beside a question names it."""

    support = forms.IntegerField(required=False)
    withdraw = forms.IntegerField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("support") or cleaned.get("withdraw")):
            raise forms.ValidationError("Aucune question n’est choisie.")
        return cleaned

    @property
    def number(self) -> int:
        return int(self.cleaned_data["support"] or self.cleaned_data["withdraw"])


class FeedbackForm(forms.Form):
    """Three questions; only the first must be answered."""

    usefulness = forms.TypedChoiceField(
        label="Cette séance vous aide-t-elle à agir ?",
        choices=[
            (5, "Beaucoup"), (4, "Plutôt oui"), (3, "Moyennement"), (2, "Peu"), (1, "Pas du tout"),
        ],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse."},
    )  # fmt: skip
    next_step = forms.CharField(
        label="Qu’allez-vous en faire, concrètement ?",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    wish = forms.CharField(
        label="Qu’aimeriez-vous la prochaine fois ?",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @classmethod
    def of(cls, feedback: Feedback | None, data: Any = None) -> "FeedbackForm":
        names = ("usefulness", "next_step", "wish")
        known = {name: getattr(feedback, name) for name in names} if feedback else {}
        return cls(data, initial=known)


class LinkForm(forms.Form):
    """An address, to get one's personal links again."""

    email = forms.EmailField(
        label="Adresse e-mail",
        max_length=254,
        help_text="Celle avec laquelle vous vous êtes inscrit·e.",
        error_messages={"required": "Écrivez votre adresse e-mail.", "invalid": WRONG_EMAIL},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = robot_trap()

    @property
    def is_robot(self) -> bool:
        return bool(self.data.get("website"))

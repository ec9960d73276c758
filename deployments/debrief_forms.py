"""Forms of the report. They only validate: each ends in one call of a verb of `debriefing`."""

from typing import Any

from django import forms
from django.http import QueryDict

from contacts.forms import RegistrationForm
from core.fields import LineField
from deployments.enums import RemarkKind
from deployments.models import Debrief

FIGURES = ("people_met", "leaflets", "members_joined", "participants")
TEXTS = ("press_release", "internal_news", "announcement")
# Beyond it, a figure is a slip of the finger.
MOST = {
    "people_met": 20_000, "leaflets": 200_000, "members_joined": 2_000, "participants": 2_000,
}  # fmt: skip


class RevisionForm(forms.Form):
    """A form about a report that somebody else may change meanwhile."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def show_newer(self, debrief: Debrief) -> None:
        """Say that somebody else changed `debrief` meanwhile; sending again replaces that."""
        sent = self.data.dict() if isinstance(self.data, QueryDict) else dict(self.data)
        self.data = sent | {self.add_prefix("revision"): str(debrief.revision)}
        self.add_error(
            None,
            "Quelqu’un d’autre vient de modifier ce bilan : voyez ce qui est écrit maintenant "
            "plus bas. Enregistrer de nouveau le remplace par ce que vous avez écrit.",
        )

    def changes(self) -> dict[str, Any]:
        """Keyword arguments of `save_debrief`, the revision included."""
        return dict(self.cleaned_data)


def _number(label: str, name: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=MOST[name],
        error_messages={"max_value": "%(limit_value)s au plus : vérifiez ce nombre."},
    )  # fmt: skip


class DebriefForm(RevisionForm):
    people_met = _number("Personnes rencontrées", "people_met")
    leaflets = _number("Tracts distribués", "leaflets")
    members_joined = _number("Adhésions", "members_joined")
    participants = _number("Militant·es présent·es", "participants")
    summary = forms.CharField(
        label="En quelques phrases",
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Par rapport à l’objectif : ce qui a marché, ce qu’on changera.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        met, joined = cleaned.get("people_met"), cleaned.get("members_joined")
        if met is not None and joined is not None and joined > met:
            self.add_error("members_joined", "Plus d’adhésions que de personnes rencontrées ?")
        return cleaned

    @classmethod
    def for_debrief(
        cls, debrief: Debrief, known: dict[str, int | None], data: Any = None
    ) -> "DebriefForm":
        """The report as it is; what nobody wrote yet is taken from what was counted."""
        initial: dict[str, Any] = {"revision": debrief.revision, "summary": debrief.summary}
        for name in FIGURES:
            written = getattr(debrief, name)
            initial[name] = known.get(name) if written is None else written
        return cls(data, initial=initial)


class TextsForm(RevisionForm):
    """Texts to share; one left as it was proposed goes on following the facts."""

    internal_news = forms.CharField(
        label="Nouvelle pour les adhérent·es", max_length=5000, required=False,
        widget=forms.Textarea(attrs={"rows": 9}),
    )  # fmt: skip
    press_release = forms.CharField(
        label="Communiqué de presse", max_length=5000, required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )  # fmt: skip
    announcement = forms.CharField(
        label="Annonce de l’événement", max_length=5000, required=False,
        widget=forms.Textarea(attrs={"rows": 9}),
    )  # fmt: skip

    def rewritten(self, proposed: dict[str, str]) -> dict[str, Any]:
        """Keyword arguments of `save_debrief`: only what people wrote themselves is kept."""
        changes = self.changes()
        for name in TEXTS:
            typed = changes[name].replace("\r\n", "\n")
            changes[name] = "" if typed.strip() == proposed[name].strip() else typed
        return changes


class RemarkForm(forms.Form):
    kind = forms.ChoiceField(
        label="Top ou flop ?",
        choices=RemarkKind,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez top ou flop."},
    )
    text = LineField(
        label="En une phrase",
        max_length=200,
        help_text="Un flop sera rappelé à la prochaine action au même endroit. Ne nommez personne.",
        error_messages={"required": "Écrivez une phrase."},
    )


class OpinionForm(forms.Form):
    """What somebody of the team says by the link. `website` is a trap for robots."""

    first_name = LineField(label="Votre prénom", max_length=80, required=False)
    top = LineField(label="Un top : ce qui a marché", max_length=200, required=False)
    flop = LineField(label="Un flop : ce qui n’a pas marché", max_length=200, required=False)
    website = RegistrationForm.base_fields["website"]

    @property
    def is_robot(self) -> bool:
        return bool(self.data.get("website"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("top") or cleaned.get("flop")):
            raise forms.ValidationError("Écrivez un top ou un flop, même court.")
        return cleaned

    def texts(self) -> dict[RemarkKind, str]:
        return {kind: text for kind in RemarkKind if (text := self.cleaned_data[kind.value])}

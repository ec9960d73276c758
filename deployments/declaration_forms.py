"""Forms about declarations. They only validate: each ends in one call of a verb."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from core.dates import day
from core.fields import LineField
from deployments.deadlines import LONGEST
from deployments.declaration_rules import rule_exists
from deployments.declaring import PROVED, STEPS, facts_of
from deployments.enums import Authority, DeclarationState
from deployments.fields import seen_anew
from deployments.models import DeclarationRule, Deployment, PublicSpaceDeclaration
from library.fields import CheckedFileField
from library.uploads import JPEG, PDF, PNG
from territory.fields import CommuneField
from territory.models import Departement

# No paper of an authority is heavier, however badly it was scanned.
LARGEST_RECEIPT = 10 * 1024 * 1024
# An answer older than that is a slip of the keyboard.
OLDEST = timedelta(days=400)

STEP_LABELS = {
    DeclarationState.TO_SEND: "À envoyer (je me suis trompé·e, ou elle est à refaire)",
    DeclarationState.SENT: "Envoyée",
    DeclarationState.GRANTED: "Acceptée, ou récépissé reçu",
    DeclarationState.REFUSED: "Refusée",
    DeclarationState.NOT_NEEDED: "Sans objet ici",
}
DATED = (DeclarationState.SENT, DeclarationState.GRANTED, DeclarationState.REFUSED)
GRANT_LABELS = {
    Authority.TOWN_HALL: "C’est l’autorisation : noter la déclaration « acceptée »",
    Authority.PREFECTURE: "C’est le récépissé : noter la déclaration « acceptée »",
}


def _date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _wrong_day(on: date | None, *, today: date, sent_on: date | None) -> str:
    """What is wrong with the day of a step, or of an answer to what was `sent_on`."""
    if on is None:
        return "De quel jour ?"
    if on > today:
        return "Ce jour n’est pas encore venu."
    if on < today - OLDEST:
        return "Ce jour est trop ancien : vérifiez l’année."
    return "La réponse ne vient pas avant l’envoi." if sent_on and on < sent_on else ""


class StepForm(forms.Form):
    """How far a declaration has got, and since when."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    # The place and hours on screen: nobody notes as sent what the authority never read.
    facts = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    state = forms.ChoiceField(
        label="Où en est-elle ?", widget=forms.RadioSelect,
        error_messages={"required": "Choisissez où elle en est."},
    )  # fmt: skip
    on = forms.DateField(
        label="Le",
        required=False,
        widget=_date_input(),
        help_text="Jour de l’envoi ou de la réponse.",
    )

    def __init__(
        self, data: Any = None, *, declaration: PublicSpaceDeclaration, today: date
    ) -> None:
        shown = {"revision": declaration.revision, "facts": facts_of(declaration.deployment)}
        super().__init__(data, initial=shown | {"on": today})
        self.declaration, self.today = declaration, today
        steps = [(step.value, STEP_LABELS[step]) for step in STEPS[declaration.state]]
        self.fields["state"].choices = steps  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        state = cleaned.get("state")
        if state not in DATED or "on" not in cleaned:
            return cleaned | {"on": None}
        sent_on = self.declaration.sent_on if state != DeclarationState.SENT else None
        if wrong := _wrong_day(cleaned["on"], today=self.today, sent_on=sent_on):
            self.add_error("on", wrong)
        return cleaned

    def is_about_an_older_state(self) -> bool:
        is_older = self.data.get("revision") != str(self.declaration.revision)
        return is_older or self.is_about_another_action(self.declaration.deployment)

    def is_about_another_action(self, deployment: Deployment) -> bool:
        """Whether the place or the hours on screen were not those of today."""
        return bool(self.data.get("facts") != facts_of(deployment))

    def wish(self) -> str:
        """What somebody wanted to note, in words, for who noted something else meanwhile."""
        step = STEP_LABELS.get(self.data.get("state", ""), "")
        try:
            on = self.fields["on"].clean(self.data.get("on"))
        except ValidationError:
            on = None
        return f"{step}, le {day(on)}" if step and on else step

    def settled(self) -> dict[str, Any]:
        """The arguments of `settle_declaration`."""
        data = self.cleaned_data
        return data | {"state": DeclarationState(data["state"])}


class LetterForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    letter = forms.CharField(
        label="Texte de la lettre", max_length=5000, widget=forms.Textarea(attrs={"rows": 22}),
        required=False, help_text="Videz ce champ pour reprendre le texte proposé.",
    )  # fmt: skip

    def clean_letter(self) -> str:
        return str(self.cleaned_data["letter"]).replace("\r\n", "\n")


class ReceiptForm(forms.Form):
    """What the authority sent back, which proves at once that it was told."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    # The place and hours on screen, as for a step.
    facts = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    file = CheckedFileField(
        label="Récépissé ou autorisation",
        accepted=(PDF, JPEG, PNG),
        largest=lambda: min(LARGEST_RECEIPT, settings.UPLOAD_MAX_BYTES),
        help_text="PDF, photo JPEG ou PNG, 10 Mo au plus.",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={"required": "Choisissez un fichier."},
    )
    is_granted = forms.BooleanField(required=False)
    on = forms.DateField(label="Reçue le", required=False, widget=_date_input())

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        declaration: PublicSpaceDeclaration,
        today: date,
    ) -> None:
        shown = {"revision": declaration.revision, "facts": facts_of(declaration.deployment)}
        # A file may be the refusal as well: then nobody is led to say the contrary.
        is_granted = declaration.state != DeclarationState.REFUSED
        super().__init__(data, files, initial=shown | {"is_granted": is_granted, "on": today})
        self.declaration, self.today = declaration, today
        if declaration.state in PROVED:
            self.fields["is_granted"].label = GRANT_LABELS[Authority(declaration.authority)]
        else:
            del self.fields["is_granted"], self.fields["on"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("is_granted"):
            return cleaned | {"is_granted": False, "on": None}
        wrong = _wrong_day(cleaned.get("on"), today=self.today, sent_on=self.declaration.sent_on)
        if wrong and "on" not in self.errors:
            self.add_error("on", wrong)
        return cleaned


class RuleForm(forms.ModelForm):
    """Where a rule holds, how long before, and how one knows."""

    # As it was on screen; a new rule has none.
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    departement = forms.ModelChoiceField(
        label="Département", queryset=Departement.objects.none(), required=False
    )
    commune = CommuneField(
        label="ou commune", required=False, help_text="Pour une règle propre à cette mairie."
    )
    authority = forms.ChoiceField(label="Autorité", choices=Authority, widget=forms.RadioSelect)
    days_before = forms.IntegerField(
        label="Dernier délai", min_value=0, max_value=LONGEST, help_text="Jours avant l’action."
    )
    advised_days_before = forms.IntegerField(
        label="Délai conseillé", min_value=0, max_value=LONGEST,
        help_text="Pour avoir la réponse à temps.",
    )  # fmt: skip
    source = LineField(
        label="D’où vient cette règle ?", max_length=300,
        help_text="Un texte, une page, une personne du service : « appel à la voirie, Mme R. ».",
    )  # fmt: skip
    verified_on = forms.DateField(label="Vérifiée le", widget=_date_input())

    class Meta:
        model = DeclarationRule
        fields = (
            "departement", "commune", "authority", "is_needed", "days_before",
            "advised_days_before", "counts_working_days", "address", "email", "source",
            "verified_on",
        )  # fmt: skip
        labels = {
            "is_needed": "Une démarche est nécessaire",
            "counts_working_days": "Compter en jours ouvrés (du lundi au vendredi, hors fériés)",
            "address": "Adresse du service, telle qu’en tête de la lettre",
        }
        widgets = {"address": forms.Textarea(attrs={"rows": 3})}

    def __init__(
        self,
        *args: Any,
        departements: QuerySet[Departement],
        may_rule_everywhere: bool,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["departement"].queryset = departements  # type: ignore[attr-defined]
        self.fields["departement"].empty_label = (  # type: ignore[attr-defined]
            "Partout, faute de règle plus précise" if may_rule_everywhere else "Choisissez"
        )
        self.initial["revision"] = self.instance.revision
        if self.instance.commune:
            self.initial["commune"] = self.instance.commune
        self.allowed = {departement.pk for departement in departements}
        self.may_rule_everywhere, self.today = may_rule_everywhere, today

    def show_newer(self, rule: DeclarationRule) -> None:
        """Keep what was typed; sending it again replaces the state of `rule`."""
        self.data = seen_anew(self.data, rule.revision)

    def clean_verified_on(self) -> date:
        verified_on: date = self.cleaned_data["verified_on"]
        if verified_on > self.today:
            raise ValidationError("Ce jour n’est pas encore venu.")
        return verified_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        commune, departement = cleaned.get("commune"), cleaned.get("departement")
        if commune:
            if commune.departement_id not in self.allowed:
                self.add_error("commune", "Cette commune n’est pas de votre département.")
            elif departement and commune.departement_id != departement.pk:
                self.add_error("commune", "Cette commune est d’un autre département.")
            cleaned["departement"] = departement = None
        elif not departement and not self.may_rule_everywhere and "commune" not in self.errors:
            self.add_error("departement", "Choisissez un département ou une commune.")
        days, advised = cleaned.get("days_before"), cleaned.get("advised_days_before")
        if days is not None and advised is not None and advised < days:
            self.add_error("advised_days_before", "Au moins le dernier délai.")
        authority = cleaned.get("authority")
        if (
            authority
            and not self.errors
            and rule_exists(authority, departement, commune, self.instance.pk)
        ):
            self.add_error("authority", "Une règle existe déjà pour ce lieu et cette autorité.")
        return cleaned

"""Forms of the calendar: what one wants to see, and moving an action."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from deployments import agenda_rules
from deployments.agenda_rules import Choice
from deployments.enums import Public
from deployments.fields import local_instant
from deployments.models import Deployment
from deployments.past import ask_about_past_start
from organisations.models import User

ANY_ROLE = "tous"
NO_FILTERS = ("vue", "periode", "le")


class LightSelect(forms.Select):
    """A long list of choices, written at once: a template per choice costs more than the page."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        chosen = "" if value is None else str(value)
        attributes = format_html_join(
            "", ' {}="{}"', self.build_attrs(self.attrs, attrs or {}).items()
        )
        parts: list[str] = []
        for option, label in self.choices:
            if isinstance(label, list | tuple):
                inner = "".join(self._option(one, text, chosen) for one, text in label)
                parts.append(f'<optgroup label="{conditional_escape(option)}">{inner}</optgroup>')
            else:
                parts.append(self._option(option, label, chosen))
        options = mark_safe("".join(parts))  # noqa: S308 - each part is escaped
        return format_html('<select name="{}"{}>{}</select>', name, attributes, options)

    @staticmethod
    def _option(value: Any, label: Any, chosen: str) -> str:
        selected = " selected" if str(value) == chosen else ""
        safe_value, safe_label = conditional_escape(value), conditional_escape(label)
        return f'<option value="{safe_value}"{selected}>{safe_label}</option>'


def _choice(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, widget=LightSelect)


class AgendaFilterForm(forms.Form):
    """What is wrong filters nothing; the address holds the rest."""

    vue = forms.CharField(required=False, widget=forms.HiddenInput)
    # The map alone shows more than a month.
    periode = forms.CharField(required=False, widget=forms.HiddenInput)
    le = forms.DateField(
        label="Aller au",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    territoire = _choice("Territoire")
    federation = _choice("Fédération")
    type = _choice("Type d’action")
    public = _choice("Public")
    avec = forms.CharField(label="En présence de", required=False, max_length=80)
    role = _choice("Il manque")
    danger = forms.BooleanField(label="Déclaration en danger", required=False)
    annules = forms.BooleanField(label="Actions annulées aussi", required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types, roles = agenda_rules.types_and_roles()
        choices: dict[str, list[Any]] = {
            "territoire": [("", "Partout"), *agenda_rules.territories(user)],
            "federation": [("", "Toutes"), *agenda_rules.federations()],
            "type": [("", "Tous"), *types],
            "public": [("", "Tous"), *Public.choices],
            "role": [("", "Peu importe"), (ANY_ROLE, "Quelqu’un, peu importe le rôle"), *roles],
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]

    def choice(self) -> Choice:
        self.is_valid()
        data = self.cleaned_data
        place, role = data.get("territoire", ""), data.get("role", "")
        federation = data.get("federation", "")
        return Choice(
            region=place[1:] if place[:1] == "r" else "",
            departement=place[1:] if place[:1] == "d" else "",
            organisation=int(place[1:]) if place[:1] == "o" else None,
            federation=int(federation) if federation else None,
            type=data.get("type", ""),
            public=data.get("public", ""),
            guest=data.get("avec", "").strip(),
            role="" if role == ANY_ROLE else role,
            lacks_somebody=role == ANY_ROLE,
            is_in_danger=data.get("danger", False),
            with_cancelled=data.get("annules", False),
        )

    def day(self, today: date) -> date:
        """The day around which the page is; far from today it would only be a mistake."""
        self.is_valid()
        day = self.cleaned_data.get("le") or today
        return day if abs(day.year - today.year) <= 20 else today

    @property
    def count(self) -> int:
        """How many filters are on."""
        self.is_valid()
        return sum(
            bool(value) for name, value in self.cleaned_data.items() if name not in NO_FILTERS
        )


class MoveForm(forms.Form):
    """Another day or hour for the whole action; its other days follow."""

    day = forms.DateField(
        label="Nouveau jour",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Quel jour ?", "invalid": "Cette date n’existe pas."},
    )
    starts = forms.TimeField(
        label="À partir de",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Laissez vide pour garder l’heure.",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
    retour = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None, *, deployment: Deployment, back: str = "", **kwargs: Any
    ) -> None:
        self.deployment, self.zone = deployment, deployment.zone
        start = deployment.starts_at
        self.local_start = start.astimezone(self.zone) if start else None
        initial = {"revision": deployment.revision, "retour": back}
        if self.local_start:
            initial |= {"day": self.local_start.date(), "starts": self.local_start.time()}
        super().__init__(data, initial=initial, **kwargs)

    def starts_at(self) -> datetime:
        """The new first instant, in the zone of the action."""
        hour = self.cleaned_data["starts"]
        if hour is None and self.local_start:
            hour = self.local_start.time()
        return local_instant(self.cleaned_data["day"], hour, self.zone)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not 2000 < day.year < 2100:
            raise forms.ValidationError("Vérifiez l’année.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "day" in cleaned and "starts" in cleaned:
            ask_about_past_start(self, self.deployment, self.starts_at())
        return cleaned

    def show_newer(self, deployment: Deployment) -> None:
        """Keep what was typed beside what somebody else decided; sending again replaces that."""
        sent = self.data.dict() if isinstance(self.data, QueryDict) else dict(self.data)
        self.data = sent | {"revision": str(deployment.revision)}

"""Forms of the board, of a call, of appointments and of the confederation's rules."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.html import format_html

from calls.effects import CallReport, MeetingDraft
from calls.enums import Effect, Reason
from calls.hours import next_opening
from calls.models import Escalation, FollowUp, Meeting, Outcome
from calls.scripts import unknown_words
from calls.wording import WORDS
from campaigns import clock
from contacts.enums import Joining, Support, WillVote
from organisations.models import Organisation, User
from territory.models import Departement, Trade

FURTHEST = timedelta(days=120)
NOT_WRITTEN = "Ni e-mail ni SMS possible : redites bien le jour, l’heure et le lieu."
LOCAL = "%Y-%m-%dT%H:%M"


class BoardForm(forms.Form):
    """Filters of « Qui doit un appel ? »; `organisation` is offered to whoever sees several."""

    organisation = forms.ModelChoiceField(
        label="Organisation", queryset=Organisation.objects.none(), required=False,
        empty_label="Toutes",
    )  # fmt: skip
    reason = forms.ChoiceField(
        label="Raison", choices=[("", "Toutes"), *Reason.choices], required=False
    )
    trade = forms.ModelChoiceField(
        label="Métier", queryset=Trade.objects.all(), required=False, empty_label="Tous"
    )
    who = forms.ChoiceField(
        label="Confié à",
        choices=[
            ("", "Peu importe"), ("me", "Moi"), ("nobody", "Personne"), ("somebody", "Quelqu’un"),
        ],
        required=False,
    )  # fmt: skip
    late = forms.BooleanField(label="En retard", required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        seen = FollowUp.objects.visible_to(user).open().order_by().values("organisation")
        field.queryset = Organisation.objects.filter(pk__in=seen).order_by("kind", "name", "pk")
        if not user.lists_people or field.queryset.count() < 2:
            del self.fields["organisation"]

    @property
    def is_filtering(self) -> bool:
        return any(self.cleaned_data.values())


class LocalMoment(forms.DateTimeField):
    """A day and an hour as lived where the person works."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=[LOCAL, "%Y-%m-%dT%H:%M:%S"], **kwargs)


def in_zone(moment: datetime, departement: Departement) -> datetime:
    """What was typed, read as an hour of the département."""
    naive = timezone.make_naive(moment)
    return naive.replace(tzinfo=ZoneInfo(departement.time_zone))


class MomentMixin(forms.Form):
    departement: Departement

    def read_moment(self, name: str) -> datetime | None:
        """The instant typed in `name`, to come and not too far; says what is wrong beside it."""
        moment: datetime | None = self.cleaned_data.get(name)
        if moment is None:
            if name not in self.errors:
                self.add_error(name, "Donnez un jour et une heure.")
            return None
        moment = in_zone(moment, self.departement)
        now = clock.now()
        if moment <= now:
            self.add_error(name, "Ce moment est déjà passé.")
        elif moment > now + FURTHEST:
            self.add_error(name, "C’est trop loin : choisissez une date dans les quatre mois.")
        else:
            return moment
        return None


class MeetingForm(MomentMixin):
    """Another time or place for an appointment."""

    starts_at = LocalMoment(
        label="Jour et heure", error_messages={"invalid": "Cette date est incomplète."}
    )
    minutes = forms.TypedChoiceField(
        label="Durée",
        choices=[(15, "15 minutes"), (30, "30 minutes"), (45, "45 minutes"), (60, "1 heure")],
        coerce=int,
        initial=30,
    )
    place = forms.CharField(
        label="Lieu",
        max_length=200,
        help_text="Une adresse, un café, ou « par téléphone ».",
        error_messages={"required": "Dites où vous vous retrouvez."},
    )

    def __init__(self, *args: Any, departement: Departement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.departement = departement

    @classmethod
    def for_meeting(
        cls, meeting: Meeting, departement: Departement, data: Any = None
    ) -> "MeetingForm":
        local = meeting.starts_at.astimezone(ZoneInfo(departement.time_zone))
        initial = {
            "starts_at": local.strftime(LOCAL), "minutes": meeting.minutes, "place": meeting.place,
        }  # fmt: skip
        return cls(data, departement=departement, initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if moment := self.read_moment("starts_at"):
            cleaned["starts_at"] = moment
        return cleaned

    def draft(self) -> MeetingDraft:
        data = self.cleaned_data
        return MeetingDraft(data["starts_at"], data["minutes"], data["place"])


class OutcomeRadio(forms.RadioSelect):
    """Each choice bears its key and its effect: shortcuts, and the fields that go with it."""

    outcomes: dict[str, Outcome]
    # Whether an appointment can be written to the person.
    can_write = True

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        outcome = self.outcomes[str(value)]
        option["attrs"] |= {"data-effect": outcome.effect, "data-shortcut": outcome.shortcut}
        option["label"] = format_html(
            '<span>{}</span> <span class="choice__help">{}</span>',
            outcome.label,
            outcome.help_text
            if self.can_write or outcome.effect != Effect.MEETING
            else NOT_WRITTEN,
        )
        return option


class CallForm(MomentMixin):
    """How a call ended, what was said, and where the person stands."""

    outcome = forms.ChoiceField(
        label="Comment ça s’est passé ?",
        error_messages={"required": "Dites comment l’appel s’est terminé."},
        widget=OutcomeRadio,
    )
    later_at = LocalMoment(
        label="Rappeler le", required=False,
        error_messages={"invalid": "Cette date est incomplète."},
    )  # fmt: skip
    meeting_at = LocalMoment(
        label="Rendez-vous le", required=False,
        error_messages={"invalid": "Cette date est incomplète."},
    )  # fmt: skip
    meeting_minutes = forms.TypedChoiceField(
        label="Durée",
        choices=[(15, "15 minutes"), (30, "30 minutes"), (45, "45 minutes"), (60, "1 heure")],
        coerce=int, required=False, initial=30,
    )  # fmt: skip
    meeting_place = forms.CharField(
        label="Lieu", max_length=200, required=False,
        help_text="Une adresse, un café, ou « par téléphone ».",
    )  # fmt: skip
    support = forms.ChoiceField(
        label="Son opinion de nous", choices=[("", "Pas demandé"), *Support.choices],
        required=False,
    )  # fmt: skip
    will_vote = forms.ChoiceField(
        label="Va voter ?", choices=[("", "Pas demandé"), *WillVote.choices], required=False
    )
    joining = forms.ChoiceField(
        label="Adhésion", choices=[("", "Pas demandé"), *Joining.choices], required=False
    )
    note = forms.CharField(
        label="Note",
        max_length=1000,
        required=False,
        help_text="Ce qui aidera la prochaine personne qui appelle. Rien sur la santé, la "
        "religion ou le choix de vote.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        *args: Any,
        outcomes: list[Outcome],
        departement: Departement,
        can_write: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.departement = departement
        self.outcomes = {outcome.code: outcome for outcome in outcomes}
        field: Any = self.fields["outcome"]
        field.choices = [(outcome.code, outcome.label) for outcome in outcomes]
        field.widget.outcomes = self.outcomes
        field.widget.can_write = can_write
        for name in ("later_at", "meeting_at", "meeting_minutes", "meeting_place"):
            # Needed with the outcome it goes with: not simply optional.
            self.fields[name].is_one_of_two = True  # type: ignore[attr-defined]

    @property
    def effect(self) -> str:
        outcome = self.outcomes.get(self.cleaned_data.get("outcome", ""))
        return outcome.effect if outcome else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.effect == Effect.LATER:
            cleaned["later_at"] = self._later()
        elif self.effect == Effect.MEETING:
            cleaned["meeting"] = self._meeting()
        return cleaned

    def _later(self) -> datetime | None:
        moment = self.read_moment("later_at")
        if moment and next_opening(moment, self.departement) > moment:
            self.add_error(
                "later_at",
                "On appelle du lundi au samedi, de 9 h à 20 h, jamais un jour férié.",
            )
            return None
        return moment

    def _meeting(self) -> MeetingDraft | None:
        moment = self.read_moment("meeting_at")
        place = self.cleaned_data.get("meeting_place", "")
        if not place:
            self.add_error("meeting_place", "Dites où vous vous retrouvez.")
        minutes = self.cleaned_data.get("meeting_minutes") or 30
        return MeetingDraft(moment, minutes, place) if moment and place else None

    def report(self) -> CallReport:
        data = self.cleaned_data
        standing = {name: data[name] for name in ("support", "will_vote", "joining")}
        return CallReport(
            outcome=self.outcomes[data["outcome"]],
            note=data["note"],
            later_at=data["later_at"] if self.effect == Effect.LATER else None,
            meeting=data.get("meeting"),
            standing=standing,
        )


class AssignForm(forms.Form):
    """To whom the ticked people are given; nobody takes them back."""

    follow_ups = forms.TypedMultipleChoiceField(coerce=int)
    assignee = forms.ChoiceField(label="Confier à", required=False)

    def __init__(self, *args: Any, members: list[tuple[Organisation, User]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {f"{organisation.pk}-{user.pk}": (organisation, user)
                        for organisation, user in members}  # fmt: skip
        field: Any = self.fields["assignee"]
        field.choices = [
            ("", "Personne en particulier"),
            *(
                (key, f"{user.get_full_name()} – {organisation.name}")
                for key, (organisation, user) in self.members.items()
            ),
        ]
        ticked: Any = self.fields["follow_ups"]
        sent: list[str] = self.data.getlist("follow_ups")  # type: ignore[attr-defined]
        ticked.choices = [(key, key) for key in sent if key.isdecimal() and len(key) < 19]

    def chosen(self) -> tuple[Organisation, User] | None:
        return self.members.get(self.cleaned_data["assignee"])


class ScriptForm(forms.Form):
    text = forms.CharField(
        label="Ce qu’on dit",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 18}),
        error_messages={"required": "Écrivez au moins une phrase."},
    )

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n")
        if unknown := unknown_words(text):
            raise forms.ValidationError(
                f"Mot inconnu entre accolades : {unknown[0]}. Vous pouvez écrire : "
                + ", ".join(f"{{{word}}}" for word in WORDS)
                + "."
            )
        return text


class OutcomeForm(forms.ModelForm):
    class Meta:
        model = Outcome
        fields = ["label", "help_text", "retry_after_days", "max_attempts", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.effect != Effect.RETRY:
            del self.fields["retry_after_days"], self.fields["max_attempts"]


class EscalationForm(forms.ModelForm):
    class Meta:
        model = Escalation
        fields = ["days_late"]

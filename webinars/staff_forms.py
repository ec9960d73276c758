"""Forms that begin and prepare a session: each ends in one call of an action."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict

from core.fields import LineField
from core.text import fold
from library.models import Document
from organisations.models import Organisation, User
from webinars import actions
from webinars.enums import WebinarState
from webinars.fields import ParisMoment
from webinars.models import Series, Webinar
from webinars.programme_rows import Parts
from webinars.staff_rules import all_series, offered_documents, offered_series
from webinars.wording import DAY, HOUR, delay_words, moment_words, programme_words

CHANGED = (
    "Quelqu’un vient de modifier cette séance. Ce que vous avez écrit est encore là : "
    "comparez, puis enregistrez de nouveau pour le garder."
)
EMPTY_LIBRARY = "La bibliothèque est vide : le diaporama s’ajoutera ici une fois qu’il y sera."
NO_TITLE = "Donnez un intitulé à cette séance."
USUAL_MINUTES = 60
LONGEST = 12 * HOUR
# What staff choose among; a session keeps any other moment it was given.
OFFERED_REMINDERS = (7 * DAY, 2 * DAY, DAY, 3 * HOUR, HOUR, 15)


class SessionFields(forms.Form):
    """What a session is: the fields that bear the names of its own."""

    own = ("series", "title", "description", "guest", "capacity")
    series = forms.ModelChoiceField(
        Series.objects.none(), label="Série", empty_label=None,
        help_text="Elle dit à qui la séance s’adresse ; les autres demandent, et vous répondez.",
    )  # fmt: skip
    title = LineField(label="Intitulé", max_length=150, error_messages={"required": NO_TITLE})
    description = forms.CharField(
        label="Présentation", required=False, max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    guest = LineField(
        label="En présence de", max_length=150, required=False,
        help_text="Une fonction plutôt qu’un nom : « la secrétaire générale ».",
    )  # fmt: skip
    capacity = forms.IntegerField(
        label="Places", required=False, min_value=1, max_value=100_000,
        help_text="Vide : pas de limite. Au-delà, on s’inscrit sur une liste d’attente.",
    )  # fmt: skip

    def clean_title(self) -> str:
        title = str(self.cleaned_data["title"])
        if not fold(title):
            raise forms.ValidationError(NO_TITLE)
        return title


class NewSessionForm(SessionFields):
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Organisation qui invite", empty_label=None
    )
    field_order = ("organisation", *SessionFields.own)

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = Organisation.objects.filter(pk__in=[one.pk for one in organisations])
        self.fields["organisation"].queryset = allowed.order_by("kind", "name")  # type: ignore[attr-defined]
        self.fields["series"].queryset = offered_series()  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """A step: fields of the session, lines, or both. `save` says which state was on screen."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    own: tuple[str, ...] = ()
    rows: Any = None
    # What is said above the fields.
    note = ""

    def __init__(self, data: QueryDict | None, *, webinar: Webinar, user: User) -> None:
        super().__init__(data)
        self.webinar, self.user = webinar, user
        self.initial["revision"] = webinar.revision
        for name in self.own:
            value = getattr(webinar, name)
            self.initial[name] = list(value.all()) if hasattr(value, "all") else value
        self.prepare()

    def prepare(self) -> None:
        """Offer what the session at hand allows."""

    def save(self) -> Webinar:
        """Raises `WebinarMoved`."""
        fields = {name: self.cleaned_data[name] for name in self.own if name in self.cleaned_data}
        return actions.change_webinar(**self.seen(), **fields)

    def seen(self) -> dict[str, Any]:
        """The session, and the revision that was on screen."""
        return {"webinar": self.webinar, "revision": self.cleaned_data["revision"]}

    def show_newer(self, newer: "StepForm") -> None:
        """Keep what was typed, on top of the state of `newer`."""
        sent = QueryDict(mutable=True)
        sent.update(self.data)
        sent["revision"] = str(newer.webinar.revision)
        self.data = sent
        self.add_error(None, CHANGED)

    def written(self) -> list[dict[str, str]]:
        """What is stored now, in words, for who typed something else."""
        return [
            {"label": str(field.label), "value": _in_words(field)}
            for field in self.visible_fields()
        ]


class SessionForm(SessionFields, StepForm):
    own = SessionFields.own

    def prepare(self) -> None:
        self.fields["series"].queryset = offered_series(self.webinar)  # type: ignore[attr-defined]


class MomentForm(StepForm):
    """Once announced, a new date is an act of its own: it says whom it is told to."""

    own = ("opens_minutes_before", "one_device")
    starts_at = ParisMoment(
        label="Jour et heure (à Paris)", required=False,
        help_text="Vide : la date reste à venir, on peut annoncer et s’inscrire quand même.",
    )  # fmt: skip
    minutes = forms.IntegerField(
        label="Durée (minutes)", min_value=5, max_value=LONGEST, initial=USUAL_MINUTES
    )
    reminders = forms.TypedMultipleChoiceField(
        label="Rappels par mail", required=False, coerce=int, widget=forms.CheckboxSelectMultiple,
        help_text="Combien de temps avant le début. Un rappel déjà passé ne part pas.",
    )  # fmt: skip
    opens_minutes_before = forms.IntegerField(
        label="Ouverture de la salle (minutes avant)", min_value=0, max_value=4 * HOUR
    )
    one_device = forms.BooleanField(
        label="Un seul appareil à la fois par lien", required=False,
        help_text="Pour une séance réservée : un lien transmis ne sert pas à deux personnes.",
    )  # fmt: skip

    def prepare(self) -> None:
        chosen = list(self.webinar.reminders.values_list("minutes_before", flat=True))
        offered = sorted({*OFFERED_REMINDERS, *chosen}, reverse=True)
        self.fields["reminders"].choices = [  # type: ignore[attr-defined]
            (minutes, f"{delay_words(minutes)} avant") for minutes in offered
        ]
        self.initial.update(reminders=chosen, starts_at=self.webinar.starts_at)
        if self.webinar.starts_at and self.webinar.ends_at:
            self.initial["minutes"] = minutes_between(self.webinar.starts_at, self.webinar.ends_at)
        if self.webinar.state == WebinarState.ANNOUNCED:
            del self.fields["starts_at"], self.fields["minutes"]

    def save(self) -> Webinar:
        fields = {name: self.cleaned_data[name] for name in self.own}
        if "starts_at" in self.fields:
            fields |= span(self.cleaned_data)
        return actions.set_moment(**self.seen(), reminders=self.cleaned_data["reminders"], **fields)


class ProgrammeForm(StepForm):
    def prepare(self) -> None:
        # What is sent is held against nothing: it may be of an older state.
        self.rows = Parts(
            self.data if self.is_bound else None,
            initial=None if self.is_bound else list(
                self.webinar.parts.values("title", "minutes", "speakers")
            ),
            prefix="rows",
            form_kwargs={"empty_permitted": True, "use_required_attribute": False},
        )  # fmt: skip

    def is_valid(self) -> bool:
        own = super().is_valid()
        return bool(own and self.rows.is_valid())

    def save(self) -> Webinar:
        return actions.set_programme(**self.seen(), steps=self.rows.values())

    def written(self) -> list[dict[str, str]]:
        lines = enumerate(programme_words(self.webinar), start=1)
        return [{"label": f"Partie {number}", "value": line} for number, line in lines]


class DocumentsForm(StepForm):
    own = ("documents", "slides", "replay_url")
    documents = forms.ModelMultipleChoiceField(
        Document.objects.none(), label="Documents de la bibliothèque", required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Qui s’inscrit les ouvre par son lien, sans compte.",
    )  # fmt: skip
    slides = forms.ModelChoiceField(
        Document.objects.none(), label="Diaporama", required=False, empty_label="Pas encore"
    )
    replay_url = forms.URLField(
        label="Adresse de l’enregistrement", required=False, max_length=500, assume_scheme="https",
        help_text="Une fois la séance passée. Chaque personne inscrite la trouve sur sa page.",
    )  # fmt: skip

    def prepare(self) -> None:
        offered = offered_documents(self.user, self.webinar)
        for name in ("documents", "slides"):
            self.fields[name].queryset = offered  # type: ignore[attr-defined]
            if not offered:
                del self.fields[name]
                self.note = EMPTY_LIBRARY


FORMS: dict[str, type[StepForm]] = {
    "seance": SessionForm, "moment": MomentForm, "programme": ProgrammeForm,
    "documents": DocumentsForm,
}  # fmt: skip


class SeriesFilterForm(forms.Form):
    """One series, or all; the other parameters of the address stay beside it."""

    serie = forms.ModelChoiceField(
        Series.objects.none(), label="Série", required=False, empty_label="Toutes"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["serie"].queryset = all_series()  # type: ignore[attr-defined]

    def chosen(self) -> Series | None:
        """None for all of them, and for a series there is not."""
        return self.cleaned_data.get("serie") if self.is_valid() else None


def minutes_between(starts_at: datetime, ends_at: datetime) -> int:
    return int((ends_at - starts_at).total_seconds()) // 60


def span(cleaned: dict[str, Any]) -> dict[str, datetime | None]:
    """`starts_at` and `ends_at` from a start and a length: both, or neither."""
    starts_at = cleaned["starts_at"]
    ends_at = starts_at + timedelta(minutes=cleaned["minutes"]) if starts_at else None
    return {"starts_at": starts_at, "ends_at": ends_at}


def _in_words(field: forms.BoundField) -> str:
    value = field.initial
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        choices = dict(getattr(field.field, "choices", []))
        return ", ".join(str(choices.get(one, one)) for one in value)
    if isinstance(value, datetime):
        return moment_words(value)
    return "" if value is None else str(value)

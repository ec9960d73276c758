"""One form per step of the preparation: each ends in one call of an action."""

from typing import Any

from django import forms
from django.http import QueryDict

from core.fields import LineField
from deployments.actions import change_deployment, set_slots
from deployments.enums import Public, Weekday
from deployments.fields import HourField
from deployments.models import Deployment, DeploymentType
from deployments.past import ask_about_past
from deployments.preparation_rules import (
    offered_documents,
    offered_trades,
    offered_types,
    partners_for,
    places_known_to,
)
from deployments.prepare_rows import Costs, Lines, Needs, Slots
from deployments.preparing import (
    choose_place,
    choose_types,
    set_budget,
    set_checklist,
    set_roles,
)
from deployments.wording import proposed_objective
from library.models import Document
from organisations.models import Organisation, User
from territory.fields import CommuneField
from territory.models import Trade

YES_NO = [("", "Pas encore regardé"), ("true", "Oui"), ("false", "Non")]
CHANGED = (
    "Quelqu’un vient de modifier cette action. Ce que vous avez écrit est encore là : "
    "comparez, puis enregistrez de nouveau pour le garder."
)
ON_PLACE = ("address", "height_limit_m", "has_bollards", "has_power", "access", "market_days")


class StepForm(forms.Form):
    """A step: fields of the action, lines, or both. `save` says which state was on screen."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    # Fields that bear the names of the action's own.
    own: tuple[str, ...] = ()
    rows_class: Any = None

    def __init__(self, data: QueryDict | None, *, deployment: Deployment, user: User) -> None:
        super().__init__(data)
        self.deployment, self.user = deployment, user
        self.initial["revision"] = deployment.revision
        for name in self.own:
            value = getattr(deployment, name)
            self.initial[name] = list(value.all()) if hasattr(value, "all") else value
        self.rows: Any = None
        if self.rows_class:
            # What is sent is held against nothing: it may be of an older state.
            self.rows = self.rows_class(
                data, initial=self.lines() if data is None else None, prefix="rows",
                form_kwargs={"deployment": deployment, "empty_permitted": True,
                             "use_required_attribute": False},
            )  # fmt: skip
        self.prepare()

    def prepare(self) -> None:
        """Offer what the action at hand allows."""

    def lines(self) -> list[dict[str, Any]]:
        """The lines as they are."""
        return []

    def is_valid(self) -> bool:
        own = super().is_valid()
        return own and (self.rows is None or self.rows.is_valid())

    def save(self) -> Deployment:
        fields = {name: self.cleaned_data[name] for name in self.own}
        return change_deployment(**self.seen(), **fields)

    def seen(self) -> dict[str, Any]:
        """The action, and the revision that was on screen."""
        return {"deployment": self.deployment, "revision": self.cleaned_data["revision"]}

    def show_newer(self, newer: "StepForm") -> None:
        """Keep what was typed, on top of the state of `newer`."""
        sent = QueryDict(mutable=True)
        sent.update(self.data)
        for name, value in newer.seen_state().items():
            sent[name] = str(value)
        self.data = sent
        self.add_error(None, CHANGED)

    def seen_state(self) -> dict[str, int]:
        return {"revision": self.deployment.revision}

    def written(self) -> list[dict[str, str]]:
        """What is stored now, in words, for who typed something else."""
        fields = self.visible_fields()
        told = [{"label": str(field.label), "value": _in_words(field)} for field in fields]
        for row in self.rows.initial_forms if self.rows is not None else ():
            words = [_in_words(field) for field in row.visible_fields() if field.name != "DELETE"]
            told.append({"label": row.what, "value": ", ".join(filter(None, words))})
        return told


def _in_words(field: forms.BoundField) -> str:
    value = field.initial
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        choices = dict(getattr(field.field, "choices", []))
        return ", ".join(str(choices.get(one, one)) for one in value)
    if isinstance(field.field, forms.ChoiceField):
        return str(dict(field.field.choices).get(value, "")) if value else ""  # type: ignore[arg-type]
    return "" if value is None else str(field.field.prepare_value(value))


class ObjectiveForm(StepForm):
    own = ("objective_count", "objective")
    objective_count = forms.IntegerField(
        label="Contacts visés", required=False, min_value=1, max_value=1_000_000,
        help_text="Combien de personnes laisseront leurs coordonnées ?",
    )  # fmt: skip
    objective = LineField(label="L’objectif en une phrase", max_length=200, required=False)

    def prepare(self) -> None:
        example = proposed_objective(self.deployment, self.deployment.objective_count or 150)
        words = f"Par exemple : « {example} ». Avec un nombre seul, nous écrirons cette phrase."
        self.fields["objective"].help_text = words

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        goal = cleaned.get("objective_count")
        if goal and "objective" in cleaned and not cleaned["objective"]:
            cleaned["objective"] = proposed_objective(self.deployment, goal)
        return cleaned


class PublicForm(StepForm):
    own = ("public", "trades", "theme", "partners", "guest")
    public = forms.ChoiceField(label="Public", choices=Public, widget=forms.RadioSelect)
    trades = forms.ModelMultipleChoiceField(
        Trade.objects.none(), label="Métiers visés", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    theme = LineField(
        label="Thème", max_length=150, required=False,
        help_text="Les salaires, les élections, un accord de branche…",
    )  # fmt: skip
    partners = LineField(
        label="Partenaires", max_length=300, required=False,
        help_text="Associations, défense des consommateurs, collectifs…",
    )  # fmt: skip
    guest = LineField(
        label="En présence de", max_length=150, required=False,
        help_text="La personne invitée que l’annonce doit nommer.",
    )  # fmt: skip

    def prepare(self) -> None:
        self.fields["trades"].queryset = offered_trades(self.deployment)  # type: ignore[attr-defined]


def _yes_no(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, required=False, choices=YES_NO, empty_value=None,
        coerce=lambda value: value == "true",
    )  # fmt: skip


class PlaceForm(StepForm):
    seen_place = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen_revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    commune = CommuneField(
        label="Commune", required=False, help_text="Peut être hors de votre territoire."
    )
    name = LineField(
        label="Lieu", max_length=120, required=False,
        help_text="Une place, une gare, un marché. S’il est déjà connu, ce qu’on en sait revient.",
        widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
    )  # fmt: skip
    address = LineField(label="Adresse", max_length=200, required=False)
    height_limit_m = forms.DecimalField(
        label="Hauteur maximale (m)", required=False, min_value=0, max_value=99, decimal_places=1,
        localize=True, help_text="Un barnum sur une camionnette passe-t-il ?",
    )  # fmt: skip
    has_bollards = _yes_no("Bornes ou plots ?")
    has_power = _yes_no("Électricité ?")
    access = LineField(label="Accès et stationnement", max_length=300, required=False)
    market_days = forms.TypedMultipleChoiceField(
        label="Jours de marché", required=False, choices=Weekday, coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    route = forms.CharField(
        label="Parcours", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Si l’équipe se déplace : les rues, les commerces, leurs jours d’ouverture.",
    )  # fmt: skip

    def prepare(self) -> None:
        action, place = self.deployment, self.deployment.place
        self.places = places_known_to(self.user, action)
        self.initial.update(commune=action.commune, route=action.route)
        if place:
            self.initial.update(self.seen_state(), name=place.name)
            self.initial.update({name: getattr(place, name) for name in ON_PLACE})
            for name in ("has_bollards", "has_power"):
                value = self.initial[name]
                self.initial[name] = "" if value is None else str(value).lower()

    def seen_state(self) -> dict[str, int]:
        place = self.deployment.place
        seen = super().seen_state()
        if place:
            seen |= {"seen_place": place.pk, "seen_revision": place.revision}
        return seen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("name") and "commune" in cleaned and not cleaned["commune"]:
            self.add_error("commune", "Dans quelle commune est ce lieu ?")
        return cleaned

    def save(self) -> Deployment:
        data = self.cleaned_data
        return choose_place(
            **self.seen(),
            commune=data["commune"],
            name=data["name"],
            route=data["route"],
            details={name: data[name] for name in ON_PLACE},
            seen=(data["seen_place"], data["seen_revision"] or 0),
        )


class MomentForm(StepForm):
    rows_class = Slots

    def lines(self) -> list[dict[str, Any]]:
        zone = self.deployment.zone
        found = []
        for shift in self.deployment.shifts.all():
            starts, ends = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
            found.append(
                {"day": starts.date(), "starts": starts.time(), "ends": ends.time(),
                 "label": shift.label}
            )  # fmt: skip
        return found

    def is_valid(self) -> bool:
        valid = super().is_valid()
        if valid:
            kept = {shift.starts_at for shift in self.deployment.shifts.all()}
            new = [slot for slot in self.rows.values() if slot.starts_at not in kept]
            for slot in sorted(new, key=lambda slot: slot.starts_at)[:1]:
                ask_about_past(self, slot.starts_at, slot.ends_at)
        return valid and not self.errors

    def save(self) -> Deployment:
        return set_slots(**self.seen(), slots=self.rows.values())


class TypeForm(StepForm):
    own = ("types", "has_fixed_point")
    types = forms.ModelMultipleChoiceField(
        DeploymentType.objects.none(),
        label="Type d’action",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    has_fixed_point = forms.BooleanField(
        label="Avec un point fixe", required=False,
        help_text="Un repère visible où revenir ; deux personnes ne le quittent pas, et il faut "
        "une déclaration.",
    )  # fmt: skip

    def prepare(self) -> None:
        self.fields["types"].queryset = offered_types(self.deployment)  # type: ignore[attr-defined]

    def save(self) -> Deployment:
        data = self.cleaned_data
        return choose_types(
            **self.seen(), types=list(data["types"]), has_fixed_point=data["has_fixed_point"]
        )


class TeamForm(StepForm):
    own = ("co_organisers", "capacity", "confirm_from")
    rows_class = Needs
    co_organisers = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), label="Avec quelles organisations ?", required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Elles préparent et gèrent cette action avec vous.",
    )  # fmt: skip
    capacity = forms.IntegerField(
        label="Équipe au plus", required=False, min_value=1, max_value=500,
        help_text="Au-delà, on s’inscrit sur une liste d’attente.",
    )  # fmt: skip
    confirm_from = HourField(
        label="Confirmation demandée la veille à partir de",
        error_messages={"required": "À quelle heure ?"},
    )

    def prepare(self) -> None:
        self.fields["co_organisers"].queryset = partners_for(self.deployment)  # type: ignore[attr-defined]

    def lines(self) -> list[dict[str, Any]]:
        return [dict(row) for row in self.deployment.needs.values("role", "minimum", "mandate")]

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        capacity = self.cleaned_data["capacity"]
        needed = sum(need.minimum for need in self.rows.values())
        if capacity and capacity < needed:
            # Nobody counts twice: the last roles could never be filled.
            self.add_error(
                "capacity",
                f"Les rôles ci-dessous demandent {needed} personnes au moins : donnez-leur la "
                "place, ou demandez-en moins.",
            )
        return not self.errors

    def save(self) -> Deployment:
        fields = {name: self.cleaned_data[name] for name in self.own}
        return set_roles(**self.seen(), needs=self.rows.values(), **fields)


class MaterialForm(StepForm):
    rows_class = Lines

    def lines(self) -> list[dict[str, Any]]:
        return [
            {"pk": item.pk, "label": item.label, "quantity": item.quantity,
             "category": item.category, "bearer": item.bearer_id,
             "is_ready": item.done_at is not None}
            for item in self.deployment.checklist.all()
        ]  # fmt: skip

    def save(self) -> Deployment:
        return set_checklist(**self.seen(), lines=self.rows.values())


class WordsForm(StepForm):
    own = ("talking_points", "speech", "documents")
    talking_points = forms.CharField(
        label="Éléments de langage", required=False, max_length=3000, widget=forms.Textarea,
        help_text="Trois phrases que toute l’équipe a en tête.",
    )  # fmt: skip
    speech = forms.CharField(
        label="Prise de parole", required=False, max_length=5000,
        widget=forms.Textarea(attrs={"rows": 10}),
    )  # fmt: skip
    documents = forms.ModelMultipleChoiceField(
        Document.objects.none(), label="Documents de la bibliothèque", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def prepare(self) -> None:
        offered = offered_documents(self.user, self.deployment)
        self.fields["documents"].queryset = offered  # type: ignore[attr-defined]


class BudgetForm(StepForm):
    rows_class = Costs

    def lines(self) -> list[dict[str, Any]]:
        return [dict(row) for row in self.deployment.budget.values("label", "euros")]

    def save(self) -> Deployment:
        return set_budget(**self.seen(), costs=self.rows.values())


FORMS: dict[str, type[StepForm]] = {
    "objectif": ObjectiveForm, "public": PublicForm, "lieu": PlaceForm, "moment": MomentForm,
    "type": TypeForm, "equipe": TeamForm, "materiel": MaterialForm, "paroles": WordsForm,
    "budget": BudgetForm,
}  # fmt: skip

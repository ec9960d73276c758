"""Forms of stocks: movements, inventories, thresholds, allotments."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.fields import LineField
from materials.enums import LocationKind, Reason
from materials.ledger import Count
from materials.models import Item, Location
from materials.order_forms import KeyedForm, packs_field, reason_choices
from materials.ordering import MOST_PACKS
from materials.places import deployment_stock, shared_location, stock_of
from materials.stock_rules import StockRow
from organisations.enums import Kind
from organisations.models import Organisation, User

SINKS = {Reason.USED: LocationKind.USED, Reason.LOST: LocationKind.LOST}


class MoveForm(KeyedForm):
    reason = forms.ChoiceField(
        label="Que s’est-il passé ?", choices=reason_choices, widget=forms.RadioSelect
    )
    item = forms.ModelChoiceField(Item.objects.none(), label="Article", empty_label="Choisir…")
    packs = forms.IntegerField(label="Paquets", min_value=1, max_value=MOST_PACKS)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="À quelle organisation ?", required=False,
        empty_label="Aucune",
    )  # fmt: skip
    action = LineField(
        label="À quelle action ?", max_length=150, required=False,
        help_text="Le nom de l’action : ce qu’elle n’a pas distribué en reviendra.",
    )  # fmt: skip
    note = LineField(label="Remarque", max_length=200, required=False)

    def __init__(
        self, *args: Any, location: Location, items: Any, user: User, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.location = location
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        below = Organisation.objects.staffed_by(user).active()
        if location.kind != LocationKind.DEPLOYMENT and location.organisation_id:
            below = below.exclude(pk=location.organisation_id)
        kinds = [kind for kind in Kind if kind != Kind.CONFEDERATION or user.scope.everything]
        self.fields["organisation"].queryset = below.filter(kind__in=kinds).order_by("kind", "name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        kept = super().clean() or self.cleaned_data
        if kept.get("reason") == Reason.MOVED:
            if not kept.get("organisation") and not kept.get("action"):
                self.add_error("organisation", "Dites à quelle organisation ou à quelle action.")
            if kept.get("organisation") and kept.get("action"):
                self.add_error("action", "L’une ou l’autre, pas les deux.")
        return kept

    def movement(self) -> dict[str, Any]:
        """What `ledger.move` needs; the places come into being."""
        kept = self.cleaned_data
        there, to = self._ends()
        return {
            "from_location": there, "to_location": to, "reason": Reason(kept["reason"]),
            **{name: kept[name] for name in ("item", "packs", "note", "key")},
        }  # fmt: skip

    def _ends(self) -> tuple[Location, Location]:
        """From where to where."""
        kept = self.cleaned_data
        reason = Reason(kept["reason"])
        if reason == Reason.PRINTED:
            return shared_location(LocationKind.PRINTER), self.location
        if reason in SINKS:
            return self.location, shared_location(SINKS[reason])
        if kept["organisation"]:
            return self.location, stock_of(kept["organisation"])
        owner = self.location.organisation
        if owner is None:
            raise ValidationError("Ce stock n’appartient à personne.")
        return self.location, deployment_stock(organisation=owner, label=kept["action"])


class CountForm(forms.Form):
    """An inventory: what is left empty was not counted."""

    note = LineField(label="Remarque", max_length=200, required=False)

    def __init__(self, *args: Any, rows: Sequence[StockRow], **options: Any) -> None:
        super().__init__(*args, **options)
        self.stock = rows
        for row in rows:
            name = f"packs_{row.item.pk}"
            self.fields[name] = packs_field(row.item.name, required=False)
            self.fields[f"seen_{row.item.pk}"] = forms.IntegerField(
                widget=forms.HiddenInput, required=False
            )
            self.initial[f"seen_{row.item.pk}"] = row.packs

    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "row": row,
                "packs": self[f"packs_{row.item.pk}"],
                "seen": self[f"seen_{row.item.pk}"],
            }
            for row in self.stock
        ]

    def clean(self) -> dict[str, Any]:
        kept = super().clean() or self.cleaned_data
        if not self.errors and all(kept[f"packs_{row.item.pk}"] is None for row in self.stock):
            raise ValidationError("Comptez au moins un article.")
        return kept

    def counts(self) -> list[Count]:
        kept = self.cleaned_data
        return [
            Count(row.item, kept[f"packs_{row.item.pk}"], kept[f"seen_{row.item.pk}"])
            for row in self.stock
            if kept[f"packs_{row.item.pk}"] is not None
        ]


class ThresholdForm(forms.Form):
    """Below how many packs to be told; empty for never."""

    def __init__(self, *args: Any, rows: Sequence[StockRow], **options: Any) -> None:
        super().__init__(*args, **options)
        self.stock = rows
        for row in rows:
            self.fields[f"packs_{row.item.pk}"] = packs_field(row.item.name, required=False)
            self.initial[f"packs_{row.item.pk}"] = row.threshold

    def rows(self) -> list[dict[str, Any]]:
        return [{"row": row, "packs": self[f"packs_{row.item.pk}"]} for row in self.stock]

    def thresholds(self) -> dict[Item, int | None]:
        return {row.item: self.cleaned_data[f"packs_{row.item.pk}"] for row in self.stock}


class AllotmentForm(forms.Form):
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Organisation", empty_label="Choisir…"
    )
    item = forms.ModelChoiceField(Item.objects.none(), label="Article", empty_label="Choisir…")
    packs = packs_field("Paquets")

    def __init__(self, *args: Any, items: Any, organisations: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]

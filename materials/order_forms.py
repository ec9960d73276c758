"""Forms of orders. Each carries the key that tells when it is sent twice."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from core.fields import LineField
from materials.enums import Reason
from materials.models import Item, Location, Order, OrderLine
from materials.ordering import MOST_PACKS, Delivery
from materials.serving import Decision, Parcel

MOST_PARCELS = 500


def packs_field(label: str, *, most: int = MOST_PACKS, required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=most, required=required,
        error_messages={
            "min_value": "Zéro ou plus.",
            "max_value": "%(limit_value)s paquets au plus.",
            "required": "Combien de paquets ?",
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip


class KeyedForm(forms.Form):
    """A form that says what it is, so that sending it twice acts once."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("key", uuid4())


class BasketItemForm(forms.Form):
    """So many packs of one item."""

    item = forms.ModelChoiceField(Item.objects.none(), to_field_name="slug")
    packs = packs_field("Paquets")

    def __init__(self, *args: Any, items: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["item"].queryset = items.filter(pack_size__isnull=False)  # type: ignore[attr-defined]


class BasketForm(KeyedForm):
    """The whole basket, and where it goes."""

    basket = forms.IntegerField(widget=forms.HiddenInput)
    served_from = forms.ModelChoiceField(
        Location.objects.none(), label="Commander à", empty_label=None
    )
    address = forms.CharField(
        label="Livrer à", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Comme sur une enveloppe : qui réceptionne, la rue, le code postal.",
        error_messages={"required": "Où livrer ? Une adresse complète, s’il vous plaît."},
    )  # fmt: skip
    needed_by = forms.DateField(
        label="Il nous le faut pour le", required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="Comptez une semaine.",
    )  # fmt: skip
    note = LineField(label="Un mot", max_length=300, required=False)

    def __init__(
        self, *args: Any, basket: Order, lines: Sequence[OrderLine], sources: Sequence[Location],
        today: date, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.lines, self.today = lines, today
        self.fields["served_from"].queryset = Location.objects.filter(  # type: ignore[attr-defined]
            pk__in=[one.pk for one in sources]
        )
        self.initial.update(
            basket=basket.pk, served_from=basket.served_from_id, address=basket.address,
            needed_by=basket.needed_by, note=basket.note,
        )  # fmt: skip
        for line in lines:
            self.fields[f"packs_{line.pk}"] = packs_field(line.item.name)
            self.initial[f"packs_{line.pk}"] = line.requested

    def rows(self) -> list[dict[str, Any]]:
        return [{"line": line, "packs": self[f"packs_{line.pk}"]} for line in self.lines]

    def clean_needed_by(self) -> date | None:
        day: date | None = self.cleaned_data["needed_by"]
        if day is not None and day < self.today:
            raise ValidationError("Ce jour est passé.")
        return day

    def packs(self) -> dict[Item, int]:
        return {line.item: self.cleaned_data[f"packs_{line.pk}"] for line in self.lines}

    def delivery(self) -> Delivery:
        kept = self.cleaned_data
        return Delivery(kept["served_from"], kept["address"], kept["needed_by"], kept["note"])


class LinesForm(KeyedForm):
    """A number of packs for each line of an order."""

    def __init__(
        self, *args: Any, lines: Sequence[OrderLine], usual: Callable[[OrderLine], int],
        most: Callable[[OrderLine], int], **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.lines = lines
        for line in lines:
            self.fields[f"packs_{line.pk}"] = packs_field(line.item.name, most=most(line))
            self.initial[f"packs_{line.pk}"] = usual(line)
            self.add_to_line(line)

    def add_to_line(self, line: OrderLine) -> None:
        """More fields for a line."""

    def rows(self) -> list[dict[str, Any]]:
        return [{"line": line, "packs": self[f"packs_{line.pk}"]} for line in self.lines]

    def packs(self) -> dict[int, int]:
        return {line.pk: self.cleaned_data[f"packs_{line.pk}"] for line in self.lines}


class ApproveForm(LinesForm):
    reply = LineField(
        label="Un mot pour qui commande", max_length=300, required=False,
        help_text="Pourquoi une partie seulement, quand le reste arrive.",
    )  # fmt: skip
    keeps_rest = forms.BooleanField(
        label="Ce qui manque reste en attente", required=False, initial=True,
        help_text="Le reste devient une commande, servie quand le stock revient.",
    )  # fmt: skip

    def add_to_line(self, line: OrderLine) -> None:
        self.fields[f"word_{line.pk}"] = LineField(label="Un mot", max_length=200, required=False)

    def rows(self) -> list[dict[str, Any]]:
        return [row | {"word": self[f"word_{row['line'].pk}"]} for row in super().rows()]

    def decisions(self) -> dict[int, Decision]:
        return {
            line.pk: Decision(
                self.cleaned_data[f"packs_{line.pk}"], self.cleaned_data[f"word_{line.pk}"]
            )
            for line in self.lines
        }


class ParcelFields(forms.Form):
    parcels = forms.IntegerField(label="Colis", min_value=1, max_value=MOST_PARCELS, initial=1)
    carrier = LineField(label="Transporteur", max_length=80, required=False)
    tracking_url = forms.CharField(
        label="Lien de suivi", max_length=300, required=False,
        validators=[
            URLValidator(schemes=["https"], message="Une adresse qui commence par https://")
        ],
        widget=forms.URLInput(attrs={"placeholder": "https://…"}),
    )  # fmt: skip

    def parcel(self) -> Parcel:
        kept = self.cleaned_data
        return Parcel(kept["parcels"], kept["carrier"], kept["tracking_url"])


class ParcelForm(ParcelFields, KeyedForm):
    pass


class ShipForm(ParcelFields, LinesForm):
    keeps_rest = forms.BooleanField(
        label="Ce qui n’est pas parti reste en attente", required=False, initial=True
    )


class ReceiveForm(LinesForm):
    note = LineField(
        label="Remarque", max_length=300, required=False,
        help_text="Un carton abîmé, un article à la place d’un autre…",
    )  # fmt: skip


class WordForm(KeyedForm):
    """A word that goes with an act."""

    word = LineField(label="Pourquoi ?", max_length=300, required=False)


def reason_choices() -> list[tuple[str, str]]:
    """What staff move by hand."""
    own = {
        Reason.USED: "Distribué",
        Reason.MOVED: "Confié à une organisation ou à une action",
        Reason.PRINTED: "Arrivé de l’imprimeur, ou imprimé ici",
        Reason.LOST: "Perdu ou abîmé",
    }
    return [(reason.value, label) for reason, label in own.items()]

"""Filters of the catalogue, items and their versions."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from core.fields import LineField
from library.fields import CheckedFileField
from library.uploads import PDF, RefusedFile, identify
from materials.catalogue import Files
from materials.catalogue_rules import trades_in_catalogue
from materials.enums import ItemKind, Language
from materials.models import Item, ItemQuerySet
from territory.models import Trade

PICTURES = ("image/png", "image/jpeg", "image/webp")
GENERIC = "tous"
MOST_SOCIAL = 6


def _largest() -> int:
    return int(settings.UPLOAD_MAX_BYTES)


class CatalogueFilter(forms.Form):
    q = forms.CharField(
        label="Chercher", max_length=100, required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Affiche, apprenti…", "autocomplete": "off"}
        ),
    )  # fmt: skip
    type = forms.ChoiceField(
        label="Type", required=False, choices=[("", "Tous les types"), *ItemKind.choices]
    )
    metier = forms.ChoiceField(label="Métier", required=False)
    langue = forms.ChoiceField(
        label="Langue", required=False, choices=[("", "Toutes"), *Language.choices]
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        trades = [(trade.pk, trade.label) for trade in trades_in_catalogue()]
        self.fields["metier"].choices = [  # type: ignore[attr-defined]
            ("", "Tous"), (GENERIC, "Sans métier précis"), *trades,
        ]  # fmt: skip

    @property
    def is_filtering(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())

    def apply(self, items: ItemQuerySet) -> ItemQuerySet:
        """What the filters leave; a wrong one leaves everything."""
        if not self.is_valid():
            return items
        wanted = self.cleaned_data
        if wanted["q"]:
            items = items.matching(wanted["q"])
        if wanted["type"]:
            items = items.filter(kind=wanted["type"])
        if wanted["metier"]:
            trade = None if wanted["metier"] == GENERIC else wanted["metier"]
            items = items.filter(trade=trade)
        if wanted["langue"]:
            items = items.filter(languages__contains=[wanted["langue"]])
        return items


class ItemForm(forms.Form):
    name = LineField(label="Nom", max_length=120)
    kind = forms.ChoiceField(label="Type", choices=ItemKind.choices)
    trade = forms.ModelChoiceField(
        Trade.objects.in_use(), label="Métier", required=False, empty_label="Tous les métiers"
    )
    languages = forms.MultipleChoiceField(
        label="Langues", choices=Language.choices, widget=forms.CheckboxSelectMultiple,
        initial=[Language.FRENCH],
    )  # fmt: skip
    description = forms.CharField(
        label="Description", max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="À qui le donner, quand, avec quoi.",
    )  # fmt: skip
    format = LineField(
        label="Format", max_length=40, required=False, help_text="A5 recto verso, 40 × 60 cm…"
    )
    pack_size = forms.IntegerField(
        label="Exemplaires par paquet", min_value=1, max_value=1_000_000, required=False,
        help_text="Vide : il existe seulement en fichier, et ne se commande pas.",
    )  # fmt: skip
    pack_weight = forms.IntegerField(
        label="Poids d’un paquet (grammes)", min_value=1, max_value=100_000, required=False
    )
    is_printable_here = forms.BooleanField(label="Chacun·e peut l’imprimer", required=False)
    expires_with_vote = forms.BooleanField(
        label="Inutile après le vote", required=False, initial=True,
        help_text="Il quitte le catalogue à la clôture du vote.",
    )  # fmt: skip
    expires_on = forms.DateField(
        label="Valable jusqu’au", required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )  # fmt: skip
    successor = forms.ModelChoiceField(
        Item.objects.none(), label="Remplacé par", required=False, empty_label="Rien",
        help_text="L’ancien quitte le catalogue et mène au nouveau.",
    )  # fmt: skip

    def __init__(self, *args: Any, item: Item | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        others = Item.objects.filter(retired_at=None, successor=None)
        if item is None:
            del self.fields["successor"]
            return
        self.fields["successor"].queryset = others.exclude(pk=item.pk)  # type: ignore[attr-defined]
        for name in self.fields:
            self.initial[name] = getattr(item, name)


class PdfField(CheckedFileField):
    """A PDF and nothing else."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        if data is None and not self.required:
            return None
        file = super().clean(data, initial)
        if file.content_type != PDF.content_type:
            raise ValidationError("Ce fichier n’est pas un PDF.", code="refused")
        return file


class PictureField(CheckedFileField):
    """A picture and nothing else."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        if data is None and not self.required:
            return None
        file = super().clean(data, initial)
        if file.content_type not in PICTURES:
            raise ValidationError("Image PNG, JPEG ou WebP, s’il vous plaît.", code="refused")
        return file


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class SocialFilesField(forms.FileField):
    """Pictures and films to share, each looked at."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=SeveralFiles, required=False, allow_empty_file=True, **options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = [one for one in (data or []) if one]
        if len(files) > MOST_SOCIAL:
            raise ValidationError(f"{MOST_SOCIAL} fichiers au plus.")
        for file in files:
            try:
                file_type = identify(file, size=file.size, largest=_largest())
            except RefusedFile as error:
                raise ValidationError(f"{file.name} : {error}", code="refused") from error
            file.content_type = file_type.content_type
        return files


class VersionForm(forms.Form):
    label = LineField(
        label="Nom de la version", max_length=60, help_text="Par exemple « Septembre 2026 »."
    )
    preview = PictureField(
        largest=_largest, label="Aperçu", required=False,
        help_text="Une image PNG, JPEG ou WebP ; sans elle, un aperçu est dessiné.",
    )  # fmt: skip
    print_ready = PdfField(largest=_largest, label="PDF pour l’imprimeur", required=False)
    low_ink = PdfField(
        largest=_largest, label="PDF A4 économe en encre", required=False,
        help_text="Celui que chacun·e imprime.",
    )  # fmt: skip
    social = SocialFilesField(label="À partager sur les réseaux")

    def files_kept(self) -> Files:
        kept = self.cleaned_data
        return Files(
            preview=kept["preview"],
            preview_type=kept["preview"].content_type if kept["preview"] else "",
            print_ready=kept["print_ready"],
            low_ink=kept["low_ink"],
            social=kept["social"],
        )

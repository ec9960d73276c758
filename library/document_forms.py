"""Forms of documents: the filter, what is said of them, their files, collections."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.template.defaultfilters import filesizeformat

from campaigns import clock
from core.fields import LineField
from library import rules
from library.enums import Audience, DocumentKind, Format
from library.fields import AgreementCodesField, CheckedFileField
from library.forms import TradeFilter
from library.models import Collection, Document
from library.publishing import Description
from library.uploads import ACCEPTED
from organisations.enums import Kind
from organisations.models import Organisation, User
from territory.models import Trade

FILES_AT_ONCE = 20
PLACES = 60


class LibraryFilter(TradeFilter):
    SHEETS = "fiches"

    q = forms.CharField(
        label="Chercher", max_length=100, required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Congés, affiche…", "autocomplete": "off"}
        ),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="Type", required=False,
        choices=[("", "Tous les types"), (SHEETS, "Fiches de droits"), *DocumentKind.choices],
    )  # fmt: skip
    format = forms.ChoiceField(
        label="Format", required=False, choices=[("", "Tous les formats"), *Format.choices]
    )
    pour = forms.ChoiceField(
        label="Pour qui", required=False, choices=[("", "Tous les publics"), *Audience.choices]
    )
    nouveau = forms.BooleanField(label="Nouveau depuis ma dernière visite", required=False)
    field_order = ("q", "kind", "metier", "format", "pour", "nouveau")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["metier"].label = "Métier"

    @property
    def main(self) -> list[forms.BoundField]:
        return [self["kind"], self["metier"]]

    @property
    def more(self) -> list[forms.BoundField]:
        return [self["format"], self["pour"]]

    @property
    def shows_more(self) -> bool:
        """Whether one of the folded fields is in use."""
        return any(self.data.get(name) for name in ("format", "pour", "nouveau"))

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters that hold; a wrong one is left out, and said beside its field."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class DescriptionForm(forms.Form):
    title = LineField(label="Titre", max_length=150)
    summary = LineField(
        label="À quoi ça sert ?", max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    kind = forms.ChoiceField(label="Type", choices=DocumentKind)
    message = forms.CharField(
        label="Message à publier avec", max_length=1500, required=False,
        help_text="Pour un visuel : le texte que chacun·e copiera à côté de l’image.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Publié par", required=False, empty_label=None
    )
    audience = forms.ChoiceField(
        label="Pour qui ?", choices=Audience, initial=Audience.MEMBERS, widget=forms.RadioSelect,
        help_text="Les autres ne le trouvent pas, même avec l’adresse.",
    )  # fmt: skip
    expires_on = forms.DateField(
        label="Dernier jour", required=False,
        help_text="Après ce jour, plus personne ne le trouve. Vous êtes prévenu·e un mois avant.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )  # fmt: skip
    trades = forms.ModelMultipleChoiceField(
        Trade.objects.none(), label="Métiers", required=False,
        help_text="Ni métier, ni convention : le document sert à tout le monde.",
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    idcc = AgreementCodesField(
        label="Conventions collectives", required=False, max_length=300,
        help_text="Leur numéro (IDCC), séparés par des virgules.",
    )  # fmt: skip

    def __init__(
        self, *args: Any, user: User, document: Document | None = None, **options: Any
    ) -> None:
        publishers = rules.publishers_of(user)
        super().__init__(*args, **options)
        self._offer_organisations(publishers, document)
        trades = self.fields["trades"]
        trades.queryset = rules.offered_branches(publishers)  # type: ignore[attr-defined]
        if all(organisation.kind == Kind.FD for organisation in publishers):
            trades.help_text = "Au moins un : une fédération publie pour ses métiers."
        if not rules.can_edit_library(user):
            self._leave_out(Audience.CONFEDERATION)

    def _offer_organisations(
        self, publishers: list[Organisation], document: Document | None
    ) -> None:
        """Those of the person, and the document's own; a single one is not asked about."""
        own = document.organisation_id if document else None
        known = {organisation.pk for organisation in publishers} | ({own} if own else set())
        choice = self.fields["organisation"]
        offered = Organisation.objects.filter(pk__in=known).select_related("departement")
        choice.queryset = offered  # type: ignore[attr-defined]
        choice.initial = own or (publishers[0].pk if publishers else None)
        if len(known) < 2:
            choice.widget = forms.HiddenInput()

    def _leave_out(self, audience: Audience) -> None:
        field = self.fields["audience"]
        field.choices = [each for each in field.choices if each[0] != audience]  # type: ignore[attr-defined]

    def clean_organisation(self) -> Organisation | None:
        choice = self.fields["organisation"]
        chosen: Organisation | None = self.cleaned_data["organisation"]
        return chosen or choice.queryset.filter(pk=choice.initial).first()  # type: ignore[attr-defined]

    def clean_expires_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["expires_on"]
        if day and "expires_on" in self.changed_data and day < clock.today():
            raise ValidationError("Ce jour est passé.")
        return day

    @property
    def description(self) -> Description:
        said = {name: self.cleaned_data[name] for name in DescriptionForm.base_fields}
        return Description(**said)


class FileForm(forms.Form):
    file = CheckedFileField(
        label="Fichier", largest=lambda: settings.UPLOAD_MAX_BYTES, help_text=f"{ACCEPTED}."
    )


class ReplaceForm(FileForm):
    """`seen`: the file that was on screen."""

    seen = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class DocumentForm(DescriptionForm, FileForm):
    field_order = (
        "title", "kind", "file", "summary", "message", "audience", "organisation", "expires_on",
        "trades", "idcc",
    )  # fmt: skip


class EditForm(DescriptionForm):
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    @staticmethod
    def initial_of(document: Document) -> dict[str, Any]:
        return {
            "title": document.title, "summary": document.summary, "kind": document.kind,
            "message": document.message, "audience": document.audience,
            "expires_on": document.expires_on, "trades": list(document.trades.all()),
            "idcc": rules.codes_of(document), "revision": document.revision,
        }  # fmt: skip


class RetireForm(forms.Form):
    successor = forms.ModelChoiceField(
        Document.objects.none(), label="Remplacé par", required=False, empty_label="Rien",
        help_text="Qui suit l’ancienne adresse y est mené·e.",
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, document: Document, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = rules.possible_successors(user, document)
        self.fields["successor"].queryset = offered  # type: ignore[attr-defined]


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Files sent together; each is looked at when it is kept: one never stops the others."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = list(data or [])
        if not files:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(files) > FILES_AT_ONCE:
            raise ValidationError(f"{FILES_AT_ONCE} fichiers au plus à la fois.")
        weight = sum(file.size for file in files)
        if weight > settings.UPLOAD_MAX_BYTES:
            raise ValidationError(
                f"Ces fichiers pèsent {filesizeformat(weight)} ensemble :"
                f" {filesizeformat(settings.UPLOAD_MAX_BYTES)} au plus. Envoyez-les en deux fois."
            )
        return files


class BatchForm(DescriptionForm):
    """What several files have in common; their titles come next."""

    uploads = SeveralFilesField(label="Fichiers", help_text=f"{FILES_AT_ONCE} au plus. {ACCEPTED}.")
    field_order = ("uploads", "kind", "audience", "organisation", "expires_on", "trades", "idcc")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("title", "summary", "message"):
            del self.fields[name]

    def description_of(self, title: str) -> Description:
        common = set(DescriptionForm.base_fields) & set(self.fields)
        return Description(title=title, **{name: self.cleaned_data[name] for name in common})


class DraftForm(forms.Form):
    """One file of a batch."""

    pk = forms.IntegerField(widget=forms.HiddenInput)
    title = LineField(label="Titre", max_length=150)
    summary = LineField(label="À quoi ça sert ?", max_length=300, required=False)
    message = forms.CharField(
        label="Message à publier avec", max_length=1500, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class DraftFormSet(BaseFormSet):
    default_error_messages = {
        "missing_management_form": "La page est arrivée incomplète. Rechargez-la et recommencez."
    }


TitlesFormSet = formset_factory(DraftForm, DraftFormSet, extra=0, max_num=FILES_AT_ONCE)


class CollectionForm(forms.Form):
    title = LineField(label="Titre", max_length=80)
    summary = LineField(label="À quoi elle sert", max_length=300, required=False)


class PlaceForm(forms.Form):
    document = forms.IntegerField(widget=forms.HiddenInput)
    rank = forms.IntegerField(label="Rang", min_value=0, max_value=999)
    leaves = forms.BooleanField(label="Enlever", required=False)


class BasePlaces(BaseFormSet):
    default_error_messages = DraftFormSet.default_error_messages


PlaceFormSet = formset_factory(PlaceForm, BasePlaces, extra=0, max_num=PLACES, absolute_max=PLACES)


class ArrangeForm(CollectionForm):
    """A collection, the rank of each document in it, and what comes in."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    added = forms.ModelMultipleChoiceField(
        Document.objects.none(), label="Ajouter", required=False,
        help_text="Ils viennent à la fin ; changez ensuite leur rang.",
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, user: User, collection: Collection, placed: list[Document]
    ) -> None:
        initial = {
            "title": collection.title, "summary": collection.summary,
            "revision": collection.revision,
        }  # fmt: skip
        super().__init__(data, initial=initial)
        self.placed = {document.pk: document for document in placed}
        ranks = [{"document": pk, "rank": rank} for rank, pk in enumerate(self.placed, start=1)]
        self.places = PlaceFormSet(data, initial=ranks, prefix="places")
        for place, document in zip(self.places, placed, strict=False):
            place.title = document.title
        offered = rules.offered_documents(user).exclude(pk__in=self.placed)
        self.fields["added"].queryset = offered.order_by("title", "pk")  # type: ignore[attr-defined]

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.places.is_valid()])

    @property
    def documents(self) -> list[Document]:
        """What the collection holds from now on, in order."""
        kept = [place.cleaned_data for place in self.places if not place.cleaned_data["leaves"]]
        kept.sort(key=lambda place: place["rank"])
        known = [
            self.placed[place["document"]] for place in kept if place["document"] in self.placed
        ]
        return known + list(self.cleaned_data["added"])

"""Forms about people. They only validate: each ends in one call of an action."""

import uuid
from typing import Any

import phonenumbers
from django import forms
from django.conf import settings
from django.core import signing
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumberFormat

from contacts.captures import Details
from contacts.consent_forms import FORM_SALT, ConsentMixin
from contacts.enums import SourceKind
from contacts.models import Contact, Source
from contacts.names import NOT_A_FIRST_NAME, is_name
from contacts.places import Place, UnknownPostcode, WrongPhone, find_place, read_phone
from contacts.reading import CEDEX
from core.fields import LineField
from core.text import fold, without_controls
from messaging.enums import Channel
from organisations.models import User
from territory.models import Commune, Departement, Trade

FORM_MAX_AGE = 24 * 3600
NO_NAME = _("Écrivez votre prénom.")


class TradeField(forms.ModelChoiceField):
    """The trades in the language of the page; one that staff added stays in French."""

    def label_from_instance(self, trade: Trade) -> str:
        return gettext(trade.label)


class PersonForm(forms.Form):
    """First name, number or address, trade and place: what every form about a person asks."""

    first_name = forms.CharField(
        label=_("Prénom"),
        max_length=80,
        error_messages={"required": NO_NAME},
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    phone = forms.CharField(
        label=_("Téléphone"),
        help_text=_("Un téléphone ou un e-mail : l’un suffit."),
        required=False,
        max_length=30,
        widget=forms.TextInput(
            attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "dir": "ltr"}
        ),
    )
    email = forms.EmailField(
        label=_("ou adresse e-mail"),
        required=False,
        max_length=254,
        error_messages={
            "invalid": _("Cette adresse e-mail semble incomplète, par exemple prenom@exemple.fr.")
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    trade = TradeField(
        label=_("Métier"),
        queryset=Trade.objects.in_use(),
        empty_label=_("Choisissez votre métier"),
        error_messages={
            "required": _("Choisissez votre métier, ou « Autre métier »."),
            "invalid_choice": _("Ce métier n’est pas dans la liste."),
        },
    )
    postcode = forms.CharField(
        label=_("Code postal de votre travail"),
        max_length=20,
        error_messages={"required": _("Écrivez le code postal de votre lieu de travail.")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "data-short": "", "dir": "ltr"}
        ),
    )

    place: Place

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("phone", "email"):
            # One of the two is needed: neither is simply optional.
            self.fields[name].is_one_of_two = True  # type: ignore[attr-defined]

    def clean_first_name(self) -> str:
        name = without_controls(str(self.cleaned_data["first_name"]))
        if not fold(name):
            raise forms.ValidationError(NO_NAME)
        if not is_name(name):
            raise forms.ValidationError(NOT_A_FIRST_NAME)
        return name

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_postcode(self) -> str:
        postcode = CEDEX.sub("", str(self.cleaned_data["postcode"])).replace(" ", "")
        try:
            self.place = find_place(postcode)
        except UnknownPostcode as error:
            raise forms.ValidationError(
                _("Ce code postal n’existe pas en France : 5 chiffres, par exemple 14000.")
            ) from error
        return postcode

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "phone" in cleaned:
            cleaned["phone"] = self._read_phone(cleaned["phone"])
        nothing_typed = (
            not (self.data.get(self.add_prefix("phone")) or "").strip()
            and not (self.data.get(self.add_prefix("email")) or "").strip()
        )
        if nothing_typed:
            self.add_error("phone", _("Écrivez un téléphone ou une adresse e-mail : l’un suffit."))
        return cleaned

    def _read_phone(self, text: str) -> str:
        if not text.strip():
            return ""
        departement: Departement | None = getattr(getattr(self, "place", None), "departement", None)
        try:
            number = read_phone(text, departement.phone_region if departement else "FR")
        except WrongPhone:
            self.add_error(
                "phone",
                _("Ce numéro ne semble pas valide. Vérifiez-le, par exemple 06 12 34 56 78."),
            )
            return ""
        return phonenumbers.format_number(number, PhoneNumberFormat.E164)


class ContactForm(ConsentMixin, PersonForm):
    """A person and their consents, with the identifier that makes sending it twice harmless."""

    form_token = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ["first_name", "phone", "email", "trade", "postcode"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_consents()
        self.fields["form_token"].initial = signing.dumps(str(uuid.uuid4()), salt=FORM_SALT)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.check_consents()
        if not self.errors and not self.given():
            channel = "consent_email" if cleaned.get("email") else "consent_sms"
            self.add_error(
                channel,
                _("Cochez au moins une façon de vous joindre : sans votre accord, nous ne "
                  "gardons rien."),
            )  # fmt: skip
        return cleaned

    def details(self) -> Details:
        """What to keep: an address or number that no ticked box covers is not."""
        data = self.cleaned_data
        return Details(
            first_name=data["first_name"],
            phone=data["phone"],
            email=data["email"],
            trade=data["trade"],
            place=self.place,
            language=get_language() or "fr",
            consents=self.given(),
        ).as_agreed()

    def capture_id(self) -> uuid.UUID:
        """The same for a form sent twice, another for another person on the same page.

        A shared phone's “back” button brings an old form up again with its token.
        """
        data = self.cleaned_data
        try:
            token = signing.loads(data["form_token"], salt=FORM_SALT, max_age=FORM_MAX_AGE)
            namespace = uuid.UUID(token)
        except (signing.BadSignature, ValueError):
            return uuid.uuid4()
        return uuid.uuid5(namespace, f"{fold(data['first_name'])}|{data['phone']}|{data['email']}")


class RegistrationForm(ContactForm):
    """The public form. `website` is a trap: only a robot fills in a field nobody sees."""

    website = forms.CharField(
        label=_("Ne rien écrire ici"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    @property
    def is_robot(self) -> bool:
        return bool(self.data.get("website"))


class CaptureForm(ContactForm):
    """The activist's form: the same person, a commune found by name, and the source."""

    commune = forms.ModelChoiceField(
        queryset=Commune.objects.select_related("departement"),
        required=False,
        widget=forms.HiddenInput,
    )
    source = forms.ModelChoiceField(
        label="Rencontre",
        queryset=Source.objects.none(),
        required=False,
        empty_label="Mes rencontres personnelles",
    )
    postcode = forms.CharField(
        label="Code postal ou commune du travail",
        max_length=80,
        error_messages={"required": "Écrivez le code postal ou la commune du lieu de travail."},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "data-lookup-url": reverse_lazy("territory:lookup"),
                "data-lookup-kind": "commune",
                "data-lookup-target": "id_commune",
            }
        ),
    )
    field_order = ["first_name", "phone", "email", "trade", "commune", "postcode", "source"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources = Source.objects.visible_to(user).active().exclude(kind=SourceKind.ACTIVIST)
        self.fields["source"].queryset = sources  # type: ignore[attr-defined]
        self.fields["first_name"].error_messages["required"] = "Écrivez le prénom."
        self.fields["trade"].error_messages["required"] = "Choisissez un métier, ou « Autre »."
        self.fields["trade"].empty_label = "Choisissez un métier"  # type: ignore[attr-defined]

    def clean_postcode(self) -> str:
        """A postcode, or the name of a commune when it names only one."""
        text = str(self.cleaned_data["postcode"]).strip()
        chosen: Commune | None = self.cleaned_data.get("commune")
        if chosen is not None:
            self.place = find_place(chosen.postcodes[0], chosen)
            return chosen.postcodes[0]
        if any(char.isdigit() for char in text):
            return super().clean_postcode()
        found = list(Commune.objects.matching(text).select_related("departement")[:20])
        exact = [commune for commune in found if fold(commune.name) == fold(text)] or found
        if len(exact) != 1:
            raise forms.ValidationError(
                "Plusieurs communes portent ce nom : écrivez plutôt le code postal."
                if exact
                else "Aucune commune ne porte ce nom : écrivez plutôt le code postal."
            )
        self.place = find_place(exact[0].postcodes[0], exact[0])
        return exact[0].postcodes[0]


class CorrectionForm(PersonForm):
    """A person's details, to be corrected by them or by staff.

    `revision` is the state on screen: whoever corrects an older one is shown the newer.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @classmethod
    def for_contact(cls, contact: Contact, data: Any = None) -> "CorrectionForm":
        return cls(
            data,
            initial={
                "first_name": contact.first_name,
                "phone": contact.phone.as_national if contact.phone else "",
                "email": contact.email,
                "trade": contact.trade_id,
                "postcode": contact.postcode,
                "revision": contact.revision,
            },
        )

    def show_newer(self, contact: Contact) -> None:
        """Say that somebody else corrected `contact` meanwhile; sending again replaces that."""
        known = [contact.first_name, contact.phone and contact.phone.as_national, contact.email]
        sent = self.data.dict() if isinstance(self.data, QueryDict) else dict(self.data)
        self.data = sent | {self.add_prefix("revision"): str(contact.revision)}
        self.add_error(
            None,
            _("Ces coordonnées viennent d’être corrigées par quelqu’un d’autre : %(known)s. "
              "Vérifiez les vôtres, puis enregistrez de nouveau pour les garder.")
            % {"known": ", ".join(filter(None, [*known, contact.postcode]))},
        )  # fmt: skip

    def corrected(self) -> dict[str, Any]:
        """Keyword arguments of `correct_contact`."""
        data = self.cleaned_data
        names = ("first_name", "phone", "email", "trade", "revision")
        return {name: data[name] for name in names} | {"place": self.place}


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Langue"), choices=settings.LANGUAGES)


class LinkForm(forms.Form):
    """An e-mail address or a number, to get one's personal link again."""

    address = LineField(
        label=_("Adresse e-mail ou téléphone"),
        help_text=_("Celui que vous nous avez laissé."),
        max_length=254,
        error_messages={"required": _("Écrivez votre adresse e-mail ou votre téléphone.")},
        widget=forms.TextInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    website = RegistrationForm.base_fields["website"]

    @property
    def is_robot(self) -> bool:
        return bool(self.data.get("website"))

    def clean_address(self) -> tuple[Channel, str]:
        text = str(self.cleaned_data["address"])
        try:
            if "@" in text:
                validate_email(text)
                return Channel.EMAIL, text.lower()
            number = read_phone(text)
        except (WrongPhone, forms.ValidationError) as error:
            raise forms.ValidationError(
                _("Ce n’est ni une adresse e-mail ni un numéro de téléphone. Vérifiez-le.")
            ) from error
        return Channel.SMS, phonenumbers.format_number(number, PhoneNumberFormat.E164)


class ContactFilterForm(forms.Form):
    """Search and filters of the list; an unknown value filters nothing and says so."""

    q = forms.CharField(
        label="Chercher",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Prénom, téléphone, ville"}),
    )
    trade = forms.ModelChoiceField(
        label="Métier", queryset=Trade.objects.all(), required=False, empty_label="Tous"
    )
    departement = forms.ModelChoiceField(
        label="Département", queryset=Departement.objects.none(), required=False, empty_label="Tous"
    )
    duplicates = forms.BooleanField(label="Doublons possibles", required=False)

    def __init__(self, *args: Any, departements: QuerySet[Departement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(departements) > 1:
            self.fields["departement"].queryset = departements  # type: ignore[attr-defined]
        else:
            # One choice is none.
            del self.fields["departement"]

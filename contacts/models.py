"""Contacts: who was met, how, and what they agreed to.

A `Contact` is a person, a `Capture` an event, a `Consent` a statement; they are never merged
into one row. A phone is not an identity: families share numbers.
"""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from contacts.enums import (
    CaptureMethod,
    ConsentChannel,
    Joining,
    Purpose,
    SourceKind,
    Support,
    WillVote,
    Wish,
)
from contacts.phones import PhoneField
from core.dates import instant
from core.text import fold
from organisations.models import Organisation, User
from territory.models import CollectiveAgreement, Commune, Departement, Trade

# Where a person stands: what calls and personal pages teach of them.
STANDING = ("support", "will_vote", "joining", "voted_at", "reached_at")


class SourceQuerySet(models.QuerySet["Source"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def visible_to(self, user: User) -> Self:
        """Sources of the organisations the person sees, and their own."""
        return self.filter(
            Q(organisation__in=Organisation.objects.visible_to(user)) | Q(activist=user)
        )


class Source(models.Model):
    """Where a contact comes from: a QR code, a link, a flyer, an activist, later a deployment."""

    code = models.CharField("code", max_length=12, unique=True)
    kind = models.CharField("type", max_length=10, choices=SourceKind)
    label = models.CharField("intitulé", max_length=150)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="sources", verbose_name="organisation"
    )
    trade = models.ForeignKey(
        Trade, models.SET_NULL, null=True, blank=True, verbose_name="métier proposé"
    )
    activist = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="sources",
        verbose_name="militant·e",
    )  # fmt: skip
    is_active = models.BooleanField("ouverte", default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("créée le", default=timezone.now)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = "source"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activist", "organisation"],
                condition=Q(kind=SourceKind.ACTIVIST),
                name="one_source_per_activist",
            )
        ]

    def __str__(self) -> str:
        return self.label


class PrintedSheet(models.Model):
    """A blank paper sheet that was printed: its number leads to its source and its words."""

    number = models.CharField("numéro", max_length=12, unique=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="printed_sheets")
    # Those of the consents, one per channel: « 1-2-3 ».
    wordings = models.CharField("texte imprimé", max_length=40)
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name="imprimée par",
    )  # fmt: skip
    printed_at = models.DateTimeField("imprimée le", default=timezone.now)
    # The first time; lines may be added later.
    entered_at = models.DateTimeField("saisie le", null=True)

    class Meta:
        verbose_name = "feuille imprimée"
        verbose_name_plural = "feuilles imprimées"
        ordering = ["-printed_at", "-pk"]

    def __str__(self) -> str:
        return self.number


class DailyScans(models.Model):
    """How often a source was opened on a day. Nothing of who did: neither address nor device."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="daily_scans")
    day = models.DateField("jour")
    count = models.PositiveIntegerField("ouvertures")

    class Meta:
        verbose_name = verbose_name_plural = "ouvertures d’un jour"
        ordering = ["-day", "source"]
        constraints = [models.UniqueConstraint(fields=["source", "day"], name="scans_per_day")]

    def __str__(self) -> str:
        return f"{self.source_id} – {self.day} : {self.count}"


class OneOf(Func):
    """`id = ANY(ARRAY(SELECT …))`: unlike `IN (SELECT …)`, it uses an index inside an OR."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, user: User) -> Self:
        """The only door to rows of people: the scope of the person, and their own captures.

        Own captures are the people one brought; somebody already known stays with those who see
        them. They belong to the organisation they were made for: who leaves it leaves them.
        """
        if user.scope.everything:
            return self.all()
        organisations = [membership.organisation_id for membership in user.active_memberships]
        own = Capture.objects.filter(
            captured_by=user, created_contact=True, source__organisation__in=organisations
        )
        brought = ArraySubquery(own.order_by().values("contact"))
        return self.filter(user.scope.q() | Q(OneOf(F("pk"), brought)))

    def matching(self, text: str) -> Self:
        """Names, addresses, numbers or places that contain every word of `text`."""
        if not fold(text):
            return self.none()
        return self.filter(*[Q(search_text__contains=word) for word in fold(text).split()])


class Contact(models.Model):
    first_name = models.CharField("prénom", max_length=80)
    phone = PhoneField("téléphone", blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    trade = models.ForeignKey(Trade, models.SET_NULL, null=True, blank=True, verbose_name="métier")
    agreement = models.ForeignKey(
        CollectiveAgreement, models.SET_NULL, null=True, blank=True,
        verbose_name="convention collective",
    )  # fmt: skip
    # Of the workplace: it is what the electoral roll and the organisations go by.
    postcode = models.CharField("code postal du travail", max_length=5)
    commune = models.ForeignKey(
        Commune, models.SET_NULL, null=True, blank=True, verbose_name="commune du travail"
    )
    departement = models.ForeignKey(Departement, models.PROTECT, verbose_name="département")
    language = models.CharField("langue", max_length=5, default="fr")
    possible_duplicate_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="possible_duplicates",
        verbose_name="doublon possible de",
    )  # fmt: skip
    # When the person opened their personal link and confirmed the address as theirs.
    email_confirmed_at = models.DateTimeField("adresse confirmée le", null=True, blank=True)
    # Where the person stands: what calls and personal pages teach, never what somebody voted.
    reached_at = models.DateTimeField("joint·e le", null=True, blank=True)
    support = models.CharField("soutien", max_length=10, choices=Support, blank=True)
    will_vote = models.CharField("vote prévu", max_length=5, choices=WillVote, blank=True)
    voted_at = models.DateTimeField("a voté le", null=True, blank=True)
    joining = models.CharField("adhésion", max_length=10, choices=Joining, blank=True)
    # Raised by each correction: whoever corrects an older state is told so.
    revision = models.PositiveIntegerField(default=1, editable=False)
    # Raised to make every personal link sent so far useless.
    link_version = models.PositiveSmallIntegerField(default=1, editable=False)
    search_text = models.TextField(editable=False)
    created_at = models.DateTimeField("créé le", default=timezone.now)
    updated_at = models.DateTimeField("modifié le", default=timezone.now)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "contact"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="contact_recent"),
            models.Index(fields=["departement", "-created_at", "-id"], name="contact_departement"),
            models.Index(fields=["agreement", "-created_at", "-id"], name="contact_agreement"),
            models.Index(fields=["commune", "-created_at", "-id"], name="contact_commune"),
            models.Index(fields=["postcode"], name="contact_postcode"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="contact_phone"),
            models.Index(fields=["email"], condition=~Q(email=""), name="contact_email"),
            GinIndex(OpClass(F("search_text"), "gin_trgm_ops"), name="contact_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(phone="") | ~Q(email=""), name="contact_can_be_reached"
            ),
            models.CheckConstraint(
                condition=~Q(possible_duplicate_of=F("pk")), name="contact_not_its_own_duplicate"
            ),
        ]

    def __str__(self) -> str:
        return self.first_name


class Capture(models.Model):
    """One event: stored exactly once under the identifier the client made.

    The contact may be gone (erased): the event stays, so that a source's count stays true.
    """

    capture_id = models.UUIDField("identifiant", unique=True, default=uuid.uuid4)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="captures")
    source = models.ForeignKey(Source, models.PROTECT, related_name="captures")
    method = models.CharField("moyen", max_length=6, choices=CaptureMethod)
    captured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="captures"
    )
    # Who held a shared tablet, as they named themselves: they have no account.
    activist_name = models.CharField("saisi par", max_length=80, blank=True)
    wishes = ArrayField(
        models.CharField(max_length=10, choices=Wish), default=list, blank=True,
        verbose_name="souhaits",
    )  # fmt: skip
    note = models.CharField("note", max_length=500, blank=True)
    # Keyed hash of the device's random cookie: limits a robot without keeping an address.
    device_hash = models.CharField(max_length=64, blank=True, editable=False)
    created_contact = models.BooleanField("nouveau contact", default=True)
    # What was typed and differs from the contact it was attached to: nothing typed is lost.
    differences = models.JSONField("différences", default=dict, blank=True)
    device_time = models.DateTimeField("heure de l’appareil", null=True, blank=True)
    server_time = models.DateTimeField("heure du serveur", default=timezone.now)

    class Meta:
        verbose_name = "prise de contact"
        verbose_name_plural = "prises de contact"
        ordering = ["-server_time", "-pk"]
        indexes = [
            models.Index(fields=["source", "-server_time"], name="capture_source"),
            models.Index(fields=["captured_by", "-server_time"], name="capture_author"),
            models.Index(
                fields=["device_hash", "-server_time"],
                condition=~Q(device_hash=""),
                name="capture_device",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} – {instant(self.server_time)}"

    @property
    def wish_labels(self) -> list[str]:
        return [Wish(wish).label for wish in self.wishes]


class ConsentWordingQuerySet(models.QuerySet["ConsentWording"]):
    def current(self, language: str) -> Self:
        """The newest version of each wording shown in `language`."""
        return (
            self.filter(language=language, origin="")
            .order_by("purpose", "channel", "-version")
            .distinct("purpose", "channel")
        )


class ConsentWording(models.Model):
    """The exact words somebody agreed to. Never edited: a change is a new version.

    A list that was imported has its own, shown nowhere: `origin` says which.
    """

    origin = models.CharField("origine", max_length=60, blank=True)
    version = models.PositiveSmallIntegerField("version")
    language = models.CharField("langue", max_length=5, default="fr")
    purpose = models.CharField("finalité", max_length=20, choices=Purpose)
    channel = models.CharField("canal", max_length=5, choices=ConsentChannel)
    text = models.TextField("texte")
    notice = models.TextField("information")
    published_at = models.DateTimeField("publié le", default=timezone.now)

    objects = ConsentWordingQuerySet.as_manager()

    class Meta:
        verbose_name = "formulation du consentement"
        verbose_name_plural = "formulations du consentement"
        ordering = ["purpose", "channel", "language", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "version", "language", "purpose", "channel"],
                name="wording_unique",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} v{self.version}"


class ConsentQuerySet(models.QuerySet["Consent"]):
    def holding(self) -> Self:
        """The last statement per contact, purpose and channel: what holds today."""
        return self.order_by("contact_id", "purpose", "channel", "-given_at", "-pk").distinct(
            "contact_id", "purpose", "channel"
        )


class Consent(models.Model):
    """A statement, given or withdrawn. Rows are only ever added (a trigger refuses updates)."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="consents")
    purpose = models.CharField("finalité", max_length=20, choices=Purpose)
    channel = models.CharField("canal", max_length=5, choices=ConsentChannel)
    is_given = models.BooleanField("donné")
    wording = models.ForeignKey(ConsentWording, models.PROTECT, null=True, blank=True)
    capture = models.ForeignKey(Capture, models.SET_NULL, null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    given_at = models.DateTimeField("le", default=timezone.now)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = "consentement"
        ordering = ["-given_at", "-pk"]
        indexes = [
            models.Index(
                fields=["contact", "purpose", "channel", "-given_at", "-id"], name="consent_latest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} : {'oui' if self.is_given else 'non'}"


class ContactMergeQuerySet(models.QuerySet["ContactMerge"]):
    def standing(self) -> Self:
        """Those not undone, the last one first: only it can be undone."""
        return self.filter(undone_at=None).order_by("-merged_at", "-pk")


class ContactMerge(models.Model):
    """Two rows that a human declared one person, with all it takes to part them again.

    It goes with the person: erasing the survivor erases what is known of the other row.
    """

    survivor = models.ForeignKey(Contact, models.CASCADE, related_name="merges")
    merged_pk = models.BigIntegerField("numéro du contact réuni")
    # Field values as they stood before, and those of the survivor just after.
    survivor_before = models.JSONField()
    survivor_after = models.JSONField()
    merged_before = models.JSONField()
    # Rows that pointed to the other contact: {"contacts.capture.contact": [primary keys]}.
    moved = models.JSONField(default=dict)
    # What the rooms above need to undo their part: {"calls": …}.
    elsewhere = models.JSONField(default=dict)
    reason = models.CharField("raison", max_length=300)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    merged_at = models.DateTimeField("réunis le", default=timezone.now)
    undone_at = models.DateTimeField("séparés le", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ContactMergeQuerySet.as_manager()

    class Meta:
        verbose_name = "réunion de contacts"
        verbose_name_plural = "réunions de contacts"
        ordering = ["-merged_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["merged_pk"], condition=Q(undone_at=None), name="one_open_merge_per_row"
            )
        ]

    def __str__(self) -> str:
        return f"{self.merged_pk} → {self.survivor_id}"

"""Who comes: with or without an account, each by a link of their own."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from contacts.names import is_name
from organisations.enums import Mandate
from organisations.models import Organisation
from webinars.enums import RegistrationState
from webinars.models.webinar import Webinar


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def registered(self) -> Self:
        return self.filter(state=RegistrationState.REGISTERED)

    def waiting(self) -> Self:
        """Who waits for a place, the first to have asked first."""
        return self.filter(state=RegistrationState.WAITING).order_by("queued_at", "pk")

    def asked(self) -> Self:
        """Requests that nobody answered yet, the oldest first."""
        return self.filter(state=RegistrationState.ASKED).order_by("registered_at", "pk")

    def came(self) -> Self:
        return self.registered().filter(attended=True)

    def missed(self) -> Self:
        """Who had a place and did not come, as far as one knows; of sessions that are over."""
        return self.registered().exclude(attended=True)

    def concerned(self) -> Self:
        """Who comes, waits or asked: those to tell that the session moved or is off."""
        return self.filter(
            state__in=[
                RegistrationState.REGISTERED, RegistrationState.WAITING, RegistrationState.ASKED,
            ]
        )  # fmt: skip

    def matching(self, text: str) -> Self:
        """Those whose name, address or organisation holds every word, accents ignored."""
        found = self
        for word in text.split():
            found = found.filter(
                Q(name__unaccent__icontains=word)
                | Q(email__icontains=word)
                | Q(organisation__name__unaccent__icontains=word)
                | Q(organisation_name__unaccent__icontains=word)
            )
        return found

    def reachable(self) -> Self:
        """Those whose address is not forgotten yet."""
        return self.filter(forgotten_at=None)

    def with_devices(self) -> Self:
        """`device_count`: on how many devices the link of each was used."""
        return self.annotate(device_count=Count("joins__device_hash", distinct=True))

    def on_several_devices(self) -> Self:
        """Those whose link may have been forwarded, or who have a telephone and a computer."""
        devices = Count("joins__device_hash", distinct=True)
        return self.annotate(device_count=devices).filter(device_count__gt=1)


class Registration(models.Model):
    """One address in one session; its link carries a secret of which only the hash is kept."""

    webinar = models.ForeignKey(Webinar, models.CASCADE, related_name="registrations")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True,
        related_name="webinar_registrations",
    )  # fmt: skip
    # Keyed: whatever its spelling, an address registers once.
    address_hash = models.CharField(max_length=70, editable=False)
    email = models.EmailField("adresse e-mail", blank=True)
    name = models.CharField("nom", max_length=120)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="webinar_registrations",
        verbose_name="organisation",
    )  # fmt: skip
    organisation_name = models.CharField("organisation (en clair)", max_length=150, blank=True)
    mandate = models.CharField("mandat", max_length=13, choices=Mandate, blank=True)
    # What who is outside the audience says to those who answer.
    reason = models.CharField("pourquoi venir", max_length=300, blank=True)
    time_zone = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")

    state = models.CharField("état", max_length=10, choices=RegistrationState)
    registered_at = models.DateTimeField("inscrit·e le", default=timezone.now)
    # The waiting list goes by this instant.
    queued_at = models.DateTimeField("en attente depuis", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("réponse donnée le", null=True, blank=True)
    # What staff add, in their words, to the mail of their answer.
    reply = models.CharField("mot de l’équipe", max_length=300, blank=True)
    cancelled_at = models.DateTimeField("désinscrit·e le", null=True, blank=True)
    # Staff took them off for good: only staff let them in again.
    barred_at = models.DateTimeField("plus accepté·e depuis", null=True, blank=True)

    # What the secret of the link is derived from: another one closes the former link.
    seed = models.UUIDField(default=uuid4, editable=False)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    revoked_at = models.DateTimeField("lien retiré le", null=True, blank=True)
    # The first device that used the link as it is now.
    device_hash = models.CharField(max_length=64, blank=True, editable=False)

    joined_at = models.DateTimeField("entré·e le", null=True, blank=True)
    # Null for what nobody knows; the link says yes, staff may say otherwise.
    attended = models.BooleanField("présent·e", null=True, blank=True)
    # Added to that of the webinar, it is the SEQUENCE of this person's invitation.
    sequence = models.PositiveIntegerField(default=0, editable=False)
    forgotten_at = models.DateTimeField("oublié·e le", null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["webinar", "address_hash"],
                name="once_in_a_webinar",
                violation_error_message="Cette personne est déjà inscrite.",
            ),
            models.UniqueConstraint(
                fields=["webinar", "user"],
                condition=Q(user__isnull=False),
                name="account_once_in_a_webinar",
                violation_error_message="Cette personne est déjà inscrite.",
            ),
            models.CheckConstraint(
                condition=~Q(email="") | Q(forgotten_at__isnull=False),
                name="registration_can_be_reached",
            ),
            models.CheckConstraint(
                condition=Q(state=RegistrationState.WAITING) ^ Q(queued_at=None),
                name="only_who_waits_is_in_the_queue",
            ),
            models.CheckConstraint(
                condition=Q(state=RegistrationState.CANCELLED) ^ Q(cancelled_at=None),
                name="cancelled_registration_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(barred_at=None) | Q(state=RegistrationState.CANCELLED),
                name="who_is_barred_has_no_place",
            ),
        ]
        indexes = [
            models.Index(fields=["webinar", "state"], name="registration_states"),
            models.Index(fields=["address_hash"], name="registration_address"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def organisation_label(self) -> str:
        """The organisation somebody comes for, in their words when it is not one of ours."""
        return self.organisation.name if self.organisation else self.organisation_name

    @property
    def first_name(self) -> str:
        """What a mail greets: whoever typed it may not own the address, so a name or nothing."""
        first = next(iter(self.name.split()), "")
        return first if is_name(first) else ""

    @property
    def has_place(self) -> bool:
        return self.state == RegistrationState.REGISTERED


class Join(models.Model):
    """Somebody went through the door with a personal link."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="joins")
    joined_at = models.DateTimeField("à", default=timezone.now)
    # Of a random cookie: it tells two browsers apart, and nobody who uses them.
    device_hash = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = "entrée"
        ordering = ["joined_at", "pk"]

    def __str__(self) -> str:
        return f"{self.registration_id}, {self.joined_at}"

"""People who log in, the organisations they act for, and the memberships that join the two."""

from typing import Any, Self

import phonenumbers
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Avg, F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from organisations.enums import Kind, Role
from organisations.scope import Scope
from territory.models import CollectiveAgreement, Commune, Departement, Region

NEAREST_FIRST = [Kind.UL, Kind.UD, Kind.REGION]


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account; without a password it logs in by a code sent to its address."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """The e-mail address is the identifier; what a person may see comes from memberships."""

    email = models.EmailField(
        "adresse e-mail",
        unique=True,
        error_messages={"unique": "Un compte existe déjà avec cette adresse."},
    )
    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80, blank=True)
    is_active = models.BooleanField("actif", default=True)
    is_staff = models.BooleanField("accès à l’administration technique", default=False)
    date_joined = models.DateTimeField("créé le", default=timezone.now)
    # Part of what a session is signed with: a new number ends every open session.
    session_version = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name"]

    class Meta:
        verbose_name = "personne"
        ordering = ["first_name", "last_name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case")
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def get_short_name(self) -> str:
        return self.first_name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        signed = f"{self.password}:{self.session_version}"
        return salted_hmac(
            "organisations.User.session", signed, secret=secret, algorithm="sha256"
        ).hexdigest()

    # What is read with a membership, to know where the person acts.
    ACTS_FROM = ("organisation__departement", "organisation__parent__departement")

    @cached_property
    def active_memberships(self) -> list["Membership"]:
        return list(self.memberships.active().select_related(*self.ACTS_FROM))

    @cached_property
    def scope(self) -> Scope:
        """What this person sees of people beyond their own captures."""
        return Scope.union(
            membership.organisation.scope
            for membership in self.active_memberships
            if membership.leads
        )

    @cached_property
    def territory(self) -> Scope:
        """Where what is announced concerns them, whatever their role; of an UL, its whole UD."""
        own = [membership.organisation for membership in self.active_memberships]
        wide = [one.parent if one.kind == Kind.UL and one.parent else one for one in own]
        return Scope.union(organisation.scope for organisation in {*own, *wide})

    @property
    def nearest_organisation(self) -> "Organisation | None":
        """Of one's organisations, the one with the smallest territory."""
        own = [membership.organisation for membership in self.active_memberships]
        return next((each for kind in NEAREST_FIRST for each in own if each.kind == kind), None)

    @cached_property
    def time_zone(self) -> str:
        """Where the person acts: that of their nearest organisation with a territory."""
        near = self.nearest_organisation
        return near.time_zone if near else settings.TIME_ZONE

    @property
    def home_point(self) -> tuple[float, float] | None:
        """Latitude and longitude of the middle of where they act, if that is a place."""
        near = self.nearest_organisation
        return near.middle if near else None

    @property
    def led(self) -> list[int]:
        """The organisations the person leads, by number: as staff or administrator."""
        return [member.organisation_id for member in self.active_memberships if member.leads]

    @property
    def lists_people(self) -> bool:
        """Whether the person can list people they did not enter: a second factor is due."""
        return self.is_superuser or self.is_staff or bool(self.led)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def below(self, organisations: list[int]) -> Self:
        """The given organisations and everything under them (confédération > région > UD > UL)."""
        return self.filter(
            Q(pk__in=organisations)
            | Q(parent__in=organisations)
            | Q(parent__parent__in=organisations)
            | Q(parent__parent__parent__in=organisations)
        )

    def visible_to(self, user: User) -> Self:
        """The organisations of the person and those under the ones where they are staff."""
        own = [membership.organisation_id for membership in user.active_memberships]
        staffed = Organisation.objects.staffed_by(user)
        return self.filter(Q(pk__in=own) | Q(pk__in=staffed.values("pk")))

    def led_by(self, user: User) -> Self:
        """The organisations in whose name the person works, those below them left out."""
        return self.filter(pk__in=user.led)

    def staffed_by(self, user: User) -> Self:
        """The organisations in whose name the person works, and those below them."""
        return self.below(user.led)

    def administered_by(self, user: User) -> Self:
        """The organisations whose members the person manages."""
        led = [
            membership.organisation_id
            for membership in user.active_memberships
            if membership.role == Role.ADMIN
        ]
        return self.below(led)


class Organisation(models.Model):
    kind = models.CharField("type", max_length=13, choices=Kind)
    name = models.CharField("nom", max_length=150)
    slug = models.SlugField("identifiant", max_length=80, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children",
        verbose_name="rattachée à",
    )  # fmt: skip
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, verbose_name="région")
    departement = models.ForeignKey(
        Departement, models.PROTECT, null=True, blank=True, verbose_name="département"
    )
    communes = models.ManyToManyField(Commune, blank=True, verbose_name="communes")
    postcodes = ArrayField(
        models.CharField(max_length=5), default=list, blank=True, verbose_name="codes postaux"
    )
    agreements = models.ManyToManyField(
        CollectiveAgreement, blank=True, verbose_name="conventions collectives"
    )
    # As written on an envelope, below the name: letters print it as their sender.
    postal_address = models.TextField("adresse postale", max_length=300, blank=True)
    # With its international prefix, as text: organisations are read with every list.
    phone = models.CharField("téléphone", max_length=16, blank=True)
    is_active = models.BooleanField("active", default=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation"
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind=Kind.CONFEDERATION), name="one_confederation"
            ),
            # The actions also refuse names that differ by an accent or a hyphen alone.
            models.UniqueConstraint(
                "parent",
                "kind",
                Lower("name"),
                name="one_name_per_parent",
                violation_error_message="Une organisation de ce nom existe déjà ici.",
            ),
            models.UniqueConstraint(
                fields=["departement"], condition=Q(kind=Kind.UD), name="one_ud_per_departement"
            ),
            models.UniqueConstraint(
                fields=["region"], condition=Q(kind=Kind.REGION), name="one_committee_per_region"
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.UD) | Q(departement__isnull=False),
                name="ud_has_departement",
                violation_error_message="Une UD a un département.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.REGION) | Q(region__isnull=False),
                name="regional_committee_has_region",
                violation_error_message="Un comité régional a une région.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.UL) | Q(parent__isnull=False),
                name="ul_has_parent",
                violation_error_message="Une UL est rattachée à une UD.",
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("pk")), name="organisation_not_its_own_parent"
            ),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=r"^\+[1-9][0-9]{5,14}$"),
                name="organisation_phone_with_prefix",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def seat(self) -> Departement | None:
        """Where it is: its département, the first of its region, or that of who is above."""
        if self.departement is not None:
            return self.departement
        if self.region_id is not None:
            return Departement.objects.filter(region=self.region_id).order_by("code").first()
        return self.parent.seat if self.parent else None

    @property
    def time_zone(self) -> str:
        """In which its days are counted."""
        seat = self.seat
        return seat.time_zone if seat else settings.TIME_ZONE

    @property
    def phone_as_national(self) -> str:
        """As one writes it there: « 02 31 00 00 00 »."""
        if not self.phone:
            return ""
        number = phonenumbers.parse(self.phone)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)

    @property
    def middle(self) -> tuple[float, float] | None:
        """Latitude and longitude: of its communes, else of its département or the one above."""
        middle = self.communes.aggregate(north=Avg("latitude"), east=Avg("longitude"))
        if middle["north"] is not None:
            return middle["north"], middle["east"]
        place = self.departement
        if place is not None and place.latitude is not None and place.longitude is not None:
            return place.latitude, place.longitude
        return self.parent.middle if self.kind == Kind.UL and self.parent else None

    @property
    def scope(self) -> Scope:
        """What the staff of this organisation see."""
        if not self.is_active:
            return Scope()
        match self.kind:
            case Kind.CONFEDERATION:
                return Scope(everything=True)
            case Kind.REGION:
                codes = Departement.objects.filter(region=self.region_id).values_list("pk")
                return Scope(departements=frozenset(code for (code,) in codes))
            case Kind.UD:
                return Scope(departements=frozenset([str(self.departement_id)]))
            case Kind.UL:
                return self._local_scope()
            case Kind.FD:
                return Scope(agreements=frozenset(self.agreements.values_list("pk", flat=True)))
        return Scope()

    def _local_scope(self) -> Scope:
        communes = dict(self.communes.values_list("pk", "postcodes"))
        return Scope(
            communes=frozenset(communes),
            commune_postcodes=frozenset(code for codes in communes.values() for code in codes),
            postcodes=frozenset(self.postcodes),
        )


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> Self:
        return self.filter(ended_at__isnull=True, organisation__is_active=True)

    def visible_to(self, user: User) -> Self:
        """Memberships of the organisations the person administers, and their own."""
        return self.filter(
            Q(user=user) | Q(organisation__in=Organisation.objects.administered_by(user))
        )


class Membership(models.Model):
    user = models.ForeignKey(
        User, models.CASCADE, related_name="memberships", verbose_name="personne"
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="memberships", verbose_name="organisation"
    )
    role = models.CharField("rôle", max_length=8, choices=Role, default=Role.MILITANT)
    started_at = models.DateTimeField("depuis", default=timezone.now)
    ended_at = models.DateTimeField("jusqu’à", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "rattachement"
        ordering = ["organisation__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(ended_at__isnull=True),
                name="one_active_membership",
                violation_error_message="Cette personne fait déjà partie de l’organisation.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="membership_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} – {self.organisation_id} ({self.role})"

    @property
    def leads(self) -> bool:
        """Whether the person works in the organisation's name: all it sees is open to them."""
        return self.role in (Role.STAFF, Role.ADMIN)

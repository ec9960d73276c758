"""Posters put up: where, in which state, to be renewed when."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from materials.flyer_enums import PosterState
from organisations.models import Organisation, User
from territory.models import Commune


class PosterSpotQuerySet(models.QuerySet["PosterSpot"]):
    def visible_to(self, user: User) -> Self:
        """Those of the organisations the person sees, and those where they act.

        Like an announced action, a poster in the street is no secret to a member of the territory.
        """
        if user.scope.everything:
            return self.all()
        own, area = Organisation.objects.visible_to(user).values("pk"), user.territory
        return self.filter(
            Q(organisation__in=own)
            | Q(commune__in=area.communes)
            | Q(commune__departement__in=area.departements)
            | Q(commune__postcodes__overlap=list(area.postcodes))
        )

    def managed_by(self, user: User) -> Self:
        """Those the person changes: their organisations' and, for staff, those below."""
        members = [membership.organisation_id for membership in user.active_memberships]
        staffed = Organisation.objects.staffed_by(user).values("pk")
        return self.visible_to(user).filter(
            Q(organisation__in=members) | Q(organisation__in=staffed)
        )

    def to_renew(self, today: object) -> Self:
        """Damaged, marked so, or whose day has come; those taken down are not."""
        return self.exclude(state=PosterState.REMOVED).filter(
            Q(state__in=[PosterState.TO_RENEW, PosterState.DAMAGED]) | Q(renew_on__lte=today)
        )


class PosterSpot(models.Model):
    public_id = models.UUIDField("identifiant", unique=True, default=uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="poster_spots", verbose_name="organisation"
    )
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+", verbose_name="commune")
    words = models.CharField("où exactement", max_length=150)
    # Of the wall itself; without it the poster is shown at the commune's.
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    state = models.CharField("état", max_length=8, choices=PosterState, default=PosterState.UP)
    photo = models.ImageField("photo", upload_to="posters/", blank=True)
    put_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name="posée par",
    )  # fmt: skip
    put_up_on = models.DateField("posée le")
    renew_on = models.DateField("à renouveler le", null=True, blank=True)
    updated_at = models.DateTimeField("modifiée le", default=timezone.now)

    objects = PosterSpotQuerySet.as_manager()

    class Meta:
        verbose_name = "affiche posée"
        verbose_name_plural = "affiches posées"
        ordering = ["commune__name", "words", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="poster_spot_position_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.words}, {self.commune}"

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude: of the wall, else of the commune."""
        if self.latitude is not None and self.longitude is not None:
            return self.latitude, self.longitude
        if self.commune.latitude is not None and self.commune.longitude is not None:
            return self.commune.latitude, self.commune.longitude
        return None

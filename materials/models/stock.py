"""Where material is, as a ledger that is only ever added to. Quantities are sums, never stored."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Sum, When
from django.utils import timezone

from materials.enums import BOUNDLESS, SHARED, LocationKind, Reason
from materials.models.catalogue import Item
from organisations.models import Organisation, User


class LocationQuerySet(models.QuerySet["Location"]):
    def real(self) -> Self:
        """Those where somebody can count what is there."""
        return self.exclude(kind__in=SHARED)

    def visible_to(self, user: User) -> Self:
        """The stocks of one's organisations and of those below them."""
        if user.scope.everything:
            return self.real()
        return self.real().filter(organisation__in=Organisation.objects.staffed_by(user))

    def kept_by(self, user: User) -> Self:
        """The stocks of the organisations in whose name the person works."""
        return self.real().filter(organisation__in=user.led)


class Location(models.Model):
    """An organisation's stock, what it took to a field action, or where material comes from."""

    kind = models.CharField("type", max_length=13, choices=LocationKind)
    # None for the places that all share: printer, on the road, used, lost, gaps.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="stocks"
    )
    label = models.CharField("nom", max_length=150)
    created_at = models.DateTimeField("créé le", default=timezone.now)

    objects = LocationQuerySet.as_manager()

    class Meta:
        verbose_name = "lieu de stock"
        verbose_name_plural = "lieux de stock"
        ordering = ["label", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SHARED) ^ Q(organisation__isnull=False),
                name="stock_has_a_keeper",
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind__in=SHARED), name="one_shared_location_per_kind"
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=~Q(kind=LocationKind.DEPLOYMENT),
                name="one_stock_per_organisation",
            ),
            models.UniqueConstraint(
                fields=["organisation", "label"],
                condition=Q(kind=LocationKind.DEPLOYMENT),
                name="one_deployment_stock_per_label",
                violation_error_message="Cette action est déjà dans la liste.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def may_go_below_zero(self) -> bool:
        return self.kind in BOUNDLESS


class Shelf(models.Model):
    """An item's place in a location: the row that is locked before its packs are moved.

    It holds no quantity: how much is there is what the movements say.
    """

    location = models.ForeignKey(Location, models.CASCADE, related_name="shelves")
    item = models.ForeignKey(Item, models.PROTECT, related_name="shelves")
    # Below so many packs, who keeps the stock is told.
    threshold = models.PositiveIntegerField("seuil d’alerte (paquets)", null=True, blank=True)

    class Meta:
        verbose_name = "étagère"
        ordering = ["location", "item"]
        constraints = [
            models.UniqueConstraint(fields=["location", "item"], name="one_shelf_per_item"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} – {self.location_id}"


class StockMovementQuerySet(models.QuerySet["StockMovement"]):
    def touching(self, location: Location) -> Self:
        return self.filter(Q(from_location=location) | Q(to_location=location))

    def balance(self, location: Location) -> int:
        """What came in minus what went out."""
        sign = Case(When(to_location=location, then=F("packs")), default=-F("packs"))
        return self.touching(location).aggregate(total=Sum(sign))["total"] or 0

    def used_since(self, moment: datetime) -> Self:
        """What served: given out, or sent to who asked; a correction takes its movement back."""
        served = (Reason.USED, Reason.SHIPPED)
        return self.filter(reason__in=served, moment__gte=moment, correction=None)


class StockMovement(models.Model):
    """Packs that went from one place to another. The database refuses any change of it."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="movements")
    from_location = models.ForeignKey(Location, models.PROTECT, related_name="departures")
    to_location = models.ForeignKey(Location, models.PROTECT, related_name="arrivals")
    packs = models.PositiveIntegerField("paquets")
    moment = models.DateTimeField("le")
    reason = models.CharField("raison", max_length=9, choices=Reason)
    order_line = models.ForeignKey(
        "materials.OrderLine", models.PROTECT, null=True, blank=True, related_name="movements"
    )
    note = models.CharField("remarque", max_length=200, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="correction"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Of the form that asked for it: sent twice, it moves once.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField("noté le", default=timezone.now)

    objects = StockMovementQuerySet.as_manager()

    class Meta:
        verbose_name = "mouvement de stock"
        verbose_name_plural = "mouvements de stock"
        ordering = ["-moment", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(packs__gt=0), name="movement_moves_something"),
            models.CheckConstraint(
                condition=~Q(from_location=F("to_location")), name="movement_goes_elsewhere"
            ),
        ]
        indexes = [
            models.Index(fields=["from_location", "item"], name="movement_departures"),
            models.Index(fields=["to_location", "item"], name="movement_arrivals"),
            models.Index(fields=["moment"], name="movement_moments"),
        ]

    def __str__(self) -> str:
        return f"{self.packs} × {self.item_id}"


class Allotment(models.Model):
    """What an organisation may count on of an item, in packs, over the campaign."""

    # Packs ordered so far, where a list added it.
    ordered: int

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="allotments")
    item = models.ForeignKey(Item, models.CASCADE, related_name="allotments")
    packs = models.PositiveIntegerField("paquets")

    class Meta:
        verbose_name = "dotation"
        ordering = ["organisation", "item"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "item"], name="one_allotment_per_organisation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.packs} × {self.item_id} – {self.organisation_id}"

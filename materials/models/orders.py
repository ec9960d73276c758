"""An order, from the basket to the last pack that was missing. Four quantities, never mixed up."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from materials.enums import OrderState
from materials.models.catalogue import Item
from materials.models.stock import Location
from organisations.models import Organisation, User


class OrderQuerySet(models.QuerySet["Order"]):
    def sent(self) -> Self:
        """Those that are no basket any more."""
        return self.exclude(state=OrderState.DRAFT)

    def visible_to(self, user: User) -> Self:
        """Those of one's organisations and of those below, and those one's own stock serves."""
        if user.scope.everything:
            return self.all()
        theirs = Organisation.objects.staffed_by(user).values("pk")
        return self.filter(Q(organisation__in=theirs) | Q(served_from__organisation__in=user.led))

    def placed_by(self, user: User) -> Self:
        """Those of the organisations in whose name the person works, or those below them."""
        return self.filter(organisation__in=Organisation.objects.staffed_by(user).values("pk"))

    def queued_for(self, user: User) -> Self:
        """Those that a stock one keeps has to serve."""
        return self.filter(served_from__organisation__in=user.led)

    def served_by(self, user: User) -> Self:
        """Those one must serve from a stock one keeps; the confederation may step in anywhere."""
        return self.all() if user.scope.everything else self.queued_for(user)


class Order(models.Model):
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="orders", verbose_name="organisation"
    )
    served_from = models.ForeignKey(
        Location, models.PROTECT, related_name="orders", verbose_name="servie par"
    )
    state = models.CharField("état", max_length=9, choices=OrderState, default=OrderState.DRAFT)
    needed_by = models.DateField("pour le", null=True, blank=True)
    note = models.CharField("remarque", max_length=300, blank=True)
    # As on a label, below the organisation's name.
    address = models.TextField("livrer à", max_length=300, blank=True)
    reply = models.CharField("réponse", max_length=300, blank=True)
    # What another order could not give; it waits for stock.
    rest_of = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="rest"
    )
    submitted_at = models.DateTimeField("envoyée le", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("créée le", default=timezone.now)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = "commande"
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state=OrderState.DRAFT),
                name="one_basket_per_organisation",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[OrderState.DRAFT, OrderState.CANCELLED])
                | Q(submitted_at__isnull=False),
                name="sent_order_has_a_date",
            ),
        ]
        indexes = [models.Index(fields=["state", "served_from"], name="order_queue")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("materials:order-detail", args=[self.pk])

    @property
    def number(self) -> str:
        """As said on the telephone."""
        return f"M-{self.pk:05d}"


class OrderLine(models.Model):
    """Packs of one item: requested, approved, shipped, received."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, models.PROTECT, related_name="order_lines")
    requested = models.PositiveIntegerField("demandés")
    # None as long as nobody has decided, sent or counted.
    approved = models.PositiveIntegerField("accordés", null=True, blank=True)
    shipped = models.PositiveIntegerField("expédiés", null=True, blank=True)
    received = models.PositiveIntegerField("reçus", null=True, blank=True)
    word = models.CharField("un mot", max_length=200, blank=True)

    class Meta:
        verbose_name = "ligne de commande"
        verbose_name_plural = "lignes de commande"
        ordering = ["item__position", "item__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "item"], name="one_line_per_item"),
            models.CheckConstraint(condition=Q(requested__gt=0), name="line_requests_something"),
            models.CheckConstraint(
                condition=Q(shipped=None) | Q(shipped__lte=F("approved")),
                name="no_more_shipped_than_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requested} × {self.item_id}"

    @property
    def difference(self) -> int:
        """Packs received beyond those shipped; below zero, those missing."""
        return (self.received or 0) - (self.shipped or 0) if self.received is not None else 0


class Shipment(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="shipments")
    parcels = models.PositiveSmallIntegerField("colis", default=1)
    carrier = models.CharField("transporteur", max_length=80, blank=True)
    tracking_url = models.URLField("lien de suivi", max_length=300, blank=True)
    sent_at = models.DateTimeField("parti le", default=timezone.now)

    class Meta:
        verbose_name = "envoi"
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(parcels__gt=0), name="shipment_has_a_parcel"),
            models.CheckConstraint(
                condition=Q(tracking_url="") | Q(tracking_url__startswith="https://"),
                name="tracking_is_https",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.parcels}"


class OrderStep(models.Model):
    """What happened to an order, when and by whom. Its key tells a form that was sent twice."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="steps")
    state = models.CharField("étape", max_length=9, choices=OrderState)
    at = models.DateTimeField("le")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.CharField("remarque", max_length=300, blank=True)
    key = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = "étape de commande"
        verbose_name_plural = "étapes de commande"
        ordering = ["order", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.state}"

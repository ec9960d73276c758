"""The day itself and what came of it. Contacts are counted along the source, never typed."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F
from django.utils import timezone

from deployments.enums import RemarkKind, TallyKind
from deployments.models.deployment import Deployment
from deployments.models.team import TeamMember


class Tally(models.Model):
    """A step of a quick counter; its identifier is made on the device, so that it counts once."""

    tally_id = models.UUIDField("identifiant", unique=True)
    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="tallies")
    kind = models.CharField("compte", max_length=8, choices=TallyKind)
    count = models.SmallIntegerField("nombre")
    # The slip this one takes back, once, by as many below nought.
    undoes = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, related_name="undone_by"
    )
    author = models.CharField("par", max_length=80, blank=True)
    counted_at = models.DateTimeField("à", default=timezone.now)

    class Meta:
        verbose_name = "comptage"
        ordering = ["counted_at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.count:+d}"


class Photo(models.Model):
    """A picture of the day; where it was taken is removed before it is kept."""

    public_id = models.UUIDField("identifiant", unique=True, default=uuid4, editable=False)
    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="photos")
    image = models.ImageField("photo", upload_to="deployments/photos/")
    caption = models.CharField("légende", max_length=150, blank=True)
    people_agreed = models.BooleanField("les personnes visibles sont d’accord", default=False)
    author = models.CharField("par", max_length=80, blank=True)
    created_at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "photo"
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.caption or str(self.public_id)


class Incident(models.Model):
    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="incidents")
    text = models.TextField("ce qui s’est passé", max_length=2000)
    author = models.CharField("par", max_length=80, blank=True)
    happened_at = models.DateTimeField("à", default=timezone.now)

    class Meta:
        verbose_name = "incident"
        ordering = ["happened_at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Debrief(models.Model):
    deployment = models.OneToOneField(Deployment, models.CASCADE, related_name="debrief")
    # Null for what nobody counted.
    people_met = models.PositiveIntegerField("personnes rencontrées", null=True, blank=True)
    leaflets = models.PositiveIntegerField("tracts distribués", null=True, blank=True)
    members_joined = models.PositiveIntegerField("adhésions", null=True, blank=True)
    participants = models.PositiveIntegerField("militant·es présent·es", null=True, blank=True)
    summary = models.TextField("bilan", max_length=5000, blank=True)
    press_release = models.TextField("communiqué de presse", max_length=5000, blank=True)
    internal_news = models.TextField("nouvelle interne", max_length=5000, blank=True)
    announcement = models.TextField("annonce de l’événement", max_length=5000, blank=True)
    closed_at = models.DateTimeField("rendu le", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=1, editable=False)
    search_text = models.TextField(editable=False)
    updated_at = models.DateTimeField("modifié le", default=timezone.now)

    class Meta:
        verbose_name = "bilan"
        indexes = [GinIndex(OpClass(F("search_text"), "gin_trgm_ops"), name="debrief_search")]

    def __str__(self) -> str:
        return f"Bilan : {self.deployment_id}"


class Remark(models.Model):
    """A « top » or a « flop » of somebody who was there."""

    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="remarks")
    kind = models.CharField("top ou flop", max_length=4, choices=RemarkKind)
    text = models.CharField("en une phrase", max_length=300)
    member = models.ForeignKey(
        TeamMember, models.SET_NULL, null=True, blank=True, related_name="remarks"
    )
    author = models.CharField("par", max_length=80, blank=True)
    created_at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "remarque"
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.text

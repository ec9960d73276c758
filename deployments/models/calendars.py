"""Addresses that a calendar program reads by itself."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from deployments.enums import FeedKind
from organisations.models import Organisation


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def active(self) -> Self:
        return self.filter(revoked_at=None, user__is_active=True)


class CalendarFeed(models.Model):
    """What the address shows is what its owner sees at that moment; only a hash of it is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feeds")
    kind = models.CharField("contenu", max_length=12, choices=FeedKind)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="feeds"
    )
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("créé le", default=timezone.now)
    last_read_at = models.DateTimeField("lu le", null=True, blank=True)
    revoked_at = models.DateTimeField("retiré le", null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = "agenda abonné"
        verbose_name_plural = "agendas abonnés"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=FeedKind.ORGANISATION) ^ Q(organisation=None),
                name="feed_of_an_organisation_names_it",
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

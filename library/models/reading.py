"""What is kept of readers: who took something today, until the night, and when they last came."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class DownloadMark(models.Model):
    """Somebody took something today, as a keyed hash of both; gone the night after."""

    mark = models.CharField(max_length=64, primary_key=True)
    day = models.DateField(db_index=True)

    class Meta:
        verbose_name = "marque de téléchargement"
        verbose_name_plural = "marques de téléchargement"

    def __str__(self) -> str:
        return str(self.day)


class Visit(models.Model):
    """The one row of an account: when its visit began, and the visit before."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", primary_key=True
    )
    began_at = models.DateTimeField("visite commencée le")
    # None: this is the first one, and everything would be new.
    previous_at = models.DateTimeField("visite précédente", null=True, blank=True)

    class Meta:
        verbose_name = "visite des ressources"
        verbose_name_plural = "visites des ressources"
        constraints = [
            models.CheckConstraint(
                condition=Q(previous_at=None) | Q(previous_at__lt=models.F("began_at")),
                name="visits_follow_each_other",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.began_at}"

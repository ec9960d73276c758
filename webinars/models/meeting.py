"""Where a session is held. The address is encrypted: see `webinars.meetings`."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from webinars.models.webinar import Webinar


class Meeting(models.Model):
    """Address, number and secret of a meeting room, of any provider, sealed as one."""

    webinar = models.OneToOneField(Webinar, models.CASCADE, related_name="meeting")
    provider = models.CharField("service", max_length=60, blank=True)
    sealed = models.TextField(editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField("modifiée le", default=timezone.now)

    class Meta:
        verbose_name = "salle de réunion"
        verbose_name_plural = "salles de réunion"

    def __str__(self) -> str:
        return f"{self.webinar_id}, {self.provider}"

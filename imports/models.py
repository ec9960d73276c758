"""Lists of people that an organisation brings from elsewhere, with the proof of their consent.

The uploaded file is not kept: its lines wait in the database, in chunks, and go once they are
imported. What a worker has done is marked on each chunk in the transaction that did it, so that a
worker killed in the middle loses nothing and doubles nothing.
"""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from contacts.enums import ConsentChannel
from contacts.models import Source
from imports.enums import AT_WORK, ConsentOrigin, Status
from organisations.models import Organisation, User
from territory.models import Trade


class ContactImportQuerySet(models.QuerySet["ContactImport"]):
    def visible_to(self, user: User) -> Self:
        """Those of the organisations the person works for: a list holds people of any place."""
        return self.filter(organisation__in=user.led)

    def at_work(self) -> Self:
        return self.filter(status__in=AT_WORK)


class ContactImport(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="contact_imports", verbose_name="organisation"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name="importée par",
    )  # fmt: skip
    label = models.CharField("intitulé", max_length=150)
    file_name = models.CharField("fichier", max_length=200)
    # Of the file's content: the same list sent twice is said so.
    digest = models.CharField(max_length=64, editable=False)
    status = models.CharField("état", max_length=9, choices=Status, default=Status.DRAFT)
    headers = models.JSONField("titres des colonnes", default=list)
    # {target: number of the column}
    columns = models.JSONField("colonnes", default=dict)
    line_count = models.PositiveIntegerField("lignes", default=0)
    default_trade = models.ForeignKey(
        Trade, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="métier de toute la liste",
    )  # fmt: skip
    default_postcode = models.CharField("code postal de toute la liste", max_length=5, blank=True)
    origin = models.CharField("origine", max_length=10, choices=ConsentOrigin, blank=True)
    consented_on = models.DateField("accord donné le", null=True, blank=True)
    words = models.TextField("texte accepté", blank=True)
    circumstances = models.TextField("circonstances", blank=True)
    channels = ArrayField(
        models.CharField(max_length=5, choices=ConsentChannel), default=list, blank=True,
        verbose_name="canaux acceptés",
    )  # fmt: skip
    asked_to_be_called = models.BooleanField("ont demandé à être rappelées", default=False)
    sends_welcome = models.BooleanField("message de bienvenue", default=False)
    # Made when the import is confirmed: the funnel of the list is counted along it.
    source = models.OneToOneField(Source, models.PROTECT, null=True, related_name="contact_import")
    created_at = models.DateTimeField("envoyée le", default=timezone.now)
    confirmed_at = models.DateTimeField("confirmée le", null=True)
    finished_at = models.DateTimeField("terminée le", null=True)
    # When a worker last finished a chunk: a silent one is started again.
    worked_at = models.DateTimeField(default=timezone.now, editable=False)
    # When the lines were removed.
    emptied_at = models.DateTimeField(null=True, editable=False)

    objects = ContactImportQuerySet.as_manager()

    class Meta:
        verbose_name = "liste importée"
        verbose_name_plural = "listes importées"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None)
                | (~Q(origin="") & Q(consented_on__isnull=False) & ~Q(words="") & ~Q(channels=[])),
                name="import_has_proof_of_consent",
            )
        ]

    def __str__(self) -> str:
        return self.label


class ImportChunk(models.Model):
    """Some hundred lines of a list: what one transaction of a worker checks or imports."""

    contact_import = models.ForeignKey(ContactImport, models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    # In the file; the lines themselves go once they are imported.
    first_line = models.PositiveIntegerField()
    last_line = models.PositiveIntegerField()
    # [[line number in the file, [cell, cell…]], …]
    lines = models.JSONField(default=list)
    # [[line number, what is wrong], …]
    errors = models.JSONField(default=list)
    # What the check foretells and what the import did: {"new": 12, …}.
    foretold = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    is_checked = models.BooleanField(default=False)
    is_imported = models.BooleanField(default=False)
    is_undone = models.BooleanField(default=False)

    class Meta:
        verbose_name = "partie de liste"
        verbose_name_plural = "parties de liste"
        ordering = ["contact_import", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contact_import", "number"], name="chunk_number_unique")
        ]

    def __str__(self) -> str:
        return f"{self.contact_import_id} – {self.number}"

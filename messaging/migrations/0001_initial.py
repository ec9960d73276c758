import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("territory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Suppression",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "E-mail"), ("sms", "SMS")],
                        max_length=5,
                        verbose_name="canal",
                    ),
                ),
                ("address_hash", models.CharField(max_length=64, verbose_name="empreinte")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("stop", "A répondu STOP"),
                            ("unsubscribed", "Désinscription"),
                            ("erased", "Effacement demandé"),
                            ("bounced", "Adresse en erreur"),
                        ],
                        max_length=12,
                        verbose_name="raison",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="depuis"),
                ),
            ],
            options={
                "verbose_name": "opposition",
                "ordering": ["-created_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "address_hash"), name="suppression_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "unique_key",
                    models.CharField(max_length=200, unique=True, verbose_name="clé unique"),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "E-mail"), ("sms", "SMS")],
                        max_length=5,
                        verbose_name="canal",
                    ),
                ),
                ("purpose", models.CharField(max_length=40, verbose_name="objet")),
                ("recipient", models.CharField(max_length=254, verbose_name="destinataire")),
                ("language", models.CharField(default="fr", max_length=5, verbose_name="langue")),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="sujet")),
                ("text", models.TextField(verbose_name="texte")),
                ("html", models.TextField(blank=True, verbose_name="HTML")),
                ("attachments", models.JSONField(default=list, verbose_name="pièces jointes")),
                (
                    "unsubscribe_url",
                    models.URLField(blank=True, max_length=500, verbose_name="désinscription"),
                ),
                (
                    "is_secret",
                    models.BooleanField(default=False, verbose_name="corps effacé après envoi"),
                ),
                (
                    "is_transactional",
                    models.BooleanField(default=False, verbose_name="réponse immédiate"),
                ),
                (
                    "due_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="à envoyer à partir de"
                    ),
                ),
                (
                    "not_after",
                    models.DateTimeField(null=True, verbose_name="à ne pas envoyer après"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "En attente"),
                            ("claimed", "En cours d'envoi"),
                            ("sent", "Envoyé"),
                            ("skipped", "Non envoyé (règle)"),
                            ("failed", "Échec définitif"),
                            ("uncertain", "À vérifier"),
                        ],
                        default="queued",
                        max_length=9,
                        verbose_name="état",
                    ),
                ),
                ("lease_until", models.DateTimeField(null=True, verbose_name="réservé jusqu'à")),
                (
                    "claimed_by",
                    models.CharField(blank=True, max_length=100, verbose_name="réservé par"),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="essais")),
                (
                    "handed_over_at",
                    models.DateTimeField(null=True, verbose_name="remise commencée le"),
                ),
                ("sent_at", models.DateTimeField(null=True, verbose_name="envoyé le")),
                (
                    "provider_reference",
                    models.CharField(blank=True, max_length=200, verbose_name="référence"),
                ),
                (
                    "skip_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("expired", "Date limite dépassée"),
                            ("suppressed", "Ne veut plus être contacté·e"),
                            ("no-consent", "Pas de consentement"),
                            ("no-channel", "Canal non configuré"),
                            ("cancelled", "Annulé"),
                        ],
                        max_length=12,
                        verbose_name="raison",
                    ),
                ),
                (
                    "last_error",
                    models.CharField(blank=True, max_length=500, verbose_name="dernière erreur"),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="créé le"),
                ),
                (
                    "departement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="territory.departement",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "ordering": ["-created_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "queued")),
                        fields=["due_at"],
                        name="message_queued",
                    ),
                    models.Index(
                        condition=models.Q(("status", "claimed")),
                        fields=["lease_until"],
                        name="message_claimed",
                    ),
                    models.Index(fields=["-created_at"], name="message_recent"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "sent"), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="sent_message_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "skipped"), ("skip_reason", ""), _connector="XOR"
                        ),
                        name="skipped_message_has_reason",
                    ),
                ],
            },
        ),
    ]

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contacts", "0007_imported_lists"),
        ("organisations", "0002_session_version"),
        ("territory", "0003_well_known_communes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactImport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("label", models.CharField(max_length=150, verbose_name="intitulé")),
                ("file_name", models.CharField(max_length=200, verbose_name="fichier")),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "À préparer"),
                            ("checking", "Vérification en cours"),
                            ("ready", "À confirmer"),
                            ("running", "Import en cours"),
                            ("done", "Importée"),
                            ("cancelled", "Arrêtée"),
                            ("undoing", "Annulation en cours"),
                            ("undone", "Annulée"),
                        ],
                        default="draft",
                        max_length=9,
                        verbose_name="état",
                    ),
                ),
                ("headers", models.JSONField(default=list, verbose_name="titres des colonnes")),
                ("columns", models.JSONField(default=dict, verbose_name="colonnes")),
                ("line_count", models.PositiveIntegerField(default=0, verbose_name="lignes")),
                (
                    "default_postcode",
                    models.CharField(
                        blank=True, max_length=5, verbose_name="code postal de toute la liste"
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("paper", "Un formulaire papier signé ou coché"),
                            ("online", "Un formulaire en ligne"),
                            ("meeting", "Une réunion ou une permanence"),
                            ("phone", "Un appel téléphonique"),
                            ("membership", "Une adhésion ou une demande d’aide"),
                        ],
                        max_length=10,
                        verbose_name="origine",
                    ),
                ),
                (
                    "consented_on",
                    models.DateField(blank=True, null=True, verbose_name="accord donné le"),
                ),
                ("words", models.TextField(blank=True, verbose_name="texte accepté")),
                ("circumstances", models.TextField(blank=True, verbose_name="circonstances")),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("email", "E-mail"), ("sms", "SMS"), ("call", "Téléphone")],
                            max_length=5,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="canaux acceptés",
                    ),
                ),
                (
                    "sends_welcome",
                    models.BooleanField(default=False, verbose_name="message de bienvenue"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="envoyée le"
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmée le")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="terminée le")),
                (
                    "worked_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("emptied_at", models.DateTimeField(editable=False, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="importée par",
                    ),
                ),
                (
                    "default_trade",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="territory.trade",
                        verbose_name="métier de toute la liste",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_imports",
                        to="organisations.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "source",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_import",
                        to="contacts.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "liste importée",
                "verbose_name_plural": "listes importées",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ImportChunk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("size", models.PositiveIntegerField()),
                ("first_line", models.PositiveIntegerField()),
                ("last_line", models.PositiveIntegerField()),
                ("lines", models.JSONField(default=list)),
                ("errors", models.JSONField(default=list)),
                ("foretold", models.JSONField(default=dict)),
                ("outcome", models.JSONField(default=dict)),
                ("is_checked", models.BooleanField(default=False)),
                ("is_imported", models.BooleanField(default=False)),
                ("is_undone", models.BooleanField(default=False)),
                (
                    "contact_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunks",
                        to="imports.contactimport",
                    ),
                ),
            ],
            options={
                "verbose_name": "partie de liste",
                "verbose_name_plural": "parties de liste",
                "ordering": ["contact_import", "number"],
            },
        ),
        migrations.AddConstraint(
            model_name="contactimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_at", None),
                    models.Q(
                        models.Q(("origin", ""), _negated=True),
                        ("consented_on__isnull", False),
                        models.Q(("words", ""), _negated=True),
                        models.Q(("channels", []), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="import_has_proof_of_consent",
            ),
        ),
        migrations.AddConstraint(
            model_name="importchunk",
            constraint=models.UniqueConstraint(
                fields=("contact_import", "number"), name="chunk_number_unique"
            ),
        ),
    ]

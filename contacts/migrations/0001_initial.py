import uuid

import django.utils.timezone
import phonenumber_field.modelfields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Capture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "capture_id",
                    models.UUIDField(default=uuid.uuid4, unique=True, verbose_name="identifiant"),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("self", "Inscription par la personne"),
                            ("tablet", "Saisie par un·e militant·e"),
                        ],
                        max_length=6,
                        verbose_name="moyen",
                    ),
                ),
                ("device_hash", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "created_contact",
                    models.BooleanField(default=True, verbose_name="nouveau contact"),
                ),
                (
                    "device_time",
                    models.DateTimeField(blank=True, null=True, verbose_name="heure de l'appareil"),
                ),
                (
                    "server_time",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="heure du serveur"
                    ),
                ),
            ],
            options={
                "verbose_name": "prise de contact",
                "verbose_name_plural": "prises de contact",
                "ordering": ["-server_time", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("vote-reminders", "Rappels de vote"),
                            ("call-back", "Être rappelé·e"),
                        ],
                        max_length=20,
                        verbose_name="finalité",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "E-mail"), ("sms", "SMS"), ("call", "Téléphone")],
                        max_length=5,
                        verbose_name="canal",
                    ),
                ),
                ("is_given", models.BooleanField(verbose_name="donné")),
                (
                    "given_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="le"),
                ),
            ],
            options={
                "verbose_name": "consentement",
                "ordering": ["-given_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ConsentWording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                ("language", models.CharField(default="fr", max_length=5, verbose_name="langue")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("vote-reminders", "Rappels de vote"),
                            ("call-back", "Être rappelé·e"),
                        ],
                        max_length=20,
                        verbose_name="finalité",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "E-mail"), ("sms", "SMS"), ("call", "Téléphone")],
                        max_length=5,
                        verbose_name="canal",
                    ),
                ),
                ("text", models.TextField(verbose_name="texte")),
                ("notice", models.TextField(verbose_name="information")),
                (
                    "published_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="publié le"
                    ),
                ),
            ],
            options={
                "verbose_name": "formulation du consentement",
                "verbose_name_plural": "formulations du consentement",
                "ordering": ["purpose", "channel", "language", "-version"],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_name", models.CharField(max_length=80, verbose_name="prénom")),
                (
                    "phone",
                    phonenumber_field.modelfields.PhoneNumberField(
                        blank=True, max_length=128, region=None, verbose_name="téléphone"
                    ),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="adresse e-mail"),
                ),
                ("postcode", models.CharField(max_length=5, verbose_name="code postal du travail")),
                ("language", models.CharField(default="fr", max_length=5, verbose_name="langue")),
                ("link_version", models.PositiveSmallIntegerField(default=1, editable=False)),
                ("search_text", models.TextField(editable=False)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="créé le"),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="modifié le"
                    ),
                ),
            ],
            options={
                "verbose_name": "contact",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=12, unique=True, verbose_name="code")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("poster", "Affiche"),
                            ("flyer", "Flyer"),
                            ("activist", "Militant·e"),
                            ("deployment", "Déploiement"),
                            ("website", "Site internet"),
                            ("paper", "Feuille papier"),
                        ],
                        max_length=10,
                        verbose_name="type",
                    ),
                ),
                ("label", models.CharField(max_length=150, verbose_name="intitulé")),
                ("is_active", models.BooleanField(default=True, verbose_name="ouverte")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="créée le"
                    ),
                ),
            ],
            options={
                "verbose_name": "source",
                "ordering": ["-created_at", "-pk"],
            },
        ),
    ]

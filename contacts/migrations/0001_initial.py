import uuid

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0002_session_version"),
        ("territory", "0002_reference_import"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

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
                    "differences",
                    models.JSONField(blank=True, default=dict, verbose_name="différences"),
                ),
                (
                    "device_time",
                    models.DateTimeField(blank=True, null=True, verbose_name="heure de l’appareil"),
                ),
                (
                    "server_time",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="heure du serveur"
                    ),
                ),
                (
                    "captured_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="captures",
                        to=settings.AUTH_USER_MODEL,
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "language", "purpose", "channel"), name="wording_unique"
                    )
                ],
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
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="territory.collectiveagreement",
                        verbose_name="convention collective",
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="territory.commune",
                        verbose_name="commune du travail",
                    ),
                ),
                (
                    "departement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="territory.departement",
                        verbose_name="département",
                    ),
                ),
                (
                    "possible_duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="possible_duplicates",
                        to="contacts.contact",
                        verbose_name="doublon possible de",
                    ),
                ),
                (
                    "trade",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="territory.trade",
                        verbose_name="métier",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact",
                "ordering": ["-created_at", "-pk"],
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
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "capture",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="contacts.capture",
                    ),
                ),
                (
                    "wording",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="contacts.consentwording",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="contacts.contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "consentement",
                "ordering": ["-given_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="capture",
            name="contact",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="captures",
                to="contacts.contact",
            ),
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
                (
                    "activist",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="sources",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="militant·e",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sources",
                        to="organisations.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "trade",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="territory.trade",
                        verbose_name="métier proposé",
                    ),
                ),
            ],
            options={
                "verbose_name": "source",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="capture",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="captures",
                to="contacts.source",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["-created_at", "-id"], name="contact_recent"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                fields=["departement", "-created_at", "-id"], name="contact_departement"
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                fields=["agreement", "-created_at", "-id"], name="contact_agreement"
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["commune", "-created_at", "-id"], name="contact_commune"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["postcode"], name="contact_postcode"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("phone", ""), _negated=True),
                fields=["phone"],
                name="contact_phone",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("email", ""), _negated=True),
                fields=["email"],
                name="contact_email",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(models.F("search_text"), "gin_trgm_ops"),
                name="contact_search",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("phone", ""), _negated=True),
                    models.Q(("email", ""), _negated=True),
                    _connector="OR",
                ),
                name="contact_can_be_reached",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("possible_duplicate_of", models.F("pk")), _negated=True),
                name="contact_not_its_own_duplicate",
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                fields=["contact", "purpose", "channel", "-given_at", "-id"], name="consent_latest"
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "activist")),
                fields=("activist", "organisation"),
                name="one_source_per_activist",
            ),
        ),
        migrations.AddIndex(
            model_name="capture",
            index=models.Index(fields=["source", "-server_time"], name="capture_source"),
        ),
        migrations.AddIndex(
            model_name="capture",
            index=models.Index(fields=["captured_by", "-server_time"], name="capture_author"),
        ),
        migrations.AddIndex(
            model_name="capture",
            index=models.Index(
                condition=models.Q(("device_hash", ""), _negated=True),
                fields=["device_hash", "-server_time"],
                name="capture_device",
            ),
        ),
    ]

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import library.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("territory", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="identifiant")),
                ("title", models.CharField(max_length=150, verbose_name="titre")),
                ("summary", models.CharField(blank=True, max_length=300, verbose_name="résumé")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("slides", "Diaporama"),
                            ("talking-points", "Argumentaire"),
                            ("visual", "Visuel"),
                            ("guide", "Guide"),
                            ("press", "Presse"),
                            ("other", "Autre document"),
                        ],
                        max_length=14,
                        verbose_name="type",
                    ),
                ),
                (
                    "retired_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="retiré le"),
                ),
                ("search_text", models.TextField(default="", editable=False)),
                (
                    "agreements",
                    models.ManyToManyField(
                        blank=True,
                        to="territory.collectiveagreement",
                        verbose_name="conventions collectives",
                    ),
                ),
                (
                    "trades",
                    models.ManyToManyField(
                        blank=True, to="territory.trade", verbose_name="métiers"
                    ),
                ),
            ],
            options={
                "verbose_name": "document",
                "ordering": ["kind", "title"],
            },
        ),
        migrations.CreateModel(
            name="RightsSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="identifiant")),
                ("title", models.CharField(max_length=150, verbose_name="titre")),
                (
                    "is_general",
                    models.BooleanField(default=True, verbose_name="utile à tous les métiers"),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                ("search_text", models.TextField(default="", editable=False)),
                (
                    "agreements",
                    models.ManyToManyField(
                        blank=True,
                        to="territory.collectiveagreement",
                        verbose_name="conventions collectives",
                    ),
                ),
                (
                    "trades",
                    models.ManyToManyField(
                        blank=True, to="territory.trade", verbose_name="métiers"
                    ),
                ),
            ],
            options={
                "verbose_name": "fiche de droits",
                "verbose_name_plural": "fiches de droits",
                "ordering": ["position", "title"],
            },
        ),
        migrations.CreateModel(
            name="DocumentVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "file",
                    models.FileField(
                        upload_to=library.models.document_path, verbose_name="fichier"
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="nom du fichier")),
                ("content_type", models.CharField(max_length=100, verbose_name="format")),
                ("size", models.PositiveIntegerField(verbose_name="taille (octets)")),
                (
                    "added_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="ajouté le"
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="library.document",
                    ),
                ),
            ],
            options={
                "verbose_name": "version de document",
                "verbose_name_plural": "versions de document",
                "ordering": ["document", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "number"), name="document_version_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size__gt", 0)), name="document_file_not_empty"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RightsSheetVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Brouillon"),
                            ("published", "Publiée"),
                            ("retired", "Retirée"),
                        ],
                        default="draft",
                        max_length=9,
                        verbose_name="état",
                    ),
                ),
                ("content", models.JSONField(verbose_name="contenu")),
                ("verified_on", models.DateField(verbose_name="vérifiée le")),
                (
                    "pdf",
                    models.FileField(
                        blank=True,
                        max_length=250,
                        upload_to=library.models.sheet_path,
                        verbose_name="PDF",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="créée le"
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="enregistrement")),
                (
                    "saved_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="enregistrée le"
                    ),
                ),
                (
                    "is_shipped",
                    models.BooleanField(default=False, verbose_name="livrée avec le logiciel"),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="publiée le"),
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
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="library.rightssheet",
                    ),
                ),
            ],
            options={
                "verbose_name": "version de fiche",
                "verbose_name_plural": "versions de fiche",
                "ordering": ["sheet", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sheet", "number"), name="sheet_version_unique"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("sheet",),
                        name="one_published_version",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("sheet",),
                        name="one_draft_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            models.Q(
                                ("published_at__isnull", False),
                                models.Q(("pdf", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="published_version_has_pdf",
                    ),
                ],
            },
        ),
    ]

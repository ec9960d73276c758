import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("territory", "0001_initial"),
    ]

    operations = [
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
                ("file", models.FileField(upload_to="library/documents/", verbose_name="fichier")),
                ("name", models.CharField(max_length=150, verbose_name="nom du fichier")),
                ("content_type", models.CharField(max_length=100, verbose_name="format")),
                ("size", models.PositiveIntegerField(verbose_name="taille (octets)")),
                (
                    "added_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="ajouté le"
                    ),
                ),
            ],
            options={
                "verbose_name": "version de document",
                "verbose_name_plural": "versions de document",
                "ordering": ["document", "-number"],
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
            ],
            options={
                "verbose_name": "fiche de droits",
                "verbose_name_plural": "fiches de droits",
                "ordering": ["position", "title"],
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
                    models.FileField(blank=True, upload_to="library/sheets/", verbose_name="PDF"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="créée le"
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="publiée le"),
                ),
            ],
            options={
                "verbose_name": "version de fiche",
                "verbose_name_plural": "versions de fiche",
                "ordering": ["sheet", "-number"],
            },
        ),
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
    ]

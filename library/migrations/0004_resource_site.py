import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import library.models.documents


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0003_search_without_accents"),
        ("organisations", "0006_phone_constraint"),
        ("territory", "0007_zones_of_academies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Collection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="identifiant")),
                ("title", models.CharField(max_length=80, verbose_name="titre")),
                (
                    "summary",
                    models.CharField(blank=True, max_length=300, verbose_name="à quoi elle sert"),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="enregistrement")),
            ],
            options={
                "verbose_name": "collection",
                "ordering": ["position", "title"],
            },
        ),
        migrations.CreateModel(
            name="DownloadCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="jour")),
                ("count", models.PositiveIntegerField(default=0, verbose_name="téléchargements")),
            ],
            options={
                "verbose_name": "téléchargements d’un jour",
                "verbose_name_plural": "téléchargements par jour",
                "ordering": ["-day", "document"],
            },
        ),
        migrations.CreateModel(
            name="DownloadMark",
            fields=[
                ("mark", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("day", models.DateField(db_index=True)),
            ],
            options={
                "verbose_name": "marque de téléchargement",
                "verbose_name_plural": "marques de téléchargement",
            },
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="rang")),
            ],
            options={
                "verbose_name": "place dans une collection",
                "verbose_name_plural": "places dans une collection",
                "ordering": ["collection", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("began_at", models.DateTimeField(verbose_name="visite commencée le")),
                (
                    "previous_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="visite précédente"),
                ),
            ],
            options={
                "verbose_name": "visite des ressources",
                "verbose_name_plural": "visites des ressources",
            },
        ),
        migrations.AlterModelOptions(
            name="document",
            options={"ordering": ["kind", "title", "pk"], "verbose_name": "document"},
        ),
        migrations.AddField(
            model_name="document",
            name="audience",
            field=models.CharField(
                choices=[
                    ("public", "Tout le monde, même sans compte"),
                    ("members", "Militant·es et équipes"),
                    ("staff", "Équipes des organisations"),
                    ("confederation", "Équipe confédérale"),
                ],
                default="members",
                max_length=13,
                verbose_name="pour qui",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="batch",
            field=models.UUIDField(blank=True, db_index=True, null=True, verbose_name="lot"),
        ),
        migrations.AddField(
            model_name="document",
            name="checked_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="relu le"),
        ),
        migrations.AddField(
            model_name="document",
            name="departement",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="territory.departement",
                verbose_name="département",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="expires_on",
            field=models.DateField(blank=True, null=True, verbose_name="dernier jour"),
        ),
        migrations.AddField(
            model_name="document",
            name="file_text",
            field=models.TextField(default="", editable=False),
        ),
        migrations.AddField(
            model_name="document",
            name="message",
            field=models.TextField(blank=True, max_length=1500, verbose_name="message"),
        ),
        migrations.AddField(
            model_name="document",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="organisations.organisation",
                verbose_name="publié par",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="published_at",
            field=models.DateTimeField(
                blank=True, default=django.utils.timezone.now, null=True, verbose_name="publié le"
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="published_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="renewed_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, verbose_name="nouveau le"
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="retired_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="revision",
            field=models.PositiveIntegerField(default=1, verbose_name="enregistrement"),
        ),
        migrations.AddField(
            model_name="document",
            name="saved_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="successor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="predecessors",
                to="library.document",
                verbose_name="remplacé par",
            ),
        ),
        migrations.AddField(
            model_name="documentversion",
            name="preview",
            field=models.FileField(
                blank=True, upload_to=library.models.documents.preview_path, verbose_name="aperçu"
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.CombinedSearchVector(
                    django.contrib.postgres.search.CombinedSearchVector(
                        django.contrib.postgres.search.CombinedSearchVector(
                            django.contrib.postgres.search.CombinedSearchVector(
                                django.contrib.postgres.search.CombinedSearchVector(
                                    django.contrib.postgres.search.CombinedSearchVector(
                                        django.contrib.postgres.search.CombinedSearchVector(
                                            django.contrib.postgres.search.CombinedSearchVector(
                                                django.contrib.postgres.search.CombinedSearchVector(
                                                    django.contrib.postgres.search.SearchVector(
                                                        "title", config="french", weight="A"
                                                    ),
                                                    "||",
                                                    django.contrib.postgres.search.SearchVector(
                                                        "title", config="library_french", weight="A"
                                                    ),
                                                    django.contrib.postgres.search.SearchConfig(
                                                        "french"
                                                    ),
                                                ),
                                                "||",
                                                django.contrib.postgres.search.SearchVector(
                                                    "summary", config="french", weight="B"
                                                ),
                                                django.contrib.postgres.search.SearchConfig(
                                                    "french"
                                                ),
                                            ),
                                            "||",
                                            django.contrib.postgres.search.SearchVector(
                                                "summary", config="library_french", weight="B"
                                            ),
                                            django.contrib.postgres.search.SearchConfig("french"),
                                        ),
                                        "||",
                                        django.contrib.postgres.search.SearchVector(
                                            "message", config="french", weight="B"
                                        ),
                                        django.contrib.postgres.search.SearchConfig("french"),
                                    ),
                                    "||",
                                    django.contrib.postgres.search.SearchVector(
                                        "message", config="library_french", weight="B"
                                    ),
                                    django.contrib.postgres.search.SearchConfig("french"),
                                ),
                                "||",
                                django.contrib.postgres.search.SearchVector(
                                    "search_text", config="french", weight="C"
                                ),
                                django.contrib.postgres.search.SearchConfig("french"),
                            ),
                            "||",
                            django.contrib.postgres.search.SearchVector(
                                "search_text", config="library_french", weight="C"
                            ),
                            django.contrib.postgres.search.SearchConfig("french"),
                        ),
                        "||",
                        django.contrib.postgres.search.SearchVector(
                            "file_text", config="french", weight="D"
                        ),
                        django.contrib.postgres.search.SearchConfig("french"),
                    ),
                    "||",
                    django.contrib.postgres.search.SearchVector(
                        "file_text", config="library_french", weight="D"
                    ),
                    django.contrib.postgres.search.SearchConfig("french"),
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddField(
            model_name="rightssheet",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.CombinedSearchVector(
                    django.contrib.postgres.search.SearchVector(
                        "title", config="library_french", weight="A"
                    ),
                    "||",
                    django.contrib.postgres.search.SearchVector(
                        "search_text", config="library_french", weight="B"
                    ),
                    django.contrib.postgres.search.SearchConfig("library_french"),
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search"], name="document_search"
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_text"], name="document_words", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("successor", models.F("pk")), _negated=True),
                name="document_not_its_own_successor",
            ),
        ),
        migrations.AddField(
            model_name="downloadcount",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="downloads",
                to="library.document",
            ),
        ),
        migrations.AddField(
            model_name="placement",
            name="collection",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="placements",
                to="library.collection",
            ),
        ),
        migrations.AddField(
            model_name="placement",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="placements",
                to="library.document",
            ),
        ),
        migrations.AddField(
            model_name="collection",
            name="documents",
            field=models.ManyToManyField(
                related_name="collections",
                through="library.Placement",
                to="library.document",
                verbose_name="documents",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("previous_at", None),
                    ("previous_at__lt", models.F("began_at")),
                    _connector="OR",
                ),
                name="visits_follow_each_other",
            ),
        ),
        migrations.AddConstraint(
            model_name="downloadcount",
            constraint=models.UniqueConstraint(fields=("document", "day"), name="one_count_a_day"),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.UniqueConstraint(
                fields=("collection", "document"), name="placed_once"
            ),
        ),
    ]

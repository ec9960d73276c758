import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("library", "0001_initial"),
        ("territory", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="documentversion",
            name="added_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="documentversion",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="versions",
                to="library.document",
            ),
        ),
        migrations.AddField(
            model_name="rightssheet",
            name="agreements",
            field=models.ManyToManyField(
                blank=True,
                to="territory.collectiveagreement",
                verbose_name="conventions collectives",
            ),
        ),
        migrations.AddField(
            model_name="rightssheet",
            name="trades",
            field=models.ManyToManyField(blank=True, to="territory.trade", verbose_name="métiers"),
        ),
        migrations.AddField(
            model_name="rightssheetversion",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rightssheetversion",
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
            model_name="rightssheetversion",
            name="sheet",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="versions",
                to="library.rightssheet",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.UniqueConstraint(
                fields=("document", "number"), name="document_version_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gt", 0)), name="document_file_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="rightssheetversion",
            constraint=models.UniqueConstraint(
                fields=("sheet", "number"), name="sheet_version_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="rightssheetversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "published")),
                fields=("sheet",),
                name="one_published_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightssheetversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")), fields=("sheet",), name="one_draft_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="rightssheetversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    models.Q(("published_at__isnull", False), models.Q(("pdf", ""), _negated=True)),
                    _connector="OR",
                ),
                name="published_version_has_pdf",
            ),
        ),
    ]

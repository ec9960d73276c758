import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("territory", "0004_school_holidays"),
    ]

    operations = [
        migrations.CreateModel(
            name="Academie",
            fields=[
                (
                    "name",
                    models.CharField(
                        max_length=40, primary_key=True, serialize=False, verbose_name="nom"
                    ),
                ),
                ("zone", models.CharField(blank=True, max_length=1, verbose_name="zone")),
            ],
            options={
                "verbose_name": "académie",
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="departement",
            name="academie",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="departements",
                to="territory.academie",
                verbose_name="académie",
            ),
        ),
    ]

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.contrib.postgres.operations import (
    BtreeGistExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.CreateModel(
            name="CollectiveAgreement",
            fields=[
                (
                    "idcc",
                    models.CharField(
                        max_length=4, primary_key=True, serialize=False, verbose_name="IDCC"
                    ),
                ),
                ("short_title", models.CharField(max_length=300, verbose_name="titre court")),
                ("title", models.TextField(verbose_name="titre")),
                ("headcount", models.PositiveIntegerField(null=True, verbose_name="effectif")),
                ("search_text", models.TextField(editable=False)),
            ],
            options={
                "verbose_name": "convention collective",
                "verbose_name_plural": "conventions collectives",
                "ordering": ["idcc"],
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=3, primary_key=True, serialize=False, verbose_name="code"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="nom")),
                (
                    "zone",
                    models.CharField(
                        choices=[
                            ("metro", "Métropole"),
                            ("drom", "Département d’outre-mer"),
                            ("com", "Collectivité d’outre-mer"),
                        ],
                        max_length=5,
                        verbose_name="zone",
                    ),
                ),
            ],
            options={
                "verbose_name": "région",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Trade",
            fields=[
                (
                    "slug",
                    models.SlugField(
                        max_length=60, primary_key=True, serialize=False, verbose_name="identifiant"
                    ),
                ),
                ("label", models.CharField(max_length=120, verbose_name="métier")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                ("is_active", models.BooleanField(default=True, verbose_name="proposé")),
                ("search_text", models.TextField(editable=False)),
            ],
            options={
                "verbose_name": "métier",
                "ordering": ["position", "label"],
            },
        ),
        migrations.CreateModel(
            name="Activity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "nomenclature",
                    models.CharField(default="rev2", max_length=10, verbose_name="nomenclature"),
                ),
                ("code", models.CharField(max_length=6, verbose_name="code")),
                ("label", models.CharField(max_length=300, verbose_name="libellé")),
            ],
            options={
                "verbose_name": "activité (NAF)",
                "verbose_name_plural": "activités (NAF)",
                "ordering": ["nomenclature", "code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("nomenclature", "code"), name="activity_code_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicHoliday",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField(verbose_name="date")),
                ("name", models.CharField(max_length=80, verbose_name="nom")),
                ("area", models.CharField(blank=True, max_length=3, verbose_name="zone")),
            ],
            options={
                "verbose_name": "jour férié",
                "verbose_name_plural": "jours fériés",
                "ordering": ["date", "area"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("date", "area", "name"), name="public_holiday_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Departement",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=3, primary_key=True, serialize=False, verbose_name="code"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="nom")),
                ("prefecture", models.CharField(max_length=80, verbose_name="préfecture")),
                ("population", models.PositiveIntegerField(default=0, verbose_name="population")),
                ("latitude", models.FloatField(null=True, verbose_name="latitude")),
                ("longitude", models.FloatField(null=True, verbose_name="longitude")),
                (
                    "zone",
                    models.CharField(
                        choices=[
                            ("metro", "Métropole"),
                            ("drom", "Département d’outre-mer"),
                            ("com", "Collectivité d’outre-mer"),
                        ],
                        max_length=5,
                        verbose_name="zone",
                    ),
                ),
                ("time_zone", models.CharField(max_length=40, verbose_name="fuseau horaire")),
                (
                    "phone_region",
                    models.CharField(max_length=2, verbose_name="région téléphonique"),
                ),
                ("search_text", models.TextField(editable=False)),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="departements",
                        to="territory.region",
                    ),
                ),
            ],
            options={
                "verbose_name": "département",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="TradeAgreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField(default=0, verbose_name="rang")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trade_ranks",
                        to="territory.collectiveagreement",
                    ),
                ),
                (
                    "trade",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreement_ranks",
                        to="territory.trade",
                    ),
                ),
            ],
            options={
                "verbose_name": "convention d’un métier",
                "verbose_name_plural": "conventions d’un métier",
                "ordering": ["trade", "rank"],
            },
        ),
        migrations.AddField(
            model_name="trade",
            name="agreements",
            field=models.ManyToManyField(
                related_name="trades",
                through="territory.TradeAgreement",
                to="territory.collectiveagreement",
            ),
        ),
        migrations.CreateModel(
            name="ActivityAgreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("official", "Table officielle"),
                            ("texts", "Textes des conventions"),
                            ("indicative", "Indication"),
                        ],
                        max_length=10,
                        verbose_name="origine",
                    ),
                ),
                (
                    "share_percent",
                    models.DecimalField(
                        decimal_places=2, max_digits=5, null=True, verbose_name="part (%)"
                    ),
                ),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreement_pairs",
                        to="territory.activity",
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="activity_pairs",
                        to="territory.collectiveagreement",
                    ),
                ),
            ],
            options={
                "verbose_name": "lien activité – convention",
                "verbose_name_plural": "liens activité – convention",
                "ordering": ["activity", "agreement"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("activity", "agreement", "origin"), name="activity_agreement_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Commune",
            fields=[
                (
                    "insee",
                    models.CharField(
                        max_length=5, primary_key=True, serialize=False, verbose_name="code INSEE"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="nom")),
                (
                    "postcodes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=5),
                        size=None,
                        verbose_name="codes postaux",
                    ),
                ),
                ("population", models.PositiveIntegerField(default=0, verbose_name="population")),
                ("latitude", models.FloatField(null=True, verbose_name="latitude")),
                ("longitude", models.FloatField(null=True, verbose_name="longitude")),
                ("search_text", models.TextField(editable=False)),
                (
                    "departement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="communes",
                        to="territory.departement",
                    ),
                ),
            ],
            options={
                "verbose_name": "commune",
                "ordering": ["name", "insee"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["postcodes"], name="commune_postcodes"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            models.F("search_text"), "gin_trgm_ops"
                        ),
                        name="commune_search",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="tradeagreement",
            constraint=models.UniqueConstraint(
                fields=("trade", "agreement"), name="trade_agreement_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="tradeagreement",
            constraint=models.UniqueConstraint(fields=("trade", "rank"), name="trade_rank_unique"),
        ),
    ]

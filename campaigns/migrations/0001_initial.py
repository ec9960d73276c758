import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
import phonenumber_field.modelfields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=40, unique=True, verbose_name="identifiant")),
                ("name", models.CharField(max_length=120, verbose_name="nom")),
                ("is_current", models.BooleanField(default=False, verbose_name="édition en cours")),
                (
                    "collection_opens",
                    models.DateField(verbose_name="début de la collecte des contacts"),
                ),
                ("vote_opens", models.DateField(verbose_name="ouverture du vote")),
                ("vote_closes", models.DateField(verbose_name="clôture du vote")),
                (
                    "vote_closes_at",
                    models.TimeField(
                        default=datetime.time(17, 0), verbose_name="heure de clôture (Paris)"
                    ),
                ),
                ("results_on", models.DateField(verbose_name="résultats")),
                (
                    "clock_offset",
                    models.DurationField(
                        default=datetime.timedelta, verbose_name="décalage de répétition"
                    ),
                ),
                (
                    "employed_in_month",
                    models.DateField(verbose_name="mois de présence dans l’entreprise (1er jour)"),
                ),
                (
                    "max_headcount_exclusive",
                    models.PositiveSmallIntegerField(
                        default=11, verbose_name="effectif de moins de"
                    ),
                ),
                (
                    "min_age_on_first_day",
                    models.PositiveSmallIntegerField(default=16, verbose_name="âge minimal"),
                ),
                ("goal_contacts", models.PositiveIntegerField(verbose_name="objectif de contacts")),
                (
                    "goal_deployments",
                    models.PositiveIntegerField(verbose_name="objectif de déploiements"),
                ),
                (
                    "goal_helpline_volunteers",
                    models.PositiveIntegerField(default=0, verbose_name="objectif de volontaires"),
                ),
                (
                    "goals_per_militant",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        size=None,
                        verbose_name="objectifs par militant·e",
                    ),
                ),
                (
                    "baseline_year",
                    models.PositiveSmallIntegerField(null=True, verbose_name="année de référence"),
                ),
                (
                    "baseline_votes",
                    models.PositiveIntegerField(null=True, verbose_name="voix de référence"),
                ),
                (
                    "baseline_share_percent",
                    models.DecimalField(
                        decimal_places=2, max_digits=5, null=True, verbose_name="part des voix (%)"
                    ),
                ),
                (
                    "baseline_turnout_percent",
                    models.DecimalField(
                        decimal_places=2, max_digits=5, null=True, verbose_name="participation (%)"
                    ),
                ),
                ("electorate", models.PositiveIntegerField(null=True, verbose_name="électorat")),
                (
                    "helpline_phone",
                    phonenumber_field.modelfields.PhoneNumberField(
                        blank=True, max_length=128, region=None, verbose_name="numéro vert"
                    ),
                ),
                (
                    "helpline_display",
                    models.CharField(
                        blank=True, max_length=20, verbose_name="numéro vert (affiché)"
                    ),
                ),
                (
                    "helpline_opens",
                    models.DateField(
                        blank=True, null=True, verbose_name="ouverture du numéro vert"
                    ),
                ),
                (
                    "helpline_closes",
                    models.DateField(
                        blank=True, null=True, verbose_name="fermeture du numéro vert"
                    ),
                ),
                (
                    "helpline_weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        default=list,
                        size=None,
                        verbose_name="jours (1 = lundi)",
                    ),
                ),
                ("helpline_from", models.TimeField(blank=True, null=True, verbose_name="de")),
                ("helpline_to", models.TimeField(blank=True, null=True, verbose_name="à")),
                ("ministry_site", models.URLField(blank=True, verbose_name="site du ministère")),
                (
                    "ministry_phone",
                    phonenumber_field.modelfields.PhoneNumberField(
                        blank=True,
                        max_length=128,
                        region=None,
                        verbose_name="téléphone du ministère",
                    ),
                ),
                (
                    "ministry_hours",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="horaires du ministère"
                    ),
                ),
            ],
            options={
                "verbose_name": "campagne",
                "ordering": ["-vote_opens"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("is_current",),
                        name="one_current_campaign",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("collection_opens__lte", models.F("vote_opens")),
                            ("vote_opens__lte", models.F("vote_closes")),
                            ("vote_closes__lte", models.F("results_on")),
                        ),
                        name="campaign_dates_in_order",
                        violation_error_message="Les dates de la campagne ne se suivent pas.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=60, verbose_name="identifiant")),
                ("label", models.CharField(max_length=200, verbose_name="intitulé")),
                ("starts_on", models.DateField(verbose_name="du")),
                ("ends_on", models.DateField(verbose_name="au")),
                (
                    "is_approximate",
                    models.BooleanField(default=False, verbose_name="dates approximatives"),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="campaigns.campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "date clé",
                "verbose_name_plural": "dates clés",
                "ordering": ["starts_on", "ends_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "slug"), name="milestone_slug_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("starts_on__lte", models.F("ends_on"))),
                        name="milestone_dates_in_order",
                    ),
                ],
            },
        ),
    ]

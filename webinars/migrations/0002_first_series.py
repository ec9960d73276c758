"""The series of the reference edition, and one for everybody; the confederation changes them."""

from django.db import migrations

SERIES = (
    {
        "slug": "outils",
        "title": "Les outils de la campagne",
        "description": "Chaque vendredi, une heure pour découvrir les outils, raconter les "
        "déploiements et échanger entre organisations.",
        "kinds": ["ud", "ul", "fd"],
    },
    {
        "slug": "cpri",
        "title": "Candidat·es CPRI",
        "description": "Ce que font les commissions paritaires régionales, et le rôle de celles "
        "et ceux qui y sont candidat·es.",
        "mandates": ["cpri"],
    },
    {
        "slug": "conseillers",
        "title": "Conseiller·es et défenseur·es",
        "description": "Pour celles et ceux qui conseillent et défendent déjà les salarié·es des "
        "très petites entreprises.",
        "mandates": ["counsellor", "defender"],
    },
    {
        "slug": "ouverts",
        "title": "Ouverts à toutes et tous",
        "description": "Des séances pour tout le monde, syndiqué·e ou non.",
        "is_open": True,
    },
)


def add_series(apps, schema_editor):
    series = apps.get_model("webinars", "Series")
    series.objects.bulk_create(
        series(position=(rank + 1) * 10, **row) for rank, row in enumerate(SERIES)
    )


def remove_series(apps, schema_editor):
    schema_editor.execute("TRUNCATE webinars_series CASCADE")


class Migration(migrations.Migration):
    dependencies = [("webinars", "0001_initial")]
    operations = [migrations.RunPython(add_series, remove_series)]

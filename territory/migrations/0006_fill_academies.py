from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# As of 2026: name, zone, départements. From then on `load_territory` keeps them.
ACADEMIES = (
    ("Aix-Marseille", "B", "04 05 13 84"),
    ("Amiens", "B", "02 60 80"),
    ("Besançon", "A", "25 39 70 90"),
    ("Bordeaux", "A", "24 33 40 47 64"),
    ("Clermont-Ferrand", "A", "03 15 43 63"),
    ("Corse", "", "2A 2B"),
    ("Créteil", "C", "77 93 94"),
    ("Dijon", "A", "21 58 71 89"),
    ("Grenoble", "A", "07 26 38 73 74"),
    ("Guadeloupe", "", "971"),
    ("Guyane", "", "973"),
    ("La Réunion", "", "974"),
    ("Lille", "B", "59 62"),
    ("Limoges", "A", "19 23 87"),
    ("Lyon", "A", "01 42 69"),
    ("Martinique", "", "972"),
    ("Mayotte", "", "976"),
    ("Montpellier", "C", "11 30 34 48 66"),
    ("Nancy-Metz", "B", "54 55 57 88"),
    ("Nantes", "B", "44 49 53 72 85"),
    ("Nice", "B", "06 83"),
    ("Normandie", "B", "14 27 50 61 76"),
    ("Orléans-Tours", "B", "18 28 36 37 41 45"),
    ("Paris", "C", "75"),
    ("Poitiers", "A", "16 17 79 86"),
    ("Reims", "B", "08 10 51 52"),
    ("Rennes", "B", "22 29 35 56"),
    ("Strasbourg", "B", "67 68"),
    ("Toulouse", "C", "09 12 31 32 46 65 81 82"),
    ("Versailles", "C", "78 91 92 95"),
)


def fill_academies(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    academies = apps.get_model("territory", "Academie").objects
    departements = apps.get_model("territory", "Departement").objects
    if not departements.exists():
        return  # a new installation loads them all at once
    for name, zone, codes in ACADEMIES:
        academies.get_or_create(name=name, defaults={"zone": zone})
        departements.filter(pk__in=codes.split()).update(academie=name)


def give_zones_back(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    departements = apps.get_model("territory", "Departement").objects
    for academie in apps.get_model("territory", "Academie").objects.all():
        departements.filter(academie=academie).update(school_zone=academie.zone)


class Migration(migrations.Migration):
    dependencies = [
        ("territory", "0005_academies"),
    ]

    operations = [
        migrations.RunPython(fill_academies, give_zones_back, elidable=True),
    ]

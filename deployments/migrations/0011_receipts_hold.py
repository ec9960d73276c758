from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def receipts_of_answers_hold(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Those of an authority that said yes answer what it was told."""
    declarations = apps.get_model("deployments", "PublicSpaceDeclaration").objects
    granted = declarations.filter(state="granted").exclude(receipt="")
    granted.update(receipt_facts=models.F("settled_facts"))


class Migration(migrations.Migration):
    dependencies = [
        ("deployments", "0010_receipt_facts"),
    ]

    operations = [
        migrations.RunPython(receipts_of_answers_hold, migrations.RunPython.noop, elidable=True),
    ]

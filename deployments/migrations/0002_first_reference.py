"""Kinds of action, roles, lists and delays, as shipped; the confederation changes them."""

import json
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).parent.parent / "data" / "first_reference.json"
TABLES = ("ChecklistTemplate", "DeploymentType", "TeamRole", "DeclarationRule")


def add_reference(apps, schema_editor):
    found = json.loads(FILE.read_text(encoding="utf-8"))
    model = {name: apps.get_model("deployments", name) for name in TABLES}
    for name, rows in (("DeploymentType", found["types"]), ("TeamRole", found["roles"])):
        model[name].objects.bulk_create(
            model[name](position=(rank + 1) * 10, **row) for rank, row in enumerate(rows)
        )
    model["ChecklistTemplate"].objects.bulk_create(
        model["ChecklistTemplate"](position=(rank + 1) * 10, type_id=row.pop("type", None), **row)
        for rank, row in enumerate(found["checklist"])
    )
    rules = model["DeclarationRule"]
    rules.objects.bulk_create(rules(**row) for row in found["declaration_rules"])


def remove_reference(apps, schema_editor):
    schema_editor.execute(
        "TRUNCATE deployments_checklisttemplate, deployments_deploymenttype,"
        " deployments_teamrole, deployments_declarationrule CASCADE"
    )


class Migration(migrations.Migration):
    dependencies = [("deployments", "0001_initial")]
    operations = [migrations.RunPython(add_reference, remove_reference)]

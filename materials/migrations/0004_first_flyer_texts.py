"""What flyers say to each family of trades, as shipped; the confederation changes it."""

import json
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).parent.parent / "data" / "flyer_texts.json"


def add_texts(apps, schema_editor):
    text = apps.get_model("materials", "FlyerText")
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    text.objects.bulk_create(text(**row) for row in rows)


def remove_texts(apps, schema_editor):
    apps.get_model("materials", "FlyerText").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("materials", "0003_flyers")]
    operations = [migrations.RunPython(add_texts, remove_texts)]

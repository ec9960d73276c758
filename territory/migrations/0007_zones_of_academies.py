from django.db import migrations


class Migration(migrations.Migration):
    """The zone of a département is that of its académie."""

    dependencies = [
        ("territory", "0006_fill_academies"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="departement",
            name="school_zone",
        ),
    ]

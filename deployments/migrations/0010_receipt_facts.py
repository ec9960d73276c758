from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deployments", "0009_revisions"),
    ]

    operations = [
        migrations.AddField(
            model_name="publicspacedeclaration",
            name="receipt_facts",
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deployments", "0008_team"),
    ]

    operations = [
        migrations.AddField(
            model_name="declarationrule",
            name="revision",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="teammember",
            name="revision",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
    ]

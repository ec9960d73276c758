from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deployments", "0012_both_ends"),
    ]

    operations = [
        migrations.AddField(
            model_name="teammember",
            name="has_lost_shift",
            field=models.BooleanField(default=False, verbose_name="créneau supprimé"),
        ),
    ]

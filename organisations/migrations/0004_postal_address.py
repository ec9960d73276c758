from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0003_one_name_per_parent"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="phone",
            field=models.CharField(blank=True, default="", max_length=16, verbose_name="téléphone"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="organisation",
            name="postal_address",
            field=models.TextField(
                blank=True, default="", max_length=300, verbose_name="adresse postale"
            ),
            preserve_default=False,
        ),
    ]

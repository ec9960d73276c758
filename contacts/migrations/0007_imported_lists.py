from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0006_consent_follows_person")]

    operations = [
        migrations.AlterField(
            model_name="source",
            name="kind",
            field=models.CharField(
                choices=[
                    ("poster", "Affiche"),
                    ("flyer", "Flyer"),
                    ("activist", "Militant·e"),
                    ("deployment", "Déploiement"),
                    ("website", "Site internet"),
                    ("paper", "Feuille papier"),
                    ("list", "Liste importée"),
                ],
                max_length=10,
                verbose_name="type",
            ),
        ),
        migrations.RemoveConstraint(model_name="consentwording", name="wording_unique"),
        migrations.AddField(
            model_name="consentwording",
            name="origin",
            field=models.CharField(blank=True, default="", max_length=60, verbose_name="origine"),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="consentwording",
            constraint=models.UniqueConstraint(
                fields=("origin", "version", "language", "purpose", "channel"),
                name="wording_unique",
            ),
        ),
    ]

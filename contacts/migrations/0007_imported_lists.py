import django.db.models.deletion
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
            name="source",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="wordings",
                to="contacts.source",
                verbose_name="liste importée",
            ),
        ),
        migrations.AddConstraint(
            model_name="consentwording",
            constraint=models.UniqueConstraint(
                fields=("source", "version", "language", "purpose", "channel"),
                name="wording_unique",
                nulls_distinct=False,
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("webinars", "0003_registration_reply"),
    ]

    operations = [
        migrations.AddField(
            model_name="registration",
            name="barred_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="plus accepté·e depuis"),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(("barred_at", None), ("state", "cancelled"), _connector="OR"),
                name="who_is_barred_has_no_place",
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deployments", "0011_receipts_hold"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="deployment",
            name="deployment_ends_after_start",
        ),
        migrations.AddConstraint(
            model_name="deployment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ends_at", None), ("starts_at", None)),
                    models.Q(
                        ("ends_at__gt", models.F("starts_at")),
                        ("ends_at__isnull", False),
                        ("starts_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="deployment_ends_after_start",
                violation_error_message="La fin vient après le début.",
            ),
        ),
    ]

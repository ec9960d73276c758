import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="adresse e-mail")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("militant", "Militant·e"),
                            ("staff", "Équipe"),
                            ("admin", "Responsable"),
                        ],
                        default="militant",
                        max_length=8,
                        verbose_name="rôle",
                    ),
                ),
                ("secret_hash", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="envoyée le"
                    ),
                ),
                ("expires_at", models.DateTimeField(verbose_name="valable jusqu’au")),
                (
                    "accepted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="acceptée le"),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="annulée le"),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "ordering": ["-created_at", "pk"],
            },
        ),
    ]

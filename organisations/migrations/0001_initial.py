import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("territory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        error_messages={"unique": "Un compte existe déjà avec cette adresse."},
                        max_length=254,
                        unique=True,
                        verbose_name="adresse e-mail",
                    ),
                ),
                ("first_name", models.CharField(max_length=80, verbose_name="prénom")),
                ("last_name", models.CharField(blank=True, max_length=80, verbose_name="nom")),
                ("is_active", models.BooleanField(default=True, verbose_name="actif")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False, verbose_name="accès à l’administration technique"
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="créé le"),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "personne",
                "ordering": ["first_name", "last_name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("confederation", "Confédération"),
                            ("region", "Comité régional"),
                            ("ud", "Union départementale"),
                            ("ul", "Union locale"),
                            ("fd", "Fédération"),
                            ("specific", "Organisation spécifique"),
                        ],
                        max_length=13,
                        verbose_name="type",
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="nom")),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="identifiant")),
                (
                    "postcodes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=5),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="codes postaux",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "agreements",
                    models.ManyToManyField(
                        blank=True,
                        to="territory.collectiveagreement",
                        verbose_name="conventions collectives",
                    ),
                ),
                (
                    "communes",
                    models.ManyToManyField(
                        blank=True, to="territory.commune", verbose_name="communes"
                    ),
                ),
                (
                    "departement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="territory.departement",
                        verbose_name="département",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="organisations.organisation",
                        verbose_name="rattachée à",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="territory.region",
                        verbose_name="région",
                    ),
                ),
            ],
            options={
                "verbose_name": "organisation",
                "ordering": ["kind", "name"],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                (
                    "started_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="depuis"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="jusqu’à")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="personne",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="organisations.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "rattachement",
                "ordering": ["organisation__name", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="user_email_lower_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "confederation")),
                fields=("kind",),
                name="one_confederation",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "ud")),
                fields=("departement",),
                name="one_ud_per_departement",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "region")),
                fields=("region",),
                name="one_committee_per_region",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "ud"), _negated=True),
                    ("departement__isnull", False),
                    _connector="OR",
                ),
                name="ud_has_departement",
                violation_error_message="Une UD a un département.",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "region"), _negated=True),
                    ("region__isnull", False),
                    _connector="OR",
                ),
                name="regional_committee_has_region",
                violation_error_message="Un comité régional a une région.",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "ul"), _negated=True),
                    ("parent__isnull", False),
                    _connector="OR",
                ),
                name="ul_has_parent",
                violation_error_message="Une UL est rattachée à une UD.",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", models.F("pk")), _negated=True),
                name="organisation_not_its_own_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("user", "organisation"),
                name="one_active_membership",
                violation_error_message="Cette personne fait déjà partie de l’organisation.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True),
                    ("ended_at__gte", models.F("started_at")),
                    _connector="OR",
                ),
                name="membership_ends_after_start",
            ),
        ),
    ]

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contacts", "0001_initial"),
        ("organisations", "0001_initial"),
        ("territory", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="capture",
            name="captured_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="captures",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="author",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="capture",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to="contacts.capture",
            ),
        ),
        migrations.AddConstraint(
            model_name="consentwording",
            constraint=models.UniqueConstraint(
                fields=("version", "language", "purpose", "channel"), name="wording_unique"
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="wording",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="contacts.consentwording",
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="agreement",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to="territory.collectiveagreement",
                verbose_name="convention collective",
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="commune",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to="territory.commune",
                verbose_name="commune du travail",
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="departement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="territory.departement",
                verbose_name="département",
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="possible_duplicate_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="possible_duplicates",
                to="contacts.contact",
                verbose_name="doublon possible de",
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="trade",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to="territory.trade",
                verbose_name="métier",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="contact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="consents",
                to="contacts.contact",
            ),
        ),
        migrations.AddField(
            model_name="capture",
            name="contact",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="captures",
                to="contacts.contact",
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="activist",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="sources",
                to=settings.AUTH_USER_MODEL,
                verbose_name="militant·e",
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sources",
                to="organisations.organisation",
                verbose_name="organisation",
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="trade",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to="territory.trade",
                verbose_name="métier proposé",
            ),
        ),
        migrations.AddField(
            model_name="capture",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="captures",
                to="contacts.source",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["-created_at", "-id"], name="contact_recent"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                fields=["departement", "-created_at", "-id"], name="contact_departement"
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                fields=["agreement", "-created_at", "-id"], name="contact_agreement"
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["commune", "-created_at", "-id"], name="contact_commune"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["postcode"], name="contact_postcode"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("phone", ""), _negated=True),
                fields=["phone"],
                name="contact_phone",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("email", ""), _negated=True),
                fields=["email"],
                name="contact_email",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(models.F("search_text"), "gin_trgm_ops"),
                name="contact_search",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("phone", ""), _negated=True),
                    models.Q(("email", ""), _negated=True),
                    _connector="OR",
                ),
                name="contact_can_be_reached",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("possible_duplicate_of", models.F("pk")), _negated=True),
                name="contact_not_its_own_duplicate",
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                fields=["contact", "purpose", "channel", "-given_at", "-id"], name="consent_latest"
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "activist")),
                fields=("activist", "organisation"),
                name="one_source_per_activist",
            ),
        ),
        migrations.AddIndex(
            model_name="capture",
            index=models.Index(fields=["source", "-server_time"], name="capture_source"),
        ),
        migrations.AddIndex(
            model_name="capture",
            index=models.Index(fields=["captured_by", "-server_time"], name="capture_author"),
        ),
        migrations.AddIndex(
            model_name="capture",
            index=models.Index(
                condition=models.Q(("device_hash", ""), _negated=True),
                fields=["device_hash", "-server_time"],
                name="capture_device",
            ),
        ),
    ]

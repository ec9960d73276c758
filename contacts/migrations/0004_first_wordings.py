"""The first wording of the three consents, in French. A change is a new version, never an edit."""

from django.db import migrations

NOTICE = (
    "Vos coordonnées servent uniquement à la campagne pour les élections dans les très petites "
    "entreprises. Elles peuvent révéler un lien avec un syndicat : c'est pourquoi nous vous "
    "demandons votre accord exprès, que vous pouvez retirer à tout moment. Votre employeur n'y a "
    "jamais accès. Elles sont effacées après la campagne. Depuis votre page personnelle, vous "
    "pouvez les voir, les corriger, les télécharger ou les effacer."
)
WORDINGS = [
    (
        "vote-reminders",
        "email",
        "J'accepte de recevoir par e-mail mes fiches de droits et les rappels pour voter.",
    ),
    ("vote-reminders", "sms", "J'accepte de recevoir par SMS les rappels pour voter."),
    ("call-back", "call", "J'accepte d'être rappelé·e par un·e militant·e près de chez moi."),
]


def add_wordings(apps, schema_editor):
    ConsentWording = apps.get_model("contacts", "ConsentWording")
    ConsentWording.objects.bulk_create(
        ConsentWording(
            version=1, language="fr", purpose=purpose, channel=channel, text=text, notice=NOTICE
        )
        for purpose, channel, text in WORDINGS
    )


def remove_wordings(apps, schema_editor):
    apps.get_model("contacts", "ConsentWording").objects.filter(version=1, language="fr").delete()


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_consent_append_only")]
    operations = [migrations.RunPython(add_wordings, remove_wordings)]

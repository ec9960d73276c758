"""The outcomes and the order of taking over, as shipped; the confederation changes them."""

from django.db import migrations

# Code, effect, words, precision, key.
OUTCOMES = [
    ("no-answer", "retry", "Pas de réponse", "On réessaie demain, à une autre heure.", "p"),
    ("later", "later", "Rappeler plus tard", "À l’heure que la personne préfère.", "l"),
    ("talked", "talked", "On s’est parlé", "Rien d’autre à faire : le rappel est clos.", "t"),
    ("meeting", "meeting", "Rendez-vous", "L’invitation part par e-mail ou par SMS.", "r"),
    ("vote-help", "vote-help", "Aide pour voter", "La personne reste à appeler aujourd’hui.", "a"),
    ("voted", "voted", "A voté", "On note le fait, jamais le choix.", "v"),
    ("joined", "joined", "Adhère", "Bienvenue ! L’adhésion est notée.", "j"),
    ("wrong-number", "wrong-number", "Faux numéro", "On lui écrit, si elle l’accepte.", "f"),
    ("refused", "refused", "Ne veut plus d’appel", "Plus personne n’appellera ce numéro.", "x"),
]
ESCALATIONS = [("ul", "ud", 3), ("ud", "region", 5), ("region", "confederation", 7)]


def add_rules(apps, schema_editor):
    Outcome = apps.get_model("calls", "Outcome")
    Outcome.objects.bulk_create(
        Outcome(
            code=code, effect=effect, label=label, help_text=help_text, shortcut=shortcut,
            position=(rank + 1) * 10,
        )
        for rank, (code, effect, label, help_text, shortcut) in enumerate(OUTCOMES)
    )  # fmt: skip
    Escalation = apps.get_model("calls", "Escalation")
    Escalation.objects.bulk_create(
        Escalation(from_kind=from_kind, to_kind=to_kind, days_late=days)
        for from_kind, to_kind, days in ESCALATIONS
    )


def remove_rules(apps, schema_editor):
    apps.get_model("calls", "Outcome").objects.all().delete()
    apps.get_model("calls", "Escalation").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("calls", "0002_calls_append_only")]
    operations = [migrations.RunPython(add_rules, remove_rules)]

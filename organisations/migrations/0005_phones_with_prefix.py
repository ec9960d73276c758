import phonenumbers
from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def give_phones_their_prefix(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Numbers written without it are read as French ones; what is no number goes."""
    organisations = apps.get_model("organisations", "Organisation").objects
    for pk, written in organisations.exclude(phone="").values_list("pk", "phone"):
        organisations.filter(pk=pk).update(phone=_with_prefix(written))


def _with_prefix(written: str) -> str:
    try:
        number = phonenumbers.parse(written, "FR")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0004_postal_address"),
    ]

    operations = [
        migrations.RunPython(give_phones_their_prefix, migrations.RunPython.noop, elidable=True),
    ]

"""When two rows are declared one person, their statements follow, unchanged.

Only the act of merging, or of undoing it, may say so: for the length of its transaction.
"""

from importlib import import_module

from django.db import migrations

first = import_module("contacts.migrations.0003_consent_append_only")
BODY = first.CREATE[: first.CREATE.index("CREATE TRIGGER")]
REPLACE = BODY.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
CREATE = REPLACE.replace(
    "BEGIN\n",
    """BEGIN
    IF current_setting('contacts.merging', true) = 'on' THEN
        OLD.contact_id := NEW.contact_id;
    END IF;
""",
    1,
)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0005_standing_merges")]
    operations = [migrations.RunSQL(CREATE, REPLACE)]

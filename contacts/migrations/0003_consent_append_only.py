"""A consent never changes: the database refuses it, whoever asks.

Only the links to a removed capture or account may be cleared.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION contacts_consent_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.contact_id, OLD.purpose, OLD.channel, OLD.is_given, OLD.wording_id,
        OLD.given_at)
       IS DISTINCT FROM
       (NEW.id, NEW.contact_id, NEW.purpose, NEW.channel, NEW.is_given, NEW.wording_id,
        NEW.given_at)
       OR (NEW.capture_id IS NOT NULL AND NEW.capture_id IS DISTINCT FROM OLD.capture_id)
       OR (NEW.author_id IS NOT NULL AND NEW.author_id IS DISTINCT FROM OLD.author_id)
    THEN
        RAISE EXCEPTION 'a consent is never changed: add another'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consent_append_only BEFORE UPDATE ON contacts_consent
    FOR EACH ROW EXECUTE FUNCTION contacts_consent_append_only();
"""
DROP = """
DROP TRIGGER consent_append_only ON contacts_consent;
DROP FUNCTION contacts_consent_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]

"""The ledger is only added to, and a published version stays as it is: the database refuses the rest.

The link to a removed account may still be cleared.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION materials_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - TG_ARGV[0] IS DISTINCT FROM to_jsonb(NEW) - TG_ARGV[0]
       OR to_jsonb(NEW) ->> TG_ARGV[0] IS NOT NULL
          AND to_jsonb(NEW) ->> TG_ARGV[0] IS DISTINCT FROM to_jsonb(OLD) ->> TG_ARGV[0]
    THEN
        RAISE EXCEPTION '% is written once: add a row that corrects it', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER movement_written_once BEFORE UPDATE OR DELETE ON materials_stockmovement
    FOR EACH ROW EXECUTE FUNCTION materials_written_once('by_id');
CREATE TRIGGER version_written_once BEFORE UPDATE OR DELETE ON materials_itemversion
    FOR EACH ROW EXECUTE FUNCTION materials_written_once('published_by_id');
CREATE TRIGGER social_file_written_once BEFORE UPDATE OR DELETE ON materials_socialfile
    FOR EACH ROW EXECUTE FUNCTION materials_written_once('');
"""
DROP = """
DROP TRIGGER social_file_written_once ON materials_socialfile;
DROP TRIGGER version_written_once ON materials_itemversion;
DROP TRIGGER movement_written_once ON materials_stockmovement;
DROP FUNCTION materials_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [("materials", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]

"""What was published never changes: the database refuses it, whoever asks.

A version may still be retired or put back, and the link to a removed account cleared.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION library_published_text_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR NEW.state = 'draft'
       OR (OLD.sheet_id, OLD.number, OLD.content, OLD.verified_on, OLD.pdf, OLD.published_at)
          IS DISTINCT FROM
          (NEW.sheet_id, NEW.number, NEW.content, NEW.verified_on, NEW.pdf, NEW.published_at)
    THEN
        RAISE EXCEPTION 'a published version never changes: publish another'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_text_immutable BEFORE UPDATE OR DELETE ON library_rightssheetversion
    FOR EACH ROW EXECUTE FUNCTION library_published_text_immutable();
"""
DROP = """
DROP TRIGGER published_text_immutable ON library_rightssheetversion;
DROP FUNCTION library_published_text_immutable();
"""


class Migration(migrations.Migration):
    dependencies = [("library", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]

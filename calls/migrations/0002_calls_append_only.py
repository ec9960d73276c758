"""A recorded call never changes: the database refuses it, whoever asks.

Only the links to a removed account or meeting may be cleared, and a follow-up given another person
(a merge) takes its calls along without touching them.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION calls_call_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.follow_up_id, OLD.outcome_id, OLD.started_at, OLD.ended_at, OLD.note,
        OLD.next_attempt_at, OLD.before)
       IS DISTINCT FROM
       (NEW.id, NEW.follow_up_id, NEW.outcome_id, NEW.started_at, NEW.ended_at, NEW.note,
        NEW.next_attempt_at, NEW.before)
       OR (NEW.caller_id IS NOT NULL AND NEW.caller_id IS DISTINCT FROM OLD.caller_id)
       OR (NEW.meeting_id IS NOT NULL AND NEW.meeting_id IS DISTINCT FROM OLD.meeting_id)
    THEN
        RAISE EXCEPTION 'a call is never changed: take it back, then record another'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER call_append_only BEFORE UPDATE ON calls_call
    FOR EACH ROW EXECUTE FUNCTION calls_call_append_only();
"""
DROP = """
DROP TRIGGER call_append_only ON calls_call;
DROP FUNCTION calls_call_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("calls", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]

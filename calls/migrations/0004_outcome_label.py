"""A call keeps the words of its outcome, which the confederation may change."""

from django.db import migrations, models

# Once, the rows already there: the words they go by today are the best known.
FILL = """
ALTER TABLE calls_call DISABLE TRIGGER call_append_only;
UPDATE calls_call SET outcome_label = calls_outcome.label
    FROM calls_outcome WHERE calls_outcome.id = calls_call.outcome_id;
ALTER TABLE calls_call ENABLE TRIGGER call_append_only;
"""
TRIGGER = """
CREATE OR REPLACE FUNCTION calls_call_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.follow_up_id, OLD.outcome_id, {old}OLD.started_at, OLD.ended_at, OLD.note,
        OLD.next_attempt_at, OLD.before)
       IS DISTINCT FROM
       (NEW.id, NEW.follow_up_id, NEW.outcome_id, {new}NEW.started_at, NEW.ended_at, NEW.note,
        NEW.next_attempt_at, NEW.before)
       OR (NEW.caller_id IS NOT NULL AND NEW.caller_id IS DISTINCT FROM OLD.caller_id)
       OR (NEW.meeting_id IS NOT NULL AND NEW.meeting_id IS DISTINCT FROM OLD.meeting_id)
    THEN
        RAISE EXCEPTION 'a call is never changed: take it back, then record another'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
WITH_LABEL = TRIGGER.format(old="OLD.outcome_label, ", new="NEW.outcome_label, ")
WITHOUT_LABEL = TRIGGER.format(old="", new="")


class Migration(migrations.Migration):
    dependencies = [("calls", "0003_first_rules")]
    operations = [
        migrations.AddField(
            model_name="call",
            name="outcome_label",
            field=models.CharField(
                default="", max_length=60, verbose_name="issue, telle qu’elle se disait"
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(WITH_LABEL, WITHOUT_LABEL),
    ]

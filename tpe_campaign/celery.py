"""The Celery application and the whole periodic schedule."""

import gc
import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tpe_campaign.settings")

app = Celery("tpe_campaign")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def spare_what_stays(**_: object) -> None:
    """What a worker loads at its start is never garbage.

    Looking through it again and again costs a tenth of each batch of records.
    """
    gc.collect()
    gc.freeze()


# Beat only says "look": what is due is in PostgreSQL.
app.conf.beat_schedule = {
    "deliver-due-messages": {
        "task": "messaging.tasks.deliver_due_messages",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "sweep-follow-ups": {
        "task": "calls.tasks.sweep_follow_ups",
        "schedule": crontab(minute=7),
        "options": {"expires": 3600},
    },
    "chase-debriefs": {
        "task": "deployments.tasks.chase_debriefs",
        "schedule": crontab(minute=23),
        "options": {"expires": 3600},
    },
    "resume-imports": {
        "task": "imports.tasks.resume_imports",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "open-sealed-records": {
        "task": "field.tasks.open_sealed_records",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "refresh-reference-file": {
        "task": "field.tasks.refresh_reference_file",
        "schedule": 1800.0,
        "options": {"expires": 1800},
    },
    "rotate-sealing-key": {
        "task": "field.tasks.rotate_sealing_key",
        "schedule": crontab(day_of_month=1, hour=2, minute=41),
    },
    "ask-teams-to-confirm": {
        "task": "deployments.tasks.ask_teams_to_confirm",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "forget-old-teams": {
        "task": "deployments.tasks.forget_old_teams",
        "schedule": crontab(hour=3, minute=47),
    },
    "write-webinar-reminders": {
        "task": "webinars.tasks.write_reminders",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "fill-webinar-places": {
        "task": "webinars.tasks.fill_freed_places",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "forget-old-registrations": {
        "task": "webinars.tasks.forget_old_registrations",
        "schedule": crontab(hour=3, minute=53),
    },
    "forget-download-marks": {
        "task": "library.tasks.forget_download_marks",
        "schedule": crontab(hour=3, minute=59),
    },
    "resume-flyers": {
        "task": "materials.tasks.resume_flyers",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "clear-sessions": {
        "task": "accounts.tasks.clear_sessions",
        "schedule": crontab(hour=3, minute=17),
    },
}

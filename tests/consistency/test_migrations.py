"""The whole schema comes up, goes down and comes up again, on a database of its own."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from django.db import connection

ROUND_TRIP = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
call_command("migrate", verbosity=0)

# Zones of schools go down to each département and up to its académie, none lost.
from territory.models import Academie, Departement, Region
Region.objects.create(code="84", name="Auvergne-Rhône-Alpes", zone="metro")
Academie.objects.create(name="Lyon", zone="A")
Departement.objects.create(code="01", name="Ain", region_id="84", academie_id="Lyon")
call_command("migrate", "territory", "0004", verbosity=0)
with connection.cursor() as cursor:
    cursor.execute("SELECT school_zone FROM territory_departement")
    assert cursor.fetchall() == [("A",)]
call_command("migrate", "territory", verbosity=0)
assert Departement.objects.get().school_zone == "A"
# Rooms above are not at their last state: Django would look for what hangs from it there.
with connection.cursor() as cursor:
    cursor.execute("DELETE FROM territory_departement")

for app in ("webinars", "deployments", "materials", "field", "calls", "imports", "contacts",
            "library", "accounts", "messaging", "campaigns", "admin", "mfa", "account",
            "organisations", "territory"):
    call_command("migrate", app, "zero", verbosity=0)
left = {app for app, _ in MigrationRecorder(connection).applied_migrations()}
assert left <= {"auth", "contenttypes", "sessions"}, left
call_command("migrate", verbosity=0)
"""


@pytest.mark.django_db(transaction=True)
def test_every_migration_goes_down_and_up_again() -> None:
    server = connection.settings_dict
    name = f"round_trip_{os.getpid()}"
    user, password = quote(server["USER"]), quote(server["PASSWORD"])
    address = f"postgres://{user}:{password}@{server['HOST']}:{server['PORT']}/"
    with psycopg.connect(f"{address}postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        try:
            done = subprocess.run(
                [sys.executable, "-c", ROUND_TRIP],
                env=os.environ | {"DATABASE_URL": f"{address}{name}"},
                cwd=Path(settings.BASE_DIR),
                capture_output=True,
                text=True,
                timeout=900,
            )
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]
    assert done.returncode == 0, done.stderr[-2000:]

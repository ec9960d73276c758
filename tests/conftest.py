"""Fixtures shared by every test, and the traps of `tests/traps.py`."""

import fcntl
from collections.abc import Callable, Iterator
from pathlib import Path
from time import time
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, TransactionTestCase

from organisations.models import Organisation, User
from tests import traps
from tests.factories import make_user

HERE = Path(__file__).parent
TEMPLATE = "test_template"
# Loaded once per database and kept between tests that really commit.
REFERENCE_TABLES = (
    "territory_",
    "organisations_organisation",
    "contacts_consentwording",
    "calls_outcome",
    "calls_escalation",
    "deployments_deploymenttype",
    "deployments_teamrole",
    "deployments_checklisttemplate",
    "deployments_declarationrule",
    "webinars_series",
    "library_collection",
    "materials_flyertext",
    "django_content_type",
    "django_migrations",
    "auth_permission",
)


RESTART = """
    SELECT setval(sequence.oid::regclass, 1, false)
    FROM pg_class AS sequence
    JOIN pg_depend ON pg_depend.objid = sequence.oid AND pg_depend.deptype IN ('a', 'i')
    JOIN pg_class AS owner ON owner.oid = pg_depend.refobjid
    WHERE sequence.relkind = 'S' AND owner.relname = ANY(%s)
"""


# What takes longest starts first, so that the test processes end together. Those of a folder that
# starts a server and a browser follow each other.
LONGEST_FIRST = (
    "e2e/test_every_page.py",
    "e2e/",
    "deployment/",
    "local/test_make_run.py",
    "local/",
    "consistency/",
    "demonstration/",
    "access/",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(HERE).as_posix()
        found = (at for at, start in enumerate(LONGEST_FIRST) if path.startswith(start))
        return next(found, len(LONGEST_FIRST))

    items.sort(key=place)


@pytest.fixture(scope="session", autouse=True)
def static_folder() -> None:
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    with traps.loopback_only():
        yield


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """One folder for all the test processes of a run."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, shared_folder: Path, worker_id: str
) -> None:
    """A database per test process: the first makes one, with the reference data, to be copied."""
    with django_db_blocker.unblock():
        with (shared_folder / "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            made = shared_folder / "template"
            if not made.exists():
                _make_template()
                made.touch()
        _use_database(f"test_{worker_id}", template=TEMPLATE)
        last = Organisation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    TransactionTestCase._fixture_teardown = _keep_reference_data(last)  # type: ignore[method-assign]


def _make_template() -> None:
    from organisations.loading import load_organisations
    from territory.loading import load_territory

    connection.settings_dict["TEST"]["NAME"] = TEMPLATE
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    load_territory()
    load_organisations()
    connection.close()


def _use_database(name: str, *, template: str) -> None:
    """Copy `template` and go on with the copy."""
    quoted = [connection.ops.quote_name(each) for each in (name, template)]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute("CREATE DATABASE {} TEMPLATE {}".format(*quoted))
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _empty(cursor: Any, tables: list[str]) -> None:
    """Remove what a test left. TRUNCATE writes every table and index anew: twenty times as slow."""
    looks = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in tables)
    cursor.execute(" UNION ALL ".join(looks))
    full = [table for (table,) in cursor.fetchall()]
    with transaction.atomic():
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in full:
            cursor.execute(f'DELETE FROM "{table}"')
        cursor.execute(RESTART, [full])


def _keep_reference_data(last_organisation: int) -> Callable[[Any], None]:
    def _fixture_teardown(self: Any) -> None:
        tables = [
            table
            for table in connection.introspection.table_names()
            if not table.startswith(REFERENCE_TABLES)
        ]
        with connection.cursor() as cursor:
            _empty(cursor, tables)
            cursor.execute("DELETE FROM contacts_consentwording WHERE origin <> ''")
            cursor.execute(
                "DELETE FROM deployments_declarationrule"
                " WHERE departement_id IS NOT NULL OR commune_id IS NOT NULL"
            )
            for column, table in (
                ("organisation_id", "organisations_organisation_communes"),
                ("organisation_id", "organisations_organisation_agreements"),
                ("id", "organisations_organisation"),
            ):
                cursor.execute(f"DELETE FROM {table} WHERE {column} > %s", [last_organisation])

    return _fixture_teardown


@pytest.fixture(autouse=True)
def set_traps(request: Any, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    # Only the browser tests need hashed names: see tests/e2e.
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    traps.guard_get_requests(monkeypatch, Client)
    traps.fail_on_undefined_variables(monkeypatch)
    traps.shuffle_unordered_queries(monkeypatch)
    if _runs_in_a_transaction(request):
        request.getfixturevalue("db")
        traps.run_commit_callbacks(monkeypatch)


def _runs_in_a_transaction(request: Any) -> bool:
    marker = request.node.get_closest_marker("django_db")
    if marker is None:
        return "db" in request.fixturenames and "transactional_db" not in request.fixturenames
    return not marker.kwargs.get("transaction") and "transactional_db" not in request.fixturenames


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """A logged-in test client for a user, who has shown a second factor."""

    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        show_second_factor(client, user)
        return client

    return log_in


def show_second_factor(client: Client, user: User) -> None:
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time(), "type": "totp"}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """One person per role, around Caen (UD 14), and one of another UD."""
    return {
        "militant": make_user("militant", "ud-14"),
        "ul": make_user("staff", "ul-caen"),
        "ud": make_user("staff", "ud-14"),
        "ud_admin": make_user("admin", "ud-14"),
        "fd": make_user("staff", "fd-commerce"),
        "region": make_user("staff", "cr-28"),
        "confederation": make_user("staff", "confederation"),
        "confederation_admin": make_user("admin", "confederation"),
        "other_ud": make_user("staff", "ud-50"),
    }

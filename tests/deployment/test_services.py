"""Every service's own command, on this machine, with production's settings."""

import http.client
import os
import re
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import redis
from django.urls import reverse_lazy
from redis.backoff import NoBackoff
from redis.retry import Retry

from local.state import free_port
from tests.deployment.production import (
    Production,
    create_database,
    drop_database,
    listens,
    put_queue_program,
)
from tests.deployment.test_dockerfile import last_stage
from tests.messaging.smtp_sink import SmtpSink

HOST = "campagne.exemple.fr"
LOGIN = reverse_lazy("account_login")
# What the proxy adds to a visitor's request.
FROM_PROXY = {
    "Host": HOST,
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": HOST,
    "X-Forwarded-For": "192.0.2.7",
}


@pytest.fixture(scope="module")
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as server:
        yield server


@pytest.fixture(scope="module")
def production(sink: SmtpSink, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    """Migrated, with its static files; web, worker and beat are well."""
    server_url, name = os.environ["DATABASE_URL"], f"deployment_{secrets.token_hex(4)}"
    database_url = create_database(server_url, name)
    folder = tmp_path_factory.mktemp("production")
    installation = Production(
        folder, database_url=database_url, email_url=f"smtp://127.0.0.1:{sink.port}"
    )
    try:
        start_everything(installation)
        yield installation
    finally:
        codes = installation.stop()
        drop_database(server_url, name)
    assert codes == dict.fromkeys(codes, 0), installation.last_words()


def start_everything(installation: Production) -> None:
    put_queue_program(installation.folder, installation.queue_port)
    installation.start("valkey")
    with ThreadPoolExecutor() as pool:
        building = pool.submit(installation.run, "web", collectstatic())
        installation.run("migrate", installation.services["migrate"]["command"])
        building.result()
    for name in ("web", "worker", "beat"):
        installation.start(name)
    installation.wait_until(lambda: listens(installation.web_port), "web")


def collectstatic() -> list[str]:
    build = next(rest for word, rest in last_stage() if "collectstatic" in rest)
    return build.split("&&")[-1].split()


def ask(
    production: Production, path: str, headers: dict[str, str]
) -> tuple[http.client.HTTPResponse, str]:
    connection = http.client.HTTPConnection("127.0.0.1", production.web_port, timeout=20)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response, response.read().decode()
    finally:
        connection.close()


def test_the_migration_job_leaves_an_installation_ready_to_be_filled(
    production: Production,
) -> None:
    with psycopg.connect(production.replaced["DATABASE_URL"]) as connection:
        rows = connection.execute(
            "SELECT (SELECT count(*) FROM territory_commune),"
            " (SELECT count(*) FROM organisations_organisation WHERE slug = 'confederation'),"
            " (SELECT count(*) FROM library_rightssheet),"
            " (SELECT count(*) FROM contacts_contact)"
        ).fetchone()
    assert rows is not None
    communes, confederations, sheets, contacts = rows
    assert communes > 30_000
    assert confederations == 1
    assert sheets >= 10
    assert contacts == 0


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_its_own_health_check_finds_the_service_well(production: Production, name: str) -> None:
    production.wait_until(lambda: production.health(name) == "", f"{name} is never well")


def test_web_without_an_answer_is_unhealthy(production: Production) -> None:
    assert "no answer" in production.health("web", GRANIAN_PORT=str(free_port()))


def test_a_beat_that_stopped_writing_is_unhealthy(production: Production, tmp_path: Path) -> None:
    silent = Production(tmp_path, database_url="", email_url="")
    assert "no " in silent.health("beat")
    schedule = tmp_path / "beat"
    schedule.touch()
    os.utime(schedule, (time.time(), time.time() - 1000))
    assert "last written 1000 s ago" in silent.health("beat")


def test_a_visitor_behind_the_proxy_gets_the_page_with_its_protections(
    production: Production,
) -> None:
    response, page = ask(production, str(LOGIN), FROM_PROXY)
    assert response.status == 200
    assert "max-age=31536000" in response.headers["Strict-Transport-Security"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "Secure" in response.headers["Set-Cookie"]
    assert "<h1" in page


def test_static_files_have_hashed_names_and_are_kept_by_browsers(production: Production) -> None:
    _, page = ask(production, str(LOGIN), FROM_PROXY)
    addresses = re.findall(r'href="(/static/css/[^"]+)"', page)
    assert addresses
    for address in addresses:
        assert re.search(r"\.[0-9a-f]{12}\.css$", address)
        response, _ = ask(production, address, FROM_PROXY)
        assert response.status == 200
        assert "immutable" in response.headers["Cache-Control"]


def test_plain_http_is_sent_to_https(production: Production) -> None:
    response, _ = ask(production, str(LOGIN), FROM_PROXY | {"X-Forwarded-Proto": "http"})
    assert response.status == 301
    assert response.headers["Location"] == f"https://{HOST}{LOGIN}"


def test_another_host_name_is_refused(production: Production) -> None:
    response, _ = ask(production, str(LOGIN), FROM_PROXY | {"Host": "ailleurs.exemple.fr"})
    assert response.status == 400


def test_the_queue_refuses_whoever_has_no_password(production: Production) -> None:
    client = redis.Redis(port=production.queue_port, retry=Retry(NoBackoff(), 0))
    with pytest.raises(redis.AuthenticationError):
        client.ping()
    client.close()


def test_a_tick_of_beat_has_the_waiting_mail_delivered(
    production: Production, sink: SmtpSink
) -> None:
    """Written while the queue is away, so that nobody but beat can know of it."""
    production.run(
        "web",
        ["python", "manage.py", "invite", "premiere@exemple.fr"],
        REDIS_URL=f"redis://127.0.0.1:{free_port()}/0",
    )
    production.wait_until(lambda: bool(sink.accepted), "no mail")
    mail = sink.accepted[0]
    assert mail["To"] == "premiere@exemple.fr"
    assert f"https://{HOST}/" in mail.get_body(("plain",)).get_content()

import os
import secrets
import subprocess
import sys

from tests.deployment.compose import ROOT, example_answers, read_compose


def check(**changes: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check --deploy` with the variables of `.env.example` and of Compose."""
    answers = example_answers() | {
        "SECRET_KEY": secrets.token_hex(32),
        "PRIVACY_KEY": secrets.token_hex(32),
        "POSTGRES_PASSWORD": "given",
        "VALKEY_PASSWORD": "given",
    }
    environment = read_compose(answers)["services"]["web"]["environment"]
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={"PATH": os.environ["PATH"]} | answers | environment | changes,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_django_has_nothing_to_say_about_the_production_settings() -> None:
    result = check()
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


def test_plain_http_would_be_noticed() -> None:
    result = check(SITE_URL="http://campagne.exemple.fr")
    assert result.returncode == 1
    assert "security." in result.stderr


def test_a_forgotten_privacy_key_stops_the_start() -> None:
    result = check(PRIVACY_KEY="")
    assert result.returncode == 1
    assert "PRIVACY_KEY" in result.stderr

"""The addresses that machines know by heart."""

from typing import Any
from urllib.robotparser import RobotFileParser

import pytest
import time_machine
from django.test import Client

SECURITY = "/.well-known/security.txt"


@pytest.mark.parametrize(
    ("path", "open_to_robots"),
    [
        ("/fiches/", True),
        ("/fiches/salaire-minimum/", True),
        ("/vie-privee/", True),
        ("/static/css/public.css", True),
        ("/", False),
        ("/i/7K3M9PA/", False),
        ("/moi/jeton/", False),
        ("/invitation/secret/", False),
        ("/compte/connexion/", False),
    ],
)
def test_robots_find_the_rights_sheets_and_nothing_else(
    client: Client, path: str, open_to_robots: bool
) -> None:
    parser = RobotFileParser()
    parser.parse(client.get("/robots.txt").text.splitlines())
    assert parser.can_fetch("AnyBot", f"https://campagne.exemple.fr{path}") is open_to_robots


def test_the_icon_is_found_where_browsers_guess_it(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/static/img/favicon-32")


def test_where_to_report_a_weakness(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = "securite@exemple.fr"
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):
        answer = client.get(SECURITY)
    assert answer["Content-Type"].startswith("text/plain")
    assert answer.text.splitlines() == [
        "Contact: mailto:securite@exemple.fr",
        "Expires: 2027-05-21T00:00:00Z",
        "Preferred-Languages: fr, en",
        f"Canonical: http://testserver{SECURITY}",
    ]


def test_a_page_may_be_the_contact(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = "https://exemple.fr/signaler"
    assert "Contact: https://exemple.fr/signaler\n" in client.get(SECURITY).text


def test_nobody_named_nothing_there(client: Client, settings: Any, db: None) -> None:
    settings.SECURITY_CONTACT = ""
    assert client.get(SECURITY).status_code == 404

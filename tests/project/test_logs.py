"""What is logged tells nobody's name, number or personal address."""

import json
import logging
import re
from collections.abc import Iterator
from io import StringIO

import pytest
from django.db import IntegrityError, transaction
from django.urls import URLPattern, URLResolver, get_resolver

from contacts.models import Contact
from tests.factories import make_contact
from tpe_campaign.logs import logging_settings, without_personal_data

SECRET = "WzEsMV0:1abc:def"
SECRET_ARGUMENTS = {"token", "secret", "key"}


def logged(message: str, *, error: BaseException | None = None) -> str:
    """A record as production writes it."""
    settings = logging_settings(debug=False)["formatters"]["structured"]
    formatter = settings.pop("()")(**settings)
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    told = (type(error), error, error.__traceback__) if error else None
    record = {"msg": message, "levelno": 40, "levelname": "ERROR", "exc_info": told}
    handler.handle(logging.makeLogRecord(record))
    return out.getvalue()


def secret_addresses(resolver: URLResolver | None = None, before: str = "/") -> Iterator[str]:
    """Every address that opens to whoever holds it, with `SECRET` where its secret goes."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from secret_addresses(pattern, before + str(pattern.pattern))
        elif is_opened_by_a_secret(pattern):
            yield _filled(before, pattern)


def is_opened_by_a_secret(pattern: URLPattern) -> bool:
    is_public = not getattr(pattern.callback, "login_required", True)
    return is_public and bool(SECRET_ARGUMENTS & set(pattern.pattern.regex.groupindex))


def _filled(before: str, pattern: URLPattern) -> str:
    """Routes are either `<str:token>` or a regular expression with a named group."""
    route = re.sub(r"<int:\w+>", "7", str(pattern.pattern))
    route = re.sub(r"<slug:\w+>", "diaporama", route)
    route = re.sub(r"\(\?P<\w+>[^)]*\)|<\w+:\w+>", SECRET, route)
    return before + route.strip("^$")


def test_the_secret_of_no_public_address_reaches_the_logs() -> None:
    addresses = list(secret_addresses())
    for known in (f"/moi/{SECRET}/effacer/", f"/confirmer/{SECRET}/", f"/t/{SECRET}/"):
        assert known in addresses
    told = [address for address in addresses if "def" in logged(f'GET "{address}" 500')]
    assert told == []


@pytest.mark.parametrize(
    "message",
    [
        "Internal Server Error: /moi/WzEsMV0:1abc:def/effacer/",
        'GET "/invitation/c2VjcmV0LXRva2Vu/"',
        "/d/c2VjcmV0LXRva2Vu/",
        "/compte/mot-de-passe/nouveau/1-abc-def/",
    ],
)
def test_no_personal_address_reaches_the_logs(message: str) -> None:
    event = json.loads(logged(message))["event"]
    assert "…" in event
    for secret in ("WzEs", "c2Vj", "1-abc"):
        assert secret not in event


@pytest.mark.django_db
def test_no_row_refused_by_the_database_reaches_the_logs_or_the_reports() -> None:
    contact = make_contact(first_name="Philo\n\nmène", phone="+33639980077", email="")
    with pytest.raises(IntegrityError, match="mène") as refused, transaction.atomic():
        Contact.objects.filter(pk=contact.pk).update(phone="")
    line = logged("import-line", error=refused.value)
    report = without_personal_data({"exception": {"values": [{"value": str(refused.value)}]}})
    for written in (line, str(report)):
        assert "contact_can_be_reached" in written
        assert "Philo" not in written
        assert "mène" not in written
    # The exception that Django raised after the database's is still told.
    assert "django.db.utils.IntegrityError" in line

"""Every page, for every role: it answers, nothing complains, everybody can use it.

The addresses are those of the table of `tests/access`, which must know every address there is: a
new page is visited as soon as it is classified there, and fails the build before.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client, TransactionTestCase, override_settings
from django.urls import resolve, reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext

from demonstration.edition import Moment
from demonstration.loading import load_edition
from messaging.enums import Channel
from messaging.links import unsubscribe_url_for
from organisations.models import User
from territory.actions import check_reference_file
from territory.importable import IMPORTABLE
from tests.access.table import ROWS, Row
from tests.access.world import ARGUMENTS, World, make_world
from tests.conftest import show_second_factor
from tests.e2e.crawl import Crawler
from tests.e2e.site import Site
from tests.e2e.states import PASSWORD, STATES
from tests.e2e.test_passkey import give_telephone, make_passkey
from tests.e2e.validity import errors_of
from tests.factories import make_contact

# Nothing here writes; but databases are made for tests that say they need one.
pytestmark = pytest.mark.django_db
# A federation and a comité régional see the pages of an UD, with other rows: the matrix asks them.
# The others have an application of codes, or what lists nobody needs none.
PASSKEY_HOLDER = "ud"
ROLES = ("militant", "nobody", "ul_admin", "ud", "confederation_admin")
# Mounted in a demonstration only.
DEMONSTRATION = ("/demo/", "/style/")
COMMUNES = b"code_insee,nom,departement,codes_postaux,population,lat,lon\n47001,Agen,47,47000,1,,\n"
KEY_PAGES = ("mfa_edit_webauthn", "mfa_remove_webauthn")
# Open only in the middle of something (see `states.py`), to nobody here, or with a question.
SEEN_ELSEWHERE = {
    "account_confirm_login_code",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_login_webauthn",
    # For the tablet alone: tests/e2e/test_field_sync.py, tests/e2e/test_field_brief.py.
    "field:brief",
    "field:brief-pilot",
    "field:data",
    # Asks about the records ticked before: tests/field/test_inbox.py.
    "field:record-discard-several",
    # Acts of an idea or of a cancelled action, and a way in: tests/deployments/test_life.py.
    "deployments:announce",
    "deployments:delete",
    "deployments:prepare",
    "deployments:restore",
    # Acts of a draft or of a cancelled session, and a part of a page:
    # tests/webinars/test_staff_pages.py, tests/webinars/test_staff_questions.py.
    "webinars:manage-announce",
    "webinars:manage-delete",
    "webinars:manage-restore",
    # Leads to one's own page: tests/webinars/test_registration_pages.py.
    "webinars:own-page",
    # After a parcel that was short: tests/materials/test_pages.py.
    "materials:order-close",
    # No pages: tests/project.
    "favicon",
    "security-txt",
    "organisations:membership-leave",
    "territory:lookup",
}
ONLY_A_FILE = "sandbox"
SOURCES = ("default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'")


@pytest.fixture(scope="module")
def world(running: Site, django_db_blocker: Any) -> Iterator[World]:
    """Committed, since the server must see it, and made once: nothing here changes it."""
    where = override_settings(SITE_URL=running.url, MEDIA_ROOT=running.media_root)
    with django_db_blocker.unblock(), where, pytest.MonkeyPatch.context() as patch:
        patch.setattr("library.actions.render_version", lambda version: b"%PDF-1.7\n%%EOF\n")
        load_edition(Moment.BEFORE, today=timezone.now())
        world = make_world()
        # Who shares a telephone may be the same person.
        make_contact(first_name="Amélie", email="", phone="+33639980001")
        for role, user in world.people.items():
            user.first_name = role
        protect(world.people["confederation_admin"])
        try:
            yield world
        finally:
            TransactionTestCase._fixture_teardown(None)  # type: ignore[arg-type]
            # Under Playwright's loop Django opened one of its own.
            connections.close_all()


def protect(user: User) -> None:
    user.set_password(PASSWORD)
    user.save()
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)


@pytest.fixture(scope="module")
def crawler(world: World, browser: Browser, running: Site) -> Crawler:
    crawler = Crawler()
    crawler.follow(open_context(browser, running), "anonymous", addresses(world))
    for role in ROLES:
        user = world.people[role]
        context = open_context(browser, running, user, protected=role != PASSKEY_HOLDER)
        if role == PASSKEY_HOLDER:
            page = context.new_page()
            give_telephone(page)
            make_passkey(page)
        crawler.follow(context, role, addresses(world, user))
    for name, (role, lead) in STATES.items():
        context = open_context(browser, running, world.people[role] if role else None)
        crawler.reach(context, name, partial(lead, world=world))
    return crawler


def open_context(
    browser: Browser, site: Site, user: User | None = None, *, protected: bool = True
) -> BrowserContext:
    context = browser.new_context(base_url=site.url, locale="fr-FR", reduced_motion="reduce")
    if user:
        client = Client()
        client.force_login(user)
        if protected:
            show_second_factor(client, user)
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": site.url}])
    return context


def addresses(world: World, user: User | None = None) -> list[str]:
    """The addresses of the table that are read, home first."""
    return [
        *(address_of(row, world) for row in ROWS if row.method == "get" and is_asked(row, user)),
        *DEMONSTRATION,
        *others(user),
    ]


def is_asked(row: Row, user: User | None) -> bool:
    """Public pages are the same for all: a stranger and one role open them."""
    return user is None or not row.public or user.first_name == "militant"


def address_of(row: Row, world: World) -> str:
    return reverse(row.name, args=ARGUMENTS[row.arguments](world, world.near))


def others(user: User | None) -> list[str]:
    """Addresses the table leaves to other tests."""
    unsubscribe = unsubscribe_url_for(Channel.EMAIL, "maelle@example.org")
    found = [unsubscribe[unsubscribe.index("/d/") :]]
    if user is None:
        return found
    for key in user.authenticator_set.filter(type="webauthn"):
        found += [reverse(name, args=[key.pk]) for name in KEY_PAGES]
    if user.scope.everything:
        file = SimpleUploadedFile("communes.csv", COMMUNES)
        token = check_reference_file(
            user=user, importable=IMPORTABLE["communes"], file=file.file, file_name=file.name
        )
        found.append(reverse("territory:reference-confirm", args=["communes", token]))
    return found


def listed(problems: Iterable[object]) -> str:
    return "\n".join(str(problem) for problem in problems)


def test_nothing_fails(crawler: Crawler) -> None:
    assert not listed(f"{visit} {visit.status}" for visit in crawler.visits if visit.status >= 500)


def test_every_address_opens_for_somebody(crawler: Crawler) -> None:
    opened = {
        resolve(visit.path).view_name
        for visit in crawler.visits
        if visit.status == 200 and visit.role != "state" and visit.path not in DEMONSTRATION
    }
    expected = {row.name for row in ROWS if row.method == "get"}
    assert expected - opened <= SEEN_ELSEWHERE


def test_no_page_complains_in_the_console(crawler: Crawler) -> None:
    assert not listed(f"{visit}: {said}" for visit in crawler.visits for said in visit.complaints)


def test_everybody_can_use_every_page(crawler: Crawler) -> None:
    assert not listed(f"{visit}: {found}" for visit in crawler.visits for found in visit.violations)


def test_every_page_is_valid(crawler: Crawler, tmp_path: Path) -> None:
    pages = {str(visit): visit.html for visit in crawler.visits if visit.html}
    assert not listed(errors_of(pages, tmp_path))


def test_the_policy_is_strict_everywhere(crawler: Crawler) -> None:
    for visit in crawler.visits:
        if visit.policy is None or visit.policy == ONLY_A_FILE:
            continue
        assert "unsafe" not in visit.policy, visit
        assert "*" not in visit.policy, visit
        assert all(source in visit.policy for source in SOURCES), visit

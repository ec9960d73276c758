"""Sessions and devices: what staff open, what a QR code opens, and what a lost tablet does not."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from field import actions, rules
from field.links import field_url, secret_of
from field.models import FieldDevice, FieldSession
from organisations.models import User
from tests.factories import make_user
from tests.field.conftest import Tablet, make_session, open_phone, open_tablet

pytestmark = pytest.mark.django_db


@pytest.fixture
def ul(people: dict[str, User], client_for: Any) -> Client:
    return client_for(people["ul"])  # type: ignore[no-any-return]


def address(session: FieldSession, name: str = "session-detail") -> str:
    return reverse(f"field:{name}", args=[session.pk])


def test_the_secret_has_128_bits_and_is_nowhere_in_the_table(session: FieldSession) -> None:
    secret = secret_of(session)
    assert len(secret) == 22
    row = FieldSession.objects.filter(pk=session.pk).values_list().get()
    assert secret not in [str(value) for value in row]


def test_the_secret_can_be_printed_again(session: FieldSession) -> None:
    assert secret_of(FieldSession.objects.get()) == secret_of(session)


def test_another_server_key_is_another_secret(session: FieldSession, settings: Any) -> None:
    before = secret_of(session)
    settings.PRIVACY_KEY = "another"
    assert secret_of(session) != before


def test_a_renewed_code_opens_and_the_printed_one_does_not(session: FieldSession) -> None:
    old = field_url(session)
    tablet = open_tablet(session)
    renewed = actions.renew_session_secret(session=session, author=make_user())
    assert Client().get(old).status_code == 404
    assert Client().get(field_url(renewed)).status_code == 200
    assert tablet.data().status_code == 200


def enrol(session: FieldSession, client: Client | None = None, **fields: Any) -> Any:
    data = {"first_name": "Zoé", "goal": "10"} | fields
    return (client or Client()).post(field_url(session), data)


def test_a_first_name_and_a_goal_open_a_tablet(session: FieldSession) -> None:
    response = enrol(session)
    assert response.status_code == 302
    assert response["Location"] == "/terrain/"
    device = FieldDevice.objects.get()
    assert (device.session, device.first_name, device.goal) == (session, "Zoé", 10)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(session: FieldSession) -> None:
    cookie = enrol(session).cookies["tablette"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/"
    assert len(cookie.value) >= 22
    assert cookie.value not in str(FieldDevice.objects.values_list().get())


@pytest.mark.parametrize("fields", [{"first_name": " "}, {"goal": "7"}, {"goal": ""}])
def test_a_wrong_answer_is_asked_again(session: FieldSession, fields: dict[str, str]) -> None:
    response = enrol(session, **fields)
    assert response.status_code == 200
    assert "aria-invalid" in response.content.decode()
    assert not FieldDevice.objects.exists()


@pytest.mark.parametrize(("first", "words"), [(1, "pas encore ouverte"), (-3, "est terminée")])
def test_outside_its_days_it_opens_nothing(first: int, words: str) -> None:
    day = timezone.localdate() + timedelta(days=first)
    session = make_session(starts_on=day, ends_on=day)
    response = Client().get(field_url(session))
    assert response.status_code == 410
    assert words in response.content.decode()
    assert enrol(session).status_code == 410
    assert not FieldDevice.objects.exists()


def test_a_closed_session_opens_nothing_until_it_is_reopened(session: FieldSession) -> None:
    actions.close_session(session=session)
    assert enrol(session).status_code == 410
    actions.reopen_session(session=session)
    assert enrol(session).status_code == 302


def test_a_wrong_secret_is_not_found(session: FieldSession) -> None:
    assert Client().get(f"/t/_{secret_of(session)[1:]}/").status_code == 404
    assert Client().get("/t/x/").status_code == 404


def test_a_crowd_of_openings_is_asked_to_wait(
    session: FieldSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "DEVICES_PER_WINDOW", 1)
    assert enrol(session).status_code == 302
    assert enrol(session).status_code == 429


def test_scanning_again_is_the_same_device_under_a_new_secret(session: FieldSession) -> None:
    client = Client()
    enrol(session, client)
    old = client.cookies["tablette"].value
    enrol(session, client, first_name="Ali")
    device = FieldDevice.objects.get()
    assert device.first_name == "Ali"
    assert rules.find_device(old) is None
    assert rules.find_device(client.cookies["tablette"].value) == device


def test_a_revoked_tablet_scanned_again_is_another_device(tablet: Tablet) -> None:
    actions.revoke_device(device=tablet.device, author=make_user())
    session = tablet.session
    again = open_tablet(session, former=tablet.device)
    assert again.device.pk != tablet.device.pk
    assert again.device.browser == tablet.device.browser
    assert again.data().status_code == 200


def test_what_a_tablet_held_moves_with_it(tablet: Tablet) -> None:
    tablet.send(unsent=7)
    again = open_tablet(make_session(label="Marché de Bayeux"), former=tablet.device)
    tablet.device.refresh_from_db()
    assert tablet.device.unsent_count == 0
    again.send(unsent=7)
    assert rules.visible_sessions(make_user("staff", "ul-caen")).get(
        pk=again.device.session_id
    ).unsent_count == 7  # fmt: skip


def test_an_activist_opens_their_own_phone(people: dict[str, User], client_for: Any) -> None:
    client = client_for(people["militant"])
    assert client.post("/terrain/ouvrir/")["Location"] == "/terrain/"
    device = FieldDevice.objects.get()
    assert (device.user, device.session) == (people["militant"], None)
    assert device.source.activist == people["militant"]


CLOSED = [
    "/", "/saisie/", "/contacts/", "/sources/", "/organisations/", "/terrain/sessions/",
    "/terrain/corrections/", "/terrain/ouvrir/", "/compte/", "/bibliotheque/", "/campagne/",
]  # fmt: skip


@pytest.mark.parametrize("path", CLOSED)
def test_a_tablet_sees_no_other_page(tablet: Tablet, path: str) -> None:
    assert tablet.client.get(path).status_code == 404


def test_a_revoked_tablet_sees_no_more(tablet: Tablet) -> None:
    actions.revoke_device(device=tablet.device, author=make_user())
    assert tablet.client.get("/contacts/").status_code == 404


def test_public_pages_stay_public_on_a_tablet(tablet: Tablet) -> None:
    for path in ("/terrain/", "/compte/connexion/", "/vie-privee/"):
        assert tablet.client.get(path).status_code == 200, path


def test_somebody_logged_in_on_a_tablet_goes_on(
    tablet: Tablet, people: dict[str, User], client_for: Any
) -> None:
    client = client_for(people["ul"])
    client.cookies["tablette"] = tablet.secret
    assert client.get("/contacts/").status_code == 200


def test_ones_own_phone_is_sent_to_log_in() -> None:
    phone = open_phone(make_user("militant", "ul-caen"))
    assert phone.client.get("/contacts/").status_code == 302


def test_a_meaningless_cookie_changes_nothing() -> None:
    client = Client()
    client.cookies["tablette"] = "meaningless"
    assert client.get("/contacts/").status_code == 302


def test_staff_open_a_session(ul: Client, people: dict[str, User]) -> None:
    today = timezone.localdate().isoformat()
    organisation = people["ul"].active_memberships[0].organisation
    response = ul.post("/terrain/sessions/nouvelle/", {
        "label": "Marché de Caen", "organisation": organisation.pk, "starts_on": today,
        "ends_on": today,
    })  # fmt: skip
    session = FieldSession.objects.get()
    assert response["Location"] == address(session)
    assert session.source.organisation == organisation
    page = ul.get(address(session)).content.decode()
    assert field_url(session) in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"ends_on": "2020-01-01"}, "Le dernier jour vient après le premier."),
        ({"ends_on": "2099-01-01"}, "Trois mois au plus"),
        ({"label": "  "}, "Donnez un intitulé"),
        ({"starts_on": "hier"}, "aria-invalid"),
    ],
)
def test_a_wrong_session_is_asked_again(ul: Client, fields: dict[str, str], words: str) -> None:
    today = timezone.localdate().isoformat()
    data = {"label": "Marché", "organisation": "", "starts_on": today, "ends_on": today} | fields
    assert words in ul.post("/terrain/sessions/nouvelle/", data).content.decode()
    assert not FieldSession.objects.exists()


def test_nobody_opens_a_session_for_another_organisation(ul: Client) -> None:
    foreign = make_session("ud-50").organisation
    today = timezone.localdate().isoformat()
    ul.post("/terrain/sessions/nouvelle/", {
        "label": "Marché", "organisation": foreign.pk, "starts_on": today, "ends_on": today,
    })  # fmt: skip
    assert FieldSession.objects.count() == 1


def test_staff_change_dates_and_name(ul: Client, session: FieldSession) -> None:
    later = timezone.localdate() + timedelta(days=1)
    ul.post(address(session, "session-edit"), {
        "label": "Marché du port", "starts_on": later.isoformat(), "ends_on": later.isoformat(),
    })  # fmt: skip
    session = FieldSession.objects.get()
    assert (session.label, session.starts_on) == ("Marché du port", later)


def test_staff_see_each_device_and_revoke_one_in_one_click(ul: Client, tablet: Tablet) -> None:
    tablet.send(unsent=3)
    session = tablet.session
    page = ul.get(address(session)).content.decode()
    assert "Zoé" in page
    ul.post(reverse("field:device-revoke", args=[session.pk, tablet.device.pk]))
    assert "Retiré" in ul.get(address(session)).content.decode()
    assert tablet.data().status_code == 401


def test_a_device_of_another_session_is_not_found(ul: Client, tablet: Tablet) -> None:
    other = make_session(label="Autre")
    response = ul.post(reverse("field:device-revoke", args=[other.pk, tablet.device.pk]))
    assert response.status_code == 404


def test_an_activist_sees_the_code_and_not_the_devices(tablet: Tablet, client_for: Any) -> None:
    session = tablet.session
    militant = client_for(make_user("militant", "ul-caen"))
    page = militant.get(address(session)).content.decode()
    assert field_url(session) in page
    assert "Zoé" not in page


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_code_is_never_kept_in_a_cache(ul: Client, session: FieldSession, kind: str) -> None:
    response = ul.get(f"{address(session)}qr.{kind}")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert ul.get(f"{address(session)}qr.gif").status_code == 404


def test_the_sheet_holds_both_codes(ul: Client, session: FieldSession) -> None:
    page = ul.get(address(session, "session-sheet")).content.decode()
    assert field_url(session) in page
    assert f"/i/{session.source.code}/" in page


def test_the_list_costs_the_same_whatever_its_length(ul: Client) -> None:
    def count_queries() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ul.get("/terrain/sessions/").status_code == 200
        return len(queries)

    open_tablet(make_session())
    one = count_queries()
    for number in range(29):
        session = make_session(label=f"Marché {number}")
        open_tablet(session)
    assert count_queries() == one


def test_the_devices_cost_the_same_whatever_their_number(ul: Client, tablet: Tablet) -> None:
    session = tablet.session

    def count_queries() -> int:
        with CaptureQueriesContext(connection) as queries:
            ul.get(address(session))
        return len(queries)

    one = count_queries()
    for _ in range(29):
        open_tablet(session)
    assert count_queries() == one


def test_the_page_is_the_same_for_everyone(ul: Client, tablet: Tablet) -> None:
    pages = {client.get("/terrain/").content for client in (Client(), ul, tablet.client)}
    assert len(pages) == 1


def test_the_page_may_be_kept_and_is_checked(ul: Client) -> None:
    for client in (Client(), ul):
        response = client.get("/terrain/")
        assert response["Cache-Control"] == "no-cache"
        assert not response.cookies


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/terrain/sw.js", "text/javascript"),
        ("/terrain/manifest.webmanifest", "application/manifest+json"),
    ],
)
def test_what_makes_it_installable(path: str, kind: str) -> None:
    response = Client().get(path)
    assert response.status_code == 200
    assert response["Content-Type"].startswith(kind)

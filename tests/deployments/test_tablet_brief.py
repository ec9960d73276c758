"""The sheet of an action on its tablets: what the team needs there, and nobody's number."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deployments import actions, pairs, staffing
from deployments.day import open_field_session
from deployments.enums import DeclarationState
from deployments.models import ChecklistItem, Deployment
from deployments.tablet_brief import LEFT_OUT, tablet_brief, without_contact_details
from field.models import FieldSession
from tests.deployments.factories import add_member, make_deployment, slot
from tests.deployments.test_declarations import settle, town_hall
from tests.factories import make_user
from tests.field.conftest import Tablet, make_session, open_tablet


@pytest.fixture(autouse=True)
def small_reference(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "field.reference.reference_content", lambda: {"trades": [], "departements": []}
    )


def make_today(**fields: Any) -> Deployment:
    """An action that goes on now."""
    now = timezone.now()
    return make_deployment(slots=[slot(now - timedelta(minutes=1))], **fields)


def session_of(deployment: Deployment) -> FieldSession:
    return open_field_session(deployment=deployment, author=make_user("staff", "ul-caen"))


def tablet_of(deployment: Deployment) -> Tablet:
    return open_tablet(session_of(deployment))


def sheet_of(deployment: Deployment) -> dict[str, Any]:
    sheet = tablet_brief(session_of(deployment))
    assert sheet is not None
    return sheet


def test_the_sheet_tells_where_when_who_what_and_what_to_say() -> None:
    deployment = make_today(talking_points="Écouter d’abord.", guest="la secrétaire générale")
    add_member(deployment, 1, slug="pilote")
    carrier = add_member(deployment, 2)
    deployment.checklist.all().delete()
    ChecklistItem.objects.create(
        deployment=deployment, category="Visibilité", label="Barnum", quantity="1", bearer=carrier
    )
    sheet = tablet_of(deployment).ask("/terrain/fiche/").json()["brief"]
    assert (sheet["title"], sheet["where"]) == ("Marché Saint-Pierre", "14000 Caen")
    assert (sheet["points"], sheet["guest"]) == ("Écouter d’abord.", "la secrétaire générale")
    assert sheet["roles"] == [
        {"role": "Pilote", "people": ["Sacha 1"]},
        {"role": "Équipe de terrain", "people": ["Sacha 2"]},
    ]
    assert sheet["kit"] == [{"heading": "Visibilité", "lines": ["Barnum, 1 (Sacha 2)"]}]
    assert sheet["sketch"]["marks"][0]["name"] == "Caen"
    assert len(sheet["whens"]) == 1


def test_pairs_are_told() -> None:
    deployment = make_today()
    for number in (1, 2):
        add_member(deployment, number)
    pairs.pair_up(deployment=deployment)
    (team,) = sheet_of(deployment)["roles"]
    assert team["people"] == ["Sacha 1 (binôme 1)", "Sacha 2 (binôme 1)"]


def test_what_the_authorities_answered_is_told() -> None:
    deployment = make_deployment(has_fixed_point=True)
    settle(settle(town_hall(deployment), DeclarationState.SENT), DeclarationState.GRANTED)
    told = sheet_of(deployment)["declarations"]
    assert "Mairie\u00a0: acceptée le 20 novembre 2026." in told
    assert "Préfecture\u00a0: à envoyer." in told


def test_nobody_who_has_not_said_yes_is_named() -> None:
    deployment = make_today()
    add_member(deployment, 1, comes=False)
    staffing.say_not_coming(member=add_member(deployment, 2))
    assert sheet_of(deployment)["roles"] == []


def test_nobody_can_be_reached_by_what_a_tablet_keeps() -> None:
    deployment = make_today(
        objective="Appeler Lou au 06 39 98 77 55",
        talking_points="Écrire à lou@example.org, ou appeler le 0 801 03 00 77.",
    )
    add_member(deployment, 1, slug="pilote")
    add_member(deployment, 2, phone="", email="sacha@example.org")
    user = make_user("militant", "ul-caen", last_name="Quenouille")
    staffing.join_with_account(deployment=deployment, user=user, role=deployment.team.all()[0].role)
    answer = tablet_of(deployment).ask("/terrain/fiche/").content.decode()
    kept = json.dumps(json.loads(answer), ensure_ascii=False)
    for secret in ("3998", "39 98", "@", "Quenouille", user.email):
        assert secret not in kept
    assert "0 801 03 00 77" in kept


@pytest.mark.parametrize(
    "typed",
    [
        "06 39 98 77 01",
        "06.39.98.77.01",
        "0639987701",
        "06\u00a039\u00a098\u00a077\u00a001",
        "+33 6 39 98 77 01",
        "+33 (0)6 39 98 77 01",
        "0033639987701",
        "07-39-98-77-01",
        "06/39/98/77/01",
        "06 / 39 / 98 / 77 / 01",
        "06\u201339\u201398\u201377\u201301",
        "06\u201039\u201098\u201077\u201001",
        "06\u201139\u201198\u201177\u201101",
        "0692 12 34 56",
        "+262 692 12 34 56",
        "lou.dupont@union.example.org",
    ],
)
def test_a_mobile_or_an_address_among_words_is_left_out(typed: str) -> None:
    told = {"points": [f"Voir Lou ({typed}), au stand."]}
    assert without_contact_details(told) == {"points": [f"Voir Lou ({LEFT_OUT}), au stand."]}


@pytest.mark.parametrize(
    "words",
    [
        "0 801 03 00 77, gratuit",
        "la permanence : 02 31 00 00 00",
        "IDCC 1501, 600 tracts, 14000 Caen",
        "du 25/11/2024 au 09/12/2024",
        "le 06/12/2024 10 h, le 07/12/2024",
        "du 06/07/2027 au 09/07/2027",
        "scannez @marche",
    ],
)
def test_other_numbers_stay(words: str) -> None:
    assert without_contact_details(words) == words


def test_the_number_of_the_pilot_is_told_when_asked_and_only_then() -> None:
    deployment = make_today()
    add_member(deployment, 1, slug="pilote")
    tablet = tablet_of(deployment)
    assert tablet.ask("/terrain/fiche/pilote/").json() == {
        "pilot": {"first_name": "Sacha 1", "phone": "06 39 98 77 01", "tel": "+33639987701"}
    }


def test_without_a_pilot_who_comes_and_has_a_number_there_is_nobody_to_call() -> None:
    deployment = make_today()
    tablet = tablet_of(deployment)
    assert tablet.ask("/terrain/fiche/pilote/").json() == {"pilot": None}
    add_member(deployment, 1, slug="pilote", comes=False)
    add_member(deployment, 2, slug="pilote", phone="", email="sacha@example.org")
    assert tablet.ask("/terrain/fiche/pilote/").json() == {"pilot": None}


def test_a_session_without_an_action_has_no_sheet() -> None:
    tablet = open_tablet(make_session())
    assert tablet.ask("/terrain/fiche/").json()["brief"] is None
    assert tablet.ask("/terrain/fiche/pilote/").json() == {"pilot": None}


def test_an_action_that_is_off_has_no_sheet() -> None:
    deployment = make_deployment()
    session = session_of(deployment)
    assert tablet_brief(session) is not None
    actions.cancel_deployment(deployment=deployment, revision=deployment.revision, reason="Tempête")
    assert tablet_brief(session) is None


def test_an_action_still_without_place_has_its_sheet() -> None:
    deployment = make_deployment(reported=False)
    Deployment.objects.filter(pk=deployment.pk).update(commune=None)
    sheet = sheet_of(deployment)
    assert (sheet["where"], sheet["sketch"], sheet["declarations"]) == ("", None, [])


def test_the_sheet_asks_as_much_for_twenty_as_for_one() -> None:
    deployment = make_deployment()
    session = session_of(deployment)
    add_member(deployment, 1)
    with CaptureQueriesContext(connection) as one:
        tablet_brief(session)
    for number in range(2, 21):
        member = add_member(deployment, number)
        ChecklistItem.objects.create(
            deployment=deployment, category="Divers", label=f"Sac {number}", bearer=member
        )
    with CaptureQueriesContext(connection) as twenty:
        tablet_brief(session)
    assert len(twenty) == len(one)

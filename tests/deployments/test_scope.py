"""Who sees which action."""

import pytest

from deployments import actions
from deployments.models import Deployment
from organisations.models import Organisation
from territory.models import Commune, Trade
from tests.deployments.factories import make_deployment
from tests.factories import make_user

pytestmark = pytest.mark.django_db
RUNGIS = "94065"


def seen_by(role: str, organisation: str) -> set[str]:
    user = make_user(role, organisation)
    return set(Deployment.objects.visible_to(user).values_list("title", flat=True))


def test_an_idea_is_for_the_team_of_its_organisation_alone() -> None:
    make_deployment("ul-caen", title="Idée", reported=False)
    assert seen_by("staff", "ul-caen") == {"Idée"}
    assert seen_by("staff", "ud-14") == {"Idée"}
    assert seen_by("militant", "ul-caen") == set()
    assert seen_by("staff", "ud-50") == set()


def test_an_announced_action_is_seen_where_it_takes_place() -> None:
    """UD 91 acts at Rungis, in the Val-de-Marne."""
    make_deployment("ud-91", title="Rungis", commune=Commune.objects.get(pk=RUNGIS))
    assert seen_by("staff", "ud-91") == seen_by("staff", "ud-94") == {"Rungis"}
    assert seen_by("staff", "cr-11") == seen_by("staff", "confederation") == {"Rungis"}
    assert seen_by("staff", "ud-14") == set()


def test_an_activist_sees_what_is_announced_where_their_organisation_acts() -> None:
    make_deployment("ul-caen", title="Caen")
    assert seen_by("militant", "ud-14") == seen_by("militant", "confederation") == {"Caen"}
    assert seen_by("militant", "ud-50") == set()


def test_only_organisers_manage_it() -> None:
    deployment = make_deployment("ud-91", commune=Commune.objects.get(pk=RUNGIS))
    managers = {
        slug: Deployment.objects.managed_by(make_user("staff", slug)).exists()
        for slug in ("ud-91", "ud-94", "cr-11")
    }
    assert managers == {"ud-91": True, "ud-94": False, "cr-11": True}
    actions.change_deployment(
        deployment=deployment,
        revision=deployment.revision,
        co_organisers=[Organisation.objects.get(slug="ud-94")],
    )
    assert Deployment.objects.managed_by(make_user("staff", "ud-94")).exists()


def test_a_federation_sees_the_actions_for_its_trades() -> None:
    make_deployment("ul-caen", title="Coiffure", trades=Trade.objects.filter(pk="coiffeur"))
    federation = Organisation.objects.filter(kind="fd", agreements__trades="coiffeur").first()
    assert federation is not None
    assert seen_by("staff", federation.slug) == {"Coiffure"}
    others = Organisation.objects.filter(kind="fd").exclude(agreements__trades="coiffeur")
    other = others.first()
    assert other is not None
    assert seen_by("staff", other.slug) == set()

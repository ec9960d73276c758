"""Series, for the confederation: their words, whom they are for, who is welcome by name."""

from collections.abc import Callable

import pytest
from django.test import Client

from organisations.models import User
from tests.factories import make_user
from tests.webinars.factories import make_webinar, sign_up, states
from webinars.audience import audience_words
from webinars.models import Admission, Series
from webinars.series import create_series

pytestmark = pytest.mark.django_db
SERIES = "/webinaires/gerer/series/"


@pytest.fixture
def staff(client_for: Callable[[User], Client]) -> Client:
    return client_for(make_user("staff", "confederation"))


def test_series_say_whom_they_are_for(staff: Client) -> None:
    make_webinar("cpri")
    page = staff.get(SERIES).content.decode()
    for words in ("UD, UL et fédérations", "candidat·es CPRI", "ouvert à toutes et tous"):
        assert words in page


def test_series_come_in_their_order(staff: Client) -> None:
    page = staff.get(SERIES).content.decode()
    places = [
        page.index(f"series/{slug}/") for slug in ("outils", "cpri", "conseillers", "ouverts")
    ]
    assert places == sorted(places)


def test_a_series_is_added_after_the_others(staff: Client) -> None:
    typed = {"title": "Les saisonniers", "audience": "belonging", "kinds": ["ud", "fd"]}
    staff.post(f"{SERIES}nouvelle/", typed)
    made = Series.objects.get(pk="les-saisonniers")
    assert (audience_words(made), made.is_open, made.is_active) == (
        "UD et fédérations",
        False,
        True,
    )
    assert made == Series.objects.last()


def test_two_series_of_one_name_have_each_their_address() -> None:
    names = [
        create_series(
            title=title, description="", is_open=True, kinds=[], mandates=[],
            created_by=make_user(),
        ).pk
        for title in ("CPRI", "C.P.R.I.", "Cpri !", "…")
    ]  # fmt: skip
    assert names == ["cpri-2", "cpri-3", "cpri-4", "serie"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"audience": "open", "kinds": ["ud"]}, "ouvert à toutes et tous"),
        ({"audience": "asking", "mandates": ["cpri"]}, "sur demande"),
        ({"audience": "belonging", "mandates": ["cpri"]}, "candidat·es CPRI"),
    ],
)
def test_an_audience_leaves_out_what_does_not_go_with_it(
    typed: dict[str, object], words: str, staff: Client
) -> None:
    staff.post(f"{SERIES}outils/", {"title": "Outils", "is_active": "on"} | typed)
    assert audience_words(Series.objects.get(pk="outils")) == words


def test_an_audience_of_nobody_is_refused_beside_its_field(staff: Client) -> None:
    answer = staff.post(f"{SERIES}outils/", {"title": "Outils", "audience": "belonging"})
    assert "Cochez au moins une organisation" in answer.content.decode()
    assert Series.objects.get(pk="outils").kinds == ["ud", "ul", "fd"]


def test_a_series_put_away_is_offered_to_its_own_sessions_alone(staff: Client) -> None:
    webinar = make_webinar("cpri")
    staff.post(f"{SERIES}cpri/", {"title": "Commissions", "audience": "asking"})
    assert not Series.objects.get(pk="cpri").is_active
    option = '<option value="cpri"'
    assert option not in staff.get("/webinaires/gerer/nouvelle/").content.decode()
    own = staff.get(f"/webinaires/gerer/{webinar.pk}/preparer/seance/").content.decode()
    assert option in own


def test_addresses_pasted_come_in_without_asking_and_are_kept_as_prints(staff: Client) -> None:
    pasted = "Sacha1@exemple.fr, sacha2@exemple.fr\n\nsacha2@exemple.fr"
    answer = staff.post(f"{SERIES}cpri/adresses/", {"addresses": pasted}, follow=True)
    page = answer.content.decode()
    assert "2 adresses s’inscrivent sans demander" in page
    assert "sacha1@exemple.fr" not in page
    webinar = make_webinar("cpri")
    for number in (1, 2, 3):
        sign_up(webinar, number)
    assert states(webinar) == {
        "Sacha 1": "registered", "Sacha 2": "registered", "Sacha 3": "asked",
    }  # fmt: skip
    staff.post(f"{SERIES}cpri/adresses/", {"addresses": "sacha1@exemple.fr", "act": "remove"})
    assert Admission.objects.count() == 1


def test_a_list_is_taken_whole_or_not_at_all_and_stays_typed(staff: Client) -> None:
    pasted = "sacha1@exemple.fr; sacha"
    page = staff.post(f"{SERIES}cpri/adresses/", {"addresses": pasted}).content.decode()
    assert "« sacha » n’est pas une adresse" in page.replace("\u00a0", " ")
    assert pasted in page
    assert not Admission.objects.exists()

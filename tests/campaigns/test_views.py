import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from campaigns.loading import load_campaign
from campaigns.models import Campaign
from campaigns.wording import milestone_dates, weekdays
from organisations.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    return load_campaign().campaign


@pytest.fixture
def staff(campaign: Campaign, people: dict[str, User], client_for: Any) -> Client:
    return client_for(people["confederation"])  # type: ignore[no-any-return]


def test_everyone_reads_the_dates_goals_and_numbers(
    campaign: Campaign, people: dict[str, User], client_for: Any
) -> None:
    page = client_for(people["militant"]).get("/campagne/").content.decode()
    for words in ("25 novembre", "130\u202f000", "0 801 03 00 77", "décembre 2023", "2021"):
        assert words in page.replace("\xa0", "\u202f")
    assert "Modifier" not in page


def form_fields(page: str) -> dict[str, str]:
    """The values a browser would send back, untouched."""
    inputs = re.findall(r"<input[^>]*>", page)
    fields: dict[str, Any] = {}
    for tag in inputs:
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if not name or name[1] == "csrfmiddlewaretoken":
            continue
        if 'type="checkbox"' in tag:
            if " checked" in tag:
                fields.setdefault(name[1], []).append(value[1] if value else "on")
        else:
            fields[name[1]] = value[1] if value else ""
    return fields


def test_saving_the_form_untouched_changes_nothing(staff: Client, campaign: Campaign) -> None:
    before = (Campaign.objects.values().get(), list(campaign.milestones.values()))
    response = staff.post("/campagne/modifier/", form_fields(page_of(staff)))
    assert response.status_code == 302
    assert (Campaign.objects.values().get(), list(campaign.milestones.values())) == before


def page_of(client: Client) -> str:
    return client.get("/campagne/modifier/").content.decode()


def test_dates_and_goals_can_be_changed(staff: Client, campaign: Campaign) -> None:
    fields = form_fields(page_of(staff)) | {"vote_closes": "2024-12-10", "goal_contacts": "140000"}
    fields |= {"dates-9-label": "Bilan", "dates-9-starts_on": "2025-01-10"}
    assert staff.post("/campagne/modifier/", fields).status_code == 302
    campaign.refresh_from_db()
    assert (campaign.vote_closes, campaign.goal_contacts) == (date(2024, 12, 10), 140_000)
    assert campaign.milestones.get(slug="bilan").ends_on == date(2025, 1, 10)


def test_a_key_date_can_be_removed(staff: Client, campaign: Campaign) -> None:
    fields = form_fields(page_of(staff)) | {"dates-0-DELETE": "on"}
    staff.post("/campagne/modifier/", fields)
    assert campaign.milestones.count() == 8


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"vote_closes": "2024-11-01"}, "se termine avant de s’ouvrir"),
        ({"vote_opens": "demain"}, "date valide"),
        ({"goals_per_militant": "5, beaucoup"}, "nombre entier"),
        ({"helpline_to": "08:00"}, "précède"),
        ({"dates-0-ends_on": "2020-01-01"}, "La fin précède le début."),
        ({"dates-0-label": ""}, "Donnez un intitulé."),
        ({"employed_in_month": "2027-12-15"}, "avant le mois de présence"),
        ({"goal_contacts": "99999999999999999999"}, "2147483647"),
    ],
)
def test_wrong_values_are_told_beside_their_field(
    staff: Client, campaign: Campaign, fields: dict[str, str], message: str
) -> None:
    before = Campaign.objects.values().get()
    response = staff.post("/campagne/modifier/", form_fields(page_of(staff)) | fields)
    page = response.content.decode()
    assert response.status_code == 200
    assert message in page
    for value in filter(None, fields.values()):
        assert f'value="{value}"' in page
    assert Campaign.objects.values().get() == before


def test_without_an_edition_the_page_is_not_found(people: dict[str, User], client_for: Any) -> None:
    assert client_for(people["ud"]).get("/campagne/").status_code == 404


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ([1, 2, 3, 4, 5], "du lundi au vendredi"),
        ([5, 1], "lundi, vendredi"),
        ([2], "mardi"),
        ([], ""),
    ],
)
def test_days_in_words(days: list[int], text: str) -> None:
    assert weekdays(days) == text


def test_dates_in_words(campaign: Campaign) -> None:
    said = {item.slug: milestone_dates(item) for item in campaign.milestones.all()}
    assert said["results"] == "19 décembre 2024"
    assert said["vote"] == "du 25 novembre au 9 décembre 2024"
    assert said["voting-material-arrives"] == "entre le 12 et le 24 novembre 2024"

"""The board, the calling screen, and the pages around them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calls.models import Call, CallScript, Escalation, FollowUp, Meeting, Outcome
from calls.wording import shipped_script
from campaigns.enums import Phase
from campaigns.loading import load_campaign
from contacts.actions import change_consents
from contacts.enums import Wish
from contacts.models import Contact
from core.dates import hour
from organisations.models import User
from tests.calls.conftest import make_follow_up, make_person
from tests.factories import get_organisation, make_source, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def ul(caller: User, client_for: Any) -> Client:
    return client_for(caller)  # type: ignore[no-any-return]


def log_in(client_for: Any, role: str, organisation: str) -> Client:
    return client_for(make_user(role, organisation))  # type: ignore[no-any-return]


def body(response: Any) -> str:
    return str(response.content.decode())


def take(client: Client, row: FollowUp) -> str:
    client.post(f"/appels/{row.pk}/prendre/")
    return body(client.get(f"/appels/{row.pk}/"))


def test_the_board_shows_whom_to_call_and_never_a_number(ul: Client) -> None:
    row = make_follow_up(first_name="Sylviane")
    page = body(ul.get("/appels/"))
    assert "Sylviane" in page
    assert row.contact.phone.as_national not in page


def test_an_empty_board_says_what_comes(ul: Client) -> None:
    assert "Plus personne à appeler pour l" in body(ul.get("/appels/"))
    assert "Personne ne correspond" in body(ul.get("/appels/", {"reason": "join"}))


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ({"reason": "join"}, "Adhère"),
        ({"late": "on"}, "Tard"),
        ({"trade": "macon"}, "Maçon"),
        ({"who": "me"}, "Confié"),
    ],
)
def test_the_board_filters(ul: Client, caller: User, question: dict[str, str], shown: str) -> None:
    from territory.models import Trade

    make_person(first_name="Adhère", wishes=(Wish.JOIN,))
    late = make_follow_up(first_name="Tard")
    make_person(first_name="Maçon", trade=Trade.objects.get(pk="macon"))
    mine = make_follow_up(first_name="Confié")
    FollowUp.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=1))
    FollowUp.objects.filter(pk=mine.pk).update(assigned_to=caller)
    page = body(ul.get("/appels/", question))
    names = re.findall(r'<a href="/appels/\d+/[^>]*>(\w+)</a>', page)
    assert names == [shown]


def test_an_unknown_filter_filters_nothing(ul: Client) -> None:
    make_follow_up(first_name="Sylviane")
    question = {"reason": "x", "trade": "x", "organisation": "x", "page": "x", "vue": "x"}
    assert "Sylviane" in body(ul.get("/appels/", question))


def said(response: Any) -> str:
    return said_by(body(response))


def said_by(page: str) -> str:
    """The text of a page, its no-break spaces like the others."""
    text = re.sub(r"<[^>]*>", " ", page.partition("<main")[2])
    return " ".join(text.replace("&nbsp;", " ").split())


def test_out_of_hours_the_board_says_when_calls_open_again(ul: Client, tuesday: Any) -> None:
    make_follow_up()
    assert "Commencer les appels" in said(ul.get("/appels/"))
    tuesday.shift(timedelta(hours=6))
    page = said(ul.get("/appels/"))
    assert "Commencer les appels" not in page
    assert "Les appels reprennent mercredi 6 novembre à 9 h." in page
    assert "Répondre par écrit" in page


@pytest.mark.parametrize(
    ("slug", "where"), [("confederation", ", heure de là-bas (La Réunion)."), ("ud-974", ".")]
)
def test_overseas_hours_are_told_as_lived_there(
    client_for: Any, tuesday: Any, slug: str, where: str
) -> None:
    make_follow_up(postcode="97400")
    tuesday.shift(timedelta(hours=3))
    page = said(log_in(client_for, "staff", slug).get("/appels/"))
    assert f"mercredi 6 novembre à 9 h{where}" in page


def test_while_everybody_waits_the_board_says_until_when(ul: Client) -> None:
    row = make_follow_up()
    take(ul, row)
    ul.post(f"/appels/{row.pk}/", {"outcome": "no-answer"})
    page = said(ul.get("/appels/"))
    assert "Plus personne à appeler pour l’instant." in page
    assert "Le prochain appel est possible mercredi 6 novembre à 10 h" in page


def test_a_departmental_union_sees_who_owes_calls(client_for: Any) -> None:
    get_organisation("ul-caen")
    make_follow_up(), make_follow_up(postcode="14400")
    page = body(log_in(client_for, "staff", "ud-14").get("/appels/"))
    counts = re.search(r"call-counts.*?</table>", page, re.DOTALL)
    assert counts
    assert "UL de Caen" in counts[0]


def test_the_counts_look_up_nobodys_agreement(client_for: Any) -> None:
    get_organisation("ul-caen")
    make_follow_up(), make_follow_up(postcode="14400"), make_follow_up(phone="", wishes=["join"])
    client = log_in(client_for, "staff", "ud-14")
    with CaptureQueriesContext(connection) as queries:
        page = body(client.get("/appels/"))
    (counted,) = [query["sql"] for query in queries if "GROUP BY" in query["sql"]]
    assert "consent" not in counted.partition("GROUP BY")[0].replace("'consent'", "")
    assert re.findall(r'data-label="À joindre" class="number">(\d+)<', page) == ["2", "1"]


def test_another_union_sees_nobody(client_for: Any) -> None:
    row = make_follow_up()
    other = log_in(client_for, "staff", "ud-50")
    assert "Plus personne à appeler pour l" in body(other.get("/appels/"))
    assert other.get(f"/appels/{row.pk}/").status_code == 404
    assert other.post(f"/appels/{row.pk}/prendre/").status_code == 404


def test_a_withdrawal_empties_the_board_at_once(ul: Client) -> None:
    row = make_follow_up(first_name="Sylviane")
    change_consents(contact=row.contact, given=[])
    assert "Sylviane" not in body(ul.get("/appels/"))


def test_the_board_asks_as_many_queries_for_thirty_rows_as_for_one(ul: Client) -> None:
    make_follow_up()
    ul.get("/appels/")
    with CaptureQueriesContext(connection) as one:
        ul.get("/appels/")
    for _ in range(29):
        make_follow_up()
    with CaptureQueriesContext(connection) as thirty:
        ul.get("/appels/")
    assert len(thirty) == len(one)


def test_pages_follow_each_other(ul: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calls.board.PAGE_SIZE", 2)
    for number in range(3):
        make_follow_up(first_name=f"Nom{number}")
    first, second = body(ul.get("/appels/")), body(ul.get("/appels/", {"page": "2"}))
    assert len(re.findall(r">Nom\d<", first)) == 2
    assert re.findall(r">(Nom\d)<", second) == ["Nom2"]


def test_a_militant_calls_whom_they_brought_and_whom_they_were_given(client_for: Any) -> None:
    militant = make_user("militant", "ul-caen")
    own = make_follow_up(captured_by=militant, source=make_source("ul-caen"))
    given, other = make_follow_up(), make_follow_up()
    FollowUp.objects.filter(pk=given.pk).update(
        assigned_to=militant, assigned_for=get_organisation("ul-caen")
    )
    client = client_for(militant)
    for row, status in ((own, 200), (given, 200), (other, 404)):
        assert client.get(f"/appels/{row.pk}/").status_code == status


def test_who_left_the_organisation_leaves_its_calls(client_for: Any) -> None:
    militant = make_user("militant", "ul-caen")
    row = make_follow_up()
    FollowUp.objects.update(assigned_to=militant, assigned_for=get_organisation("ul-caen"))
    militant.memberships.update(ended_at=timezone.now() + timedelta(days=900))
    assert client_for(User.objects.get(pk=militant.pk)).get(f"/appels/{row.pk}/").status_code == 404


def test_staff_give_people_to_a_militant(ul: Client, client_for: Any) -> None:
    militant = make_user("militant", "ul-caen")
    rows = [make_follow_up(), make_follow_up()]
    key = f"{get_organisation('ul-caen').pk}-{militant.pk}"
    ticked = [str(row.pk) for row in rows]
    ul.post("/appels/confier/", {"follow_ups": ticked, "assignee": key})
    assert set(FollowUp.objects.values_list("assigned_to", flat=True)) == {militant.pk}
    ul.post("/appels/confier/", {"follow_ups": ticked, "assignee": ""})
    assert set(FollowUp.objects.values_list("assigned_to", flat=True)) == {None}


def test_nobody_gives_away_the_people_of_others(client_for: Any) -> None:
    row = make_follow_up()
    other = make_user("staff", "ud-50")
    key = f"{get_organisation('ud-50').pk}-{other.pk}"
    sent = {"follow_ups": [str(row.pk)], "assignee": key}
    client_for(other).post("/appels/confier/", sent)
    assert FollowUp.objects.get().assigned_to is None
    militant = log_in(client_for, "militant", "ul-caen")
    assert militant.post("/appels/confier/", sent).status_code == 404


def test_people_are_given_to_members_only(ul: Client) -> None:
    row = make_follow_up()
    stranger = make_user("militant", "ud-50")
    key = f"{get_organisation('ud-50').pk}-{stranger.pk}"
    ul.post("/appels/confier/", {"follow_ups": [str(row.pk)], "assignee": key})
    assert FollowUp.objects.get().assigned_to is None


def test_the_number_shows_once_the_person_is_taken(ul: Client) -> None:
    row = make_follow_up()
    number = row.contact.phone.as_national
    assert number not in body(ul.get(f"/appels/{row.pk}/"))
    page = take(ul, row)
    assert number in page
    assert f'href="tel:{row.contact.phone.as_e164}"' in page


def test_somebody_else_sees_who_is_on_the_line(ul: Client, client_for: Any) -> None:
    row = make_follow_up()
    take(ul, row)
    other = log_in(client_for, "staff", "ud-14")
    page = take(other, row)
    assert "est en ligne avec cette personne" in page
    assert row.contact.phone.as_national not in page


def test_from_the_board_one_call_leads_to_the_next(ul: Client, caller: User) -> None:
    rows = [make_follow_up(), make_follow_up()]
    answer = ul.post("/appels/suivant/")
    assert answer["Location"] == f"/appels/{rows[0].pk}/"
    answer = ul.post(answer["Location"], {"outcome": "talked", "next": "1", "note": "Aimable"})
    assert answer["Location"] == f"/appels/{rows[1].pk}/"
    assert Call.objects.get().note == "Aimable"


def test_the_filters_of_the_board_hold_for_the_next_person(ul: Client) -> None:
    make_follow_up()
    wished = make_follow_up(wishes=(Wish.JOIN,))
    answer = ul.post("/appels/suivant/", {"filters": "reason=join"})
    assert answer["Location"] == f"/appels/{wished.pk}/?reason=join"


def test_when_nobody_is_left_the_board_says_so(ul: Client) -> None:
    page = body(ul.post("/appels/suivant/", follow=True))
    assert "Plus personne à appeler pour l" in page


def test_nobody_is_served_out_of_hours(ul: Client, tuesday: Any) -> None:
    row = make_follow_up()
    tuesday.shift(timedelta(hours=6))
    assert ul.post("/appels/suivant/")["Location"] == "/appels/?"
    assert "Ce n’est pas l’heure d’appeler" in body(ul.get(f"/appels/{row.pk}/"))


def test_a_retry_is_not_served_before_its_day(
    ul: Client, caller: User, client_for: Any, tuesday: Any
) -> None:
    row = make_follow_up()
    take(ul, row)
    ul.post(f"/appels/{row.pk}/", {"outcome": "no-answer"})
    assert ul.post("/appels/suivant/")["Location"] == "/appels/?"
    tuesday.shift(timedelta(days=1))
    assert client_for(caller).post("/appels/suivant/")["Location"] == f"/appels/{row.pk}/"


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "Dites comment l’appel s’est terminé"),
        ({"outcome": "x"}, "aria-invalid"),
        ({"outcome": "later"}, "Donnez un jour et une heure"),
        ({"outcome": "later", "later_at": "2024-11-04T10:00"}, "déjà passé"),
        ({"outcome": "later", "later_at": "2024-11-10T10:00"}, "du lundi au samedi"),
        ({"outcome": "later", "later_at": "2026-11-10T10:00"}, "trop loin"),
        ({"outcome": "later", "later_at": "demain"}, "incomplète"),
        ({"outcome": "meeting", "meeting_at": "2024-11-08T10:00"}, "où vous vous retrouvez"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_keeps_the_note(
    ul: Client, sent: dict[str, str], message: str
) -> None:
    row = make_follow_up()
    take(ul, row)
    page = body(ul.post(f"/appels/{row.pk}/", sent | {"note": "Très aimable"}))
    assert message in page
    assert "Très aimable" in page
    assert not Call.objects.exists()


def test_hours_are_typed_as_lived_where_the_person_works(ul: Client, client_for: Any) -> None:
    row = make_follow_up(postcode="97400")
    client = log_in(client_for, "staff", "ud-974")
    take(client, row)
    client.post(f"/appels/{row.pk}/", {"outcome": "later", "later_at": "2024-11-06T10:00"})
    again = FollowUp.objects.get().next_attempt_at
    assert again.isoformat() == "2024-11-06T06:00:00+00:00"


def test_who_lost_the_person_keeps_the_note_on_screen(ul: Client, client_for: Any) -> None:
    row = make_follow_up()
    take(ul, row)
    FollowUp.objects.update(lease_until=timezone.now() - timedelta(days=1))
    FollowUp.objects.update(lease_holder=make_user("staff", "ud-14"))
    page = body(ul.post(f"/appels/{row.pk}/", {"outcome": "talked", "note": "Très aimable"}))
    assert "Très aimable" in page
    assert "Rien n’a été enregistré" in page


def test_a_withdrawal_during_the_call_keeps_the_note_on_screen_and_leads_on(ul: Client) -> None:
    row, following = make_follow_up(), make_follow_up()
    take(ul, row)
    change_consents(contact=row.contact, given=[])
    page = body(ul.post(f"/appels/{row.pk}/", {"outcome": "talked", "note": "Très aimable"}))
    assert "Très aimable" in page
    assert "ne souhaite plus être jointe" in page
    assert row.contact.phone.as_e164 not in page
    assert ul.post("/appels/suivant/")["Location"] == f"/appels/{following.pk}/"


def test_the_history_shows_every_note(ul: Client) -> None:
    row = make_follow_up()
    take(ul, row)
    ul.post(f"/appels/{row.pk}/", {"outcome": "no-answer", "note": "Sonne dans le vide"})
    assert "Sonne dans le vide" in body(ul.get(f"/appels/{row.pk}/"))


def test_a_past_call_keeps_the_words_it_had(ul: Client) -> None:
    row = make_follow_up()
    take(ul, row)
    ul.post(f"/appels/{row.pk}/", {"outcome": "no-answer"})
    Outcome.objects.filter(code="no-answer").update(label="Autres mots")
    for address in ("/appels/", f"/appels/{row.pk}/", f"/contacts/{row.contact_id}/"):
        page = said(ul.get(address))
        assert "Pas de réponse" in page
        assert "Autres mots" not in page


def test_the_page_of_a_contact_tells_the_calls(ul: Client, caller: User) -> None:
    row = make_follow_up(wishes=(Wish.LEGAL,))
    address = f"/contacts/{row.contact_id}/"
    page = said(ul.get(address))
    assert "À appeler : conseil juridique" in page
    assert "avant le 6 novembre 2024 à 15 h, UL de Caen" in page
    take(ul, row)
    ul.post(f"/appels/{row.pk}/", {"outcome": "no-answer", "note": "Sonne dans le vide"})
    page = said(ul.get(address))
    assert "Pas de réponse 5 novembre 2024 à 15 h" in page
    assert f"{caller.get_full_name()}, prochain essai à partir du 6 novembre 2024 à 10 h" in page
    assert "Sonne dans le vide" in page
    ul.post(f"/appels/passes/{Call.objects.get().pk}/annuler/")
    assert "Pas de réponse Annulé" in said(ul.get(address))


def test_the_last_call_can_be_taken_back_from_the_board(ul: Client) -> None:
    row = make_follow_up()
    take(ul, row)
    ul.post(f"/appels/{row.pk}/", {"outcome": "voted"})
    assert "Annuler cet appel" in body(ul.get("/appels/"))
    ul.post(f"/appels/passes/{Call.objects.get().pk}/annuler/")
    assert FollowUp.objects.get().is_open
    assert Contact.objects.get().voted_at is None


def test_the_lease_is_extended_without_leaving_the_page(ul: Client) -> None:
    row = make_follow_up()
    take(ul, row)
    answer = ul.post(f"/appels/{row.pk}/prolonger/", headers={"accept": "text/plain"})
    assert answer["Content-Type"] == "text/plain"
    assert answer.content.isdigit()


def test_the_lease_ends_at_an_hour_of_the_callers_clock(client_for: Any) -> None:
    row = make_follow_up(postcode="97410")
    page = take(log_in(client_for, "staff", "ud-974"), row)
    row.refresh_from_db()
    assert row.lease_until is not None
    with timezone.override("Indian/Reunion"):
        assert f"<strong data-call-until>{hour(row.lease_until)}<" in page


@pytest.mark.parametrize(("slug", "is_told"), [("confederation", True), ("ud-974", False)])
def test_who_calls_from_elsewhere_is_told_what_time_it_is_there(
    client_for: Any, tuesday: Any, slug: str, is_told: bool
) -> None:
    row = make_follow_up(postcode="97410")
    tuesday.move_to("2024-11-05T17:00:00+00:00")
    page = body(log_in(client_for, "staff", slug).get(f"/appels/{row.pk}/"))
    assert "Ce n’est pas l’heure d’appeler" in page
    assert ("il est 21\xa0h" in page) == is_told


def test_leaving_is_answered_with_nothing(ul: Client) -> None:
    row = make_follow_up()
    take(ul, row)
    assert ul.post(f"/appels/{row.pk}/rendre/", {"leaving": "1"}).status_code == 204
    assert ul.post(f"/appels/{row.pk}/rendre/").status_code == 302
    assert FollowUp.objects.get().lease_holder is None


def test_who_wished_something_without_a_number_is_written_to(ul: Client) -> None:
    row = make_follow_up(phone="", wishes=(Wish.LEGAL,))
    assert row.contact.first_name in body(ul.get("/appels/", {"vue": "ecrit"}))
    assert f'href="mailto:{row.contact.email}"' in take(ul, row)


def test_the_script_is_that_of_the_day_with_the_names_filled_in(ul: Client, caller: User) -> None:
    load_campaign()
    page = take(ul, make_follow_up(first_name="Sylviane"))
    assert f"Bonjour Sylviane, je suis {caller.first_name}, de l’UL de Caen." in page
    assert "Collecte des contacts" in page
    assert "25 novembre" in page


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_has_words_the_page_can_fill_in(phase: Phase) -> None:
    from calls.scripts import unknown_words

    assert unknown_words(shipped_script(phase)) == []


def test_the_confederation_rewrites_what_is_said(ul: Client, client_for: Any) -> None:
    confederation = log_in(client_for, "staff", "confederation")
    refused = body(confederation.post("/appels/textes/collection/", {"text": "Bonjour {nom}"}))
    assert "Mot inconnu entre accolades" in refused
    confederation.post("/appels/textes/collection/", {"text": "Salut {prénom} !"})
    assert "Salut Sylviane !" in take(ul, make_follow_up(first_name="Sylviane"))
    confederation.post("/appels/textes/collection/origine/")
    assert not CallScript.objects.exists()


def test_a_script_cannot_carry_markup(ul: Client) -> None:
    CallScript.objects.create(phase=Phase.COLLECTION, text="<b>{prénom}</b>")
    assert "&lt;b&gt;" in take(ul, make_follow_up())


def test_the_confederation_changes_the_rules(client_for: Any) -> None:
    client = log_in(client_for, "staff", "confederation")
    page = body(client.get("/appels/regles/"))
    fields = dict(re.findall(r'name="((?:issue|reprise)-[^"]*)"[^>]*? value="([^"]*)"', page))
    silent = Outcome.objects.get(code="no-answer")
    first = Escalation.objects.get(from_kind="ul")
    fields |= {f"issue-{row.pk}-is_active": "on" for row in Outcome.objects.all()}
    fields |= {f"issue-{row.pk}-label": row.label for row in Outcome.objects.all()}
    changed = fields | {
        f"issue-{silent.pk}-retry_after_days": "2", f"issue-{silent.pk}-max_attempts": "6",
        f"reprise-{first.pk}-days_late": "4",
    }  # fmt: skip
    assert client.post("/appels/regles/", changed).status_code == 302
    silent.refresh_from_db()
    first.refresh_from_db()
    assert (silent.retry_after_days, silent.max_attempts, first.days_late) == (2, 6, 4)
    refused = client.post("/appels/regles/", changed | {f"reprise-{first.pk}-days_late": "0"})
    assert "aria-invalid" in body(refused)


def fix_meeting(client: Client, row: FollowUp) -> Meeting:
    take(client, row)
    client.post(
        f"/appels/{row.pk}/",
        {
            "outcome": "meeting", "meeting_at": "2024-11-08T17:30", "meeting_minutes": "45",
            "meeting_place": "Café de la gare",
        },
    )  # fmt: skip
    return Meeting.objects.get()


def test_an_appointment_is_listed_changed_and_cancelled(ul: Client) -> None:
    meeting = fix_meeting(ul, make_follow_up())
    assert "8 novembre 2024 à 17" in body(ul.get("/appels/rendez-vous/"))
    address = f"/appels/rendez-vous/{meeting.pk}/"
    assert 'value="2024-11-08T17:30"' in body(ul.get(address))
    changed = {"starts_at": "2024-11-09T10:00", "minutes": "30", "place": "Permanence"}
    ul.post(address, changed)
    meeting.refresh_from_db()
    assert (meeting.place, meeting.sequence) == ("Permanence", 1)
    assert "Annuler ce rendez-vous" in body(ul.get(f"{address}annuler/"))
    ul.post(f"{address}annuler/")
    assert "Aucun rendez-vous" in body(ul.get("/appels/rendez-vous/"))
    assert ul.get(address).status_code == 404


@pytest.mark.parametrize(
    ("channels", "message"),
    [(["call", "sms"], "la personne en est prévenue"), (["call"], "appelez-la")],
)
def test_who_moves_an_appointment_hears_whether_the_person_is_told(
    ul: Client, channels: list[str], message: str
) -> None:
    meeting = fix_meeting(ul, make_follow_up(channels=channels))
    changed = {"starts_at": "2024-11-09T10:00", "minutes": "30", "place": "Permanence"}
    assert message in body(ul.post(f"/appels/rendez-vous/{meeting.pk}/", changed, follow=True))


@pytest.mark.parametrize(
    ("channels", "promised", "told"),
    [
        (["call", "sms"], "L’invitation part par e-mail ou par SMS.", "Son invitation part"),
        (["call"], "Ni e-mail ni SMS possible", "Aucune invitation ne part"),
    ],
)
def test_an_invitation_is_promised_only_if_it_can_be_written(
    ul: Client, channels: list[str], promised: str, told: str
) -> None:
    row = make_follow_up(channels=channels)
    assert promised in said_by(take(ul, row))
    meeting = fix_meeting(ul, row)
    page = said(ul.get("/appels/"))
    assert told in page
    assert ("de vive voix" in said(ul.get(f"/appels/rendez-vous/{meeting.pk}/"))) == (
        "sms" not in channels
    )


def test_who_calls_off_an_appointment_is_asked_to_say_so_where_nothing_is_written(
    ul: Client,
) -> None:
    meeting = fix_meeting(ul, make_follow_up(channels=["call"]))
    assert "appelez-la" in body(ul.get(f"/appels/rendez-vous/{meeting.pk}/annuler/"))


def test_the_file_for_ones_own_calendar_names_nobody(ul: Client) -> None:
    row = make_follow_up()
    meeting = fix_meeting(ul, row)
    file = ul.get(f"/appels/rendez-vous/{meeting.pk}/rendez-vous.ics")
    assert file["Content-Type"].startswith("text/calendar")
    assert row.contact.email not in body(file)


def test_the_funnel_counts_each_person_once_within_scope(ul: Client, client_for: Any) -> None:
    source = make_source("ul-caen")
    militant = make_user("militant", "ul-caen")
    people = [make_person(source=source, captured_by=militant) for _ in range(4)]
    make_person(postcode="50000")
    now = timezone.now()
    Contact.objects.filter(pk__in=[one.pk for one in people[:3]]).update(reached_at=now)
    Contact.objects.filter(pk=people[0].pk).update(will_vote="yes")
    Contact.objects.filter(pk=people[1].pk).update(voted_at=now, joining="member")
    page = body(ul.get("/appels/parcours/"))
    row = re.search(r"UL de Caen</th>(.*?)</tr>", page, re.DOTALL)
    assert row
    assert re.findall(r">(\d+)</td>", row[1]) == ["1", "4", "3", "2", "1", "1"]
    assert "UD de la Manche" not in page


def test_by_activist_nobody_is_told_that_one_is_one(ul: Client, client_for: Any) -> None:
    make_person(source=make_source("ul-caen"), captured_by=make_user("militant", "ul-caen"))
    page = said(ul.get("/appels/parcours/", {"par": "activist"}))
    assert "Chaque ligne est qui a saisi ces personnes." in page
    assert "Militant·es" not in page
    assert "Joint·es quelqu’un leur a parlé au téléphone" in page


@pytest.mark.parametrize("axis", ["organisation", "source", "activist", "x"])
def test_the_funnel_costs_the_same_whatever_it_counts(
    ul: Client, axis: str, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        make_person()
    with django_assert_max_num_queries(20):
        assert ul.get("/appels/parcours/", {"par": axis}).status_code == 200

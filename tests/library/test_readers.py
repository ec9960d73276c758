"""Downloads are counted without knowing whose; a visit goes on for a while; addresses stay."""

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from library import publishing, reading
from library.models import Document, DownloadCount, DownloadMark, Visit
from library.tasks import forget_download_marks
from organisations.models import User
from tests.factories import get_organisation, make_user
from tests.library.conftest import BROWSER, ClientFor, make_document, picture, upload

pytestmark = pytest.mark.django_db
HOME = "/ressources/"


def counted(document: Document) -> int:
    return sum(document.downloads.order_by("day").values_list("count", flat=True))


def shut(answer: Any) -> None:
    """Close the file of an answer; `close()` would also end the connection to the database."""
    for close in answer._resource_closers:
        close()


class TestDownloads:
    @pytest.fixture
    def document(self, editor: User) -> Document:
        return make_document(editor, audience="public", file=upload("a.png", picture()))

    def take(self, client: Client, document: Document, **headers: str) -> None:
        address = f"{document.get_absolute_url()}fichier/"
        shut(client.get(address, headers={"User-Agent": BROWSER, **headers}))

    def test_each_person_counts_once_a_day(self, client_for: ClientFor, document: Document) -> None:
        first, second = client_for(make_user()), client_for(make_user())
        for client in (first, first, second):
            self.take(client, document)
        assert counted(document) == 2
        with time_machine.travel(dt.timedelta(days=1)):
            reading.count_download(document=document, reader="somebody")
        assert [(row.count) for row in DownloadCount.objects.order_by("day")] == [2, 1]

    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Purpose": "prefetch;prerender"},
            {"Purpose": "prefetch"},
            {"X-Moz": "prefetch"},
            {"User-Agent": ""},
            {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot)"},
            {"User-Agent": "WhatsApp/2.24"},
            {"User-Agent": "curl/8.5.0"},
        ],
    )
    def test_looks_ahead_and_programs_do_not(
        self, client_for: ClientFor, document: Document, headers: dict[str, str]
    ) -> None:
        self.take(client_for(make_user()), document, **headers)
        assert counted(document) == 0

    def test_neither_do_questions_previews_and_former_files(
        self, client_for: ClientFor, editor: User, document: Document
    ) -> None:
        client, base = client_for(editor), document.get_absolute_url()
        asked = client.head(f"{base}fichier/", headers={"User-Agent": BROWSER})
        assert asked.status_code == 200
        shut(asked)
        for page in ("", "apercu/", "fichier/1/"):
            answer = client.get(f"{base}{page}", headers={"User-Agent": BROWSER})
            assert answer.status_code == 200
            shut(answer)
        assert counted(document) == 0

    def test_strangers_count_by_browser(self, document: Document) -> None:
        address = f"/documents/{document.slug}/fichier/"
        for place in ("192.0.2.1", "192.0.2.1", "192.0.2.2"):
            shut(Client(REMOTE_ADDR=place).get(address, headers={"User-Agent": BROWSER}))
        assert counted(document) == 2

    def test_a_proxy_that_names_nobody_stops_no_download(self, document: Document) -> None:
        address = f"/documents/{document.slug}/fichier/"
        answer = Client(REMOTE_ADDR="").get(address, headers={"User-Agent": BROWSER})
        assert answer.status_code == 200
        shut(answer)
        assert counted(document) == 1

    def test_nothing_says_who_and_nothing_stays(
        self, client_for: ClientFor, document: Document
    ) -> None:
        reader = make_user()
        self.take(client_for(reader), document)
        mark = DownloadMark.objects.get()
        assert len(mark.mark) == 64
        assert {field.name for field in DownloadMark._meta.fields} == {"mark", "day"}
        forget_download_marks()
        assert DownloadMark.objects.exists()
        with time_machine.travel(dt.timedelta(days=1)):
            forget_download_marks()
        assert not DownloadMark.objects.exists()
        assert counted(document) == 1


class TestNew:
    """New is what came since the visit before this one began."""

    MORNING = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)

    def see(self, reader: User, at: dt.datetime, client_for: ClientFor) -> str:
        with time_machine.travel(at, tick=False):
            return client_for(reader).get(HOME).text

    def test_it_stays_new_while_the_visit_lasts(self, client_for: ClientFor, editor: User) -> None:
        reader = make_user("militant", "ud-14")
        with time_machine.travel(self.MORNING - dt.timedelta(days=9), tick=False):
            make_document(editor, "Ancien")
        first = self.see(reader, self.MORNING, client_for)
        assert "Ancien" in first
        assert "depuis votre dernière visite" not in first
        with time_machine.travel(self.MORNING + dt.timedelta(hours=1), tick=False):
            make_document(editor, "Récent")
        next_day = self.MORNING + dt.timedelta(days=1)
        for minutes in (0, 1, 200):
            page = self.see(reader, next_day + dt.timedelta(minutes=minutes), client_for)
            assert "1 nouveau depuis votre dernière visite" in page
        later = self.see(reader, next_day + dt.timedelta(days=1), client_for)
        assert "depuis votre dernière visite</span>" not in later

    def test_a_page_of_a_visit_writes_nothing(self, client_for: ClientFor) -> None:
        reader = make_user("militant", "ud-14")
        client = client_for(reader)
        client.get(HOME)
        with CaptureQueriesContext(connection) as queries:
            client.get(HOME)
        written = [query["sql"] for query in queries if "library_visit" in query["sql"]]
        assert len(written) == 1
        assert written[0].startswith("SELECT")
        assert Visit.objects.get().user == reader

    def test_only_what_is_new_is_asked_for(self, client_for: ClientFor, editor: User) -> None:
        reader = make_user("militant", "ud-14")
        with time_machine.travel(self.MORNING - dt.timedelta(days=9), tick=False):
            make_document(editor, "Ancien")
        self.see(reader, self.MORNING, client_for)
        with time_machine.travel(self.MORNING + dt.timedelta(hours=9), tick=False):
            make_document(editor, "Récent")
        with time_machine.travel(self.MORNING + dt.timedelta(days=1), tick=False):
            page = client_for(reader).get(f"{HOME}?nouveau=on").text
        assert "Récent" in page
        assert "Ancien" not in page


class TestAddresses:
    def test_everybody_reads_what_is_public(self, client: Client, editor: User) -> None:
        document = make_document(editor, audience="public", file=upload("a.png", picture()))
        page = client.get(f"/documents/{document.slug}/")
        assert "Affiche d’été" in page.text
        file = client.get(f"/documents/{document.slug}/fichier/")
        assert file["Content-Disposition"] == 'attachment; filename="a.png"'
        preview = client.get(f"/documents/{document.slug}/apercu/")
        assert preview["Content-Type"] == "image/webp"
        for answer in (file, preview):
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer["Content-Security-Policy"] == "sandbox"
            shut(answer)

    @pytest.mark.parametrize("page", ["", "fichier/", "apercu/"])
    def test_nothing_else_shows_there(self, client: Client, editor: User, page: str) -> None:
        make_document(editor, "Interne")
        known = client.get(f"/documents/interne/{page}", follow=True)
        unknown = client.get(f"/documents/jamais-vu/{page}", follow=True)
        assert known.status_code == unknown.status_code
        assert "Interne" not in known.text
        path = known.request["PATH_INFO"].replace("interne", "jamais-vu")
        assert path == unknown.request["PATH_INFO"]

    def test_staff_documents_do_not_exist_for_a_militant(
        self, client_for: ClientFor, editor: User
    ) -> None:
        base = make_document(
            editor, audience="staff", file=upload("a.png", picture())
        ).get_absolute_url()
        militant, staff = (
            client_for(make_user("militant", "ud-14")),
            client_for(make_user("staff", "ul-caen")),
        )
        for page in ("", "fichier/", "apercu/", "fichier/1/", "modifier/"):
            assert militant.get(f"{base}{page}").status_code == 404
        assert "Affiche d’été" not in militant.get(HOME).text
        assert staff.get(base).status_code == 200

    def test_withdrawn_for_staff_is_still_nothing_to_a_militant(
        self, client_for: ClientFor, editor: User
    ) -> None:
        document = make_document(editor, audience="staff")
        publishing.retire_document(document=document, author=editor)
        assert (
            client_for(make_user("militant", "ud-14")).get(document.get_absolute_url()).status_code
            == 404
        )

    @pytest.mark.parametrize("door", ["/documents/premier/", "/ressources/documents/premier/"])
    def test_an_old_address_leads_to_the_last_successor(
        self, client_for: ClientFor, editor: User, door: str
    ) -> None:
        line = [
            make_document(editor, title, audience="public")
            for title in ("Premier", "Second", "Troisième")
        ]
        for gone, successor in pairwise(line):
            publishing.retire_document(document=gone, author=editor, successor=successor)
        reader = client_for(make_user("militant", "ud-14"))
        for address in (door, f"{door}fichier/"):
            answer = reader.get(address)
            assert answer.status_code == 410
            assert "/documents/troisieme/" in answer.text
            assert "/documents/second/" not in answer.text

    def test_a_successor_for_others_is_not_named(self, client_for: ClientFor, editor: User) -> None:
        document, secret = make_document(editor), make_document(editor, "Secret", audience="staff")
        publishing.retire_document(document=document, author=editor, successor=secret)
        page = client_for(make_user("militant", "ud-14")).get(document.get_absolute_url())
        assert page.status_code == 410
        assert "Secret" not in page.text

    def test_an_expired_document_says_so(self, client_for: ClientFor, editor: User) -> None:
        document = make_document(editor, expires_on=dt.date(2020, 1, 1))
        page = client_for(make_user("militant", "ud-14")).get(document.get_absolute_url())
        assert page.status_code == 410
        assert "n’est plus valable" in page.text
        assert "Affiche d’été" not in client_for(editor).get(HOME).text
        assert client_for(editor).get(document.get_absolute_url()).status_code == 200

    def test_a_local_document_does_not_exist_elsewhere(self, client_for: ClientFor) -> None:
        author = make_user("staff", "ud-14")
        document = make_document(author, organisation=get_organisation("ud-14"))
        base: str = document.get_absolute_url()
        assert client_for(make_user("militant", "ul-caen")).get(base).status_code == 200
        for page in ("", "modifier/", "retirer/"):
            assert client_for(make_user("staff", "ud-50")).get(f"{base}{page}").status_code == 404

    def test_a_draft_is_for_its_keepers(self, client_for: ClientFor) -> None:
        author: Any = make_user("staff", "ud-14")
        draft = make_document(author, organisation=get_organisation("ud-14"), is_draft=True)
        address = draft.get_absolute_url()
        assert client_for(author).get(address).status_code == 200
        assert client_for(make_user("militant", "ud-14")).get(address).status_code == 404

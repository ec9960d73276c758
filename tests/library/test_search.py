"""The search in French: accents, plurals, parts of words, slips; and what it quotes."""

import pytest
from django.test import Client

from library.models import Document, RightsSheet
from library.models.searching import MARKS
from library.templatetags.snippets import marked
from organisations.models import User
from tests.factories import make_user
from tests.library.conftest import ClientFor, make_document, upload
from tests.library.test_uploads import office

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(editor: User) -> Document:
    return make_document(
        editor,
        "Congés payés : l’argumentaire",
        summary="Les heures majorées des salariées de la boulangerie, l’été.",
        kind="talking-points",
    )


@pytest.mark.parametrize(
    "words",
    ["congés", "CONGES", "congé payé", "majoré", "salarié boulangerie", "boulangeries",
     "argument", "boulangrie", "ete", "argumentaire"],
)  # fmt: skip
def test_found(document: Document, words: str) -> None:
    assert list(Document.objects.matching(words)) == [document]


@pytest.mark.parametrize("words", ["plombier", "congés plombier", "' OR 1=1 --", "???"])
def test_not_found(document: Document, words: str) -> None:
    assert not Document.objects.matching(words).exists()


def test_nothing_asked_finds_everything(document: Document) -> None:
    assert list(Document.objects.matching("  ")) == [document]


def test_titles_come_before_what_files_say(editor: User, document: Document) -> None:
    slide = b"<a:t>Les cong\xc3\xa9s</a:t><a:t>R&amp;D</a:t>"
    parts = {"ppt/slides/slide1.xml": slide}
    pptx = office("ppt/presentation.xml", "presentationml.presentation", **parts)
    inside = make_document(editor, "Diaporama de rentrée", file=upload("a.pptx", pptx))
    found = Document.objects.matching("congé").nearest_first("congé")
    assert list(found) == [document, inside]
    assert list(Document.objects.matching("R&D")) == [inside]


def test_sheets_are_found_the_same_way(published: RightsSheet) -> None:
    assert list(RightsSheet.objects.matching("délais")) == [published]
    assert not RightsSheet.objects.matching("plombier").exists()


def test_a_snippet_shows_the_word_found(client_for: ClientFor, document: Document) -> None:
    page = client_for(make_user("militant", "ud-14")).get("/ressources/?q=majoree").text
    assert "<mark>majorées</mark>" in page


def test_a_snippet_is_never_a_page_of_its_own(client_for: ClientFor, editor: User) -> None:
    make_document(editor, summary="<script>alert(1)</script> la grève <img src=x onerror=1>")
    page = client_for(editor).get("/ressources/?q=greve").text
    assert "<mark>grève</mark>" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a <b> c", "a &lt;b&gt; c"),
        ("un {0}mot{1} ici", "un <mark>mot</mark> ici"),
        ("{0}<i>{1} & {0}x{1}", "<mark>&lt;i&gt;</mark> &amp; <mark>x</mark>"),
        ("seul {0} et {1}{1}", "seul <mark> et </mark>"),
        ("{1}a{0}", "a"),
        ("", ""),
    ],
)
def test_marks(text: str, html: str) -> None:
    assert marked(text.format(*MARKS)) == html


def test_a_search_is_an_address_to_share(client_for: ClientFor, document: Document) -> None:
    client: Client = client_for(make_user("militant", "ud-14"))
    page = client.get("/ressources/", {"q": "congés", "kind": "talking-points"}).text
    assert 'data-copy="http://testserver/ressources/?q=cong%C3%A9s&amp;kind=talking-points"' in page

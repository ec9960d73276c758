"""Questions, for those who hold the session: sorted, merged, answered, set aside with a word."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organisations.models import User
from tests.factories import make_user
from tests.webinars.factories import delivered, make_webinar, sign_up, told
from webinars import asking, mails
from webinars.enums import QuestionState
from webinars.models import Question, Webinar

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client_for: Callable[[User], Client]) -> Client:
    return client_for(make_user("staff", "confederation"))


@pytest.fixture
def webinar() -> Webinar:
    return make_webinar()


def questions_of(webinar: Webinar, path: str = "") -> str:
    return f"/webinaires/gerer/{webinar.pk}/questions/{path}"


def asked(webinar: Webinar, text: str, number: int = 1, votes: int = 0) -> Question:
    """A question with as many votes as wanted beside its author's."""
    question = asking.ask(registration=sign_up(webinar, number), text=text)
    for other in range(votes):
        asking.accept(question=question)
        asking.vote(question=question, registration=sign_up(webinar, 100 + other))
    return question


def of(question: Question, act: str) -> str:
    return questions_of(question.webinar, f"{question.pk}/{act}/")


def test_the_most_wanted_come_first_and_say_who_asked(staff: Client, webinar: Webinar) -> None:
    asked(webinar, "Où sont les tracts ?", 1)
    asked(webinar, "Et les saisonniers ?", 2, votes=2)
    page = staff.get(questions_of(webinar)).content.decode()
    assert page.index("Et les saisonniers") < page.index("Où sont les tracts")
    assert "Sacha 2" in page
    assert "À relire" in page


def test_an_empty_page_says_where_questions_come_from(staff: Client, webinar: Webinar) -> None:
    assert "Rien à traiter" in staff.get(questions_of(webinar)).content.decode()
    assert "Rien ici" in staff.get(questions_of(webinar, "?vue=ecartees")).content.decode()


def test_the_list_costs_the_same_for_one_and_for_thirty(staff: Client, webinar: Webinar) -> None:
    def queries_for(numbers: range) -> int:
        for number in numbers:
            question = asked(webinar, f"Question {number}", number)
            same = asked(webinar, f"La même {number}", number)
            asking.merge(question=same, into=question)
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(questions_of(webinar)).status_code == 200
        return len(queries)

    assert queries_for(range(1)) == queries_for(range(1, 30))


def test_one_press_publishes_or_notes_an_answer_and_goes_on_to_the_next(
    staff: Client, webinar: Webinar
) -> None:
    first, second = asked(webinar, "Les tracts ?", 1), asked(webinar, "Les affiches ?", 2)
    answer = staff.post(of(first, "trier"), {"act": "accept"})
    assert answer["Location"] == questions_of(webinar) + f"#question-{second.pk}"
    answer = staff.post(of(second, "trier"), {"act": "live"})
    assert answer["Location"] == questions_of(webinar) + f"#question-{first.pk}"
    answer = staff.post(of(first, "trier"), {"act": "live"})
    assert answer["Location"] == questions_of(webinar) + "#questions"
    assert set(webinar.questions.values_list("state", flat=True)) == {QuestionState.ANSWERED_LIVE}
    assert "Les tracts" in staff.get(questions_of(webinar, "?vue=repondues")).content.decode()


def test_an_unknown_act_changes_nothing(staff: Client, webinar: Webinar) -> None:
    question = asked(webinar, "Les tracts ?")
    staff.post(of(question, "trier"), {"act": "nimporte"})
    question.refresh_from_db()
    assert question.state == QuestionState.NEW


def test_an_answer_is_written_and_corrected(staff: Client, webinar: Webinar) -> None:
    question = asked(webinar, "Les tracts ?")
    refused = staff.post(of(question, "repondre"), {"answer": " … "})
    assert "Écrivez la réponse" in refused.content.decode()
    staff.post(of(question, "repondre"), {"answer": "À l’UD."})
    question.refresh_from_db()
    assert (question.state, question.answer) == (QuestionState.ANSWERED_IN_WRITING, "À l’UD.")
    assert "À l’UD." in staff.get(of(question, "repondre")).content.decode()


def test_two_that_ask_the_same_count_together_and_are_parted(
    staff: Client, webinar: Webinar
) -> None:
    question, target = asked(webinar, "Les tracts ?", 1), asked(webinar, "Où sont-ils ?", 2)
    elsewhere = asked(make_webinar(title="Autre"), "Ailleurs ?", 3)
    page = staff.get(of(question, "fusionner")).content.decode()
    assert "Où sont-ils" in page
    assert "Ailleurs" not in page
    refused = staff.post(of(question, "fusionner"), {"into": elsewhere.pk})
    assert "Un point à corriger" in refused.content.decode()
    staff.post(of(question, "fusionner"), {"into": target.pk})
    page = staff.get(questions_of(webinar)).content.decode()
    assert '<strong class="figures">2</strong>' in page
    assert "Séparer" in page
    staff.post(of(question, "trier"), {"act": "part"})
    question.refresh_from_db()
    assert (question.state, question.merged_into) == (QuestionState.ACCEPTED, None)


def test_who_asked_is_told_a_kind_word_if_there_is_one(staff: Client, webinar: Webinar) -> None:
    silent, told_off = asked(webinar, "Hors sujet ?", 1), asked(webinar, "Le 4 ?", 2)
    delivered()
    staff.post(of(silent, "ecarter"), {"reply": ""})
    staff.post(of(told_off, "ecarter"), {"reply": "Merci ! On en parle le 4."})
    assert told(mails.ASIDE) == ["sacha2@exemple.fr"]
    (mail,) = delivered()
    body = mail.body.replace("\u00a0", " ")
    assert "« Le 4 ? »" in body
    assert "« Merci ! On en parle le 4. »" in body
    assert mail.attachments == []


def test_a_word_to_its_author_is_never_published(staff: Client, webinar: Webinar) -> None:
    question = asked(webinar, "Le 4 ?")
    staff.post(of(question, "ecarter"), {"reply": "Entre nous"})
    assert "Entre nous" not in staff.get(of(question, "repondre")).content.decode().split("<h1")[1]
    staff.post(of(question, "trier"), {"act": "live"})
    question.refresh_from_db()
    assert question.answer == ""
    # Nor is it mailed once the question is back.
    assert [mail for mail in delivered() if "Votre question" in mail.subject] == []


def test_news_are_counted_since_the_page_was_opened(staff: Client, webinar: Webinar) -> None:
    asked(webinar, "Les tracts ?", 1)
    page = staff.get(questions_of(webinar)).content.decode()
    assert "nouvelles/?connues=1" in page
    asked(webinar, "Les affiches ?", 2)
    news = staff.get(questions_of(webinar, "nouvelles/?connues=1")).content.decode()
    assert "1 nouvelle question" in news
    assert "<h1" not in news
    for known in ("2", "", "beaucoup", "9" * 30):
        quiet = staff.get(questions_of(webinar, "nouvelles/"), {"connues": known}).content.decode()
        assert "nouvelle question" not in quiet


def test_a_question_of_another_session_is_not_reached_by_this_one(
    staff: Client, webinar: Webinar
) -> None:
    question = asked(make_webinar(title="Autre"), "Les tracts ?")
    for act in ("repondre", "ecarter", "fusionner"):
        assert staff.get(questions_of(webinar, f"{question.pk}/{act}/")).status_code == 404


def test_who_asked_and_was_forgotten_gets_no_mail(webinar: Webinar, people: Any) -> None:
    question = asked(webinar, "Les tracts ?")
    Question.objects.update(registration=None)
    asking.decline(question=question, reply="Merci")
    assert told(mails.ASIDE) == []

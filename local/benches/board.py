"""What a session of 2 000 registrants asks every few seconds: the live board, the waiting page.

150 questions and 8 000 votes. What all of them read is drawn for the first who asks after a change;
the goal is that everybody else's answer costs no more than twice that of an idle board.
"""

import django

django.setup()

import random  # noqa: E402
from datetime import timedelta  # noqa: E402
from uuid import uuid4  # noqa: E402

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from campaigns.clock import current_campaign  # noqa: E402
from local.benches.measure import report  # noqa: E402
from organisations.models import Organisation  # noqa: E402
from webinars.actions import announce_webinar, create_webinar  # noqa: E402
from webinars.audience import address_hash  # noqa: E402
from webinars.board import drawn  # noqa: E402
from webinars.enums import AskedWhen, QuestionState, RegistrationState  # noqa: E402
from webinars.links import personal_path, secret_hash  # noqa: E402
from webinars.models import Question, QuestionVote, Registration, Series, Webinar  # noqa: E402

PEOPLE, QUESTIONS, VOTES = 2_000, 150, 8_000


def make_session() -> Webinar:
    campaign = current_campaign()
    if campaign is None:
        raise RuntimeError("no campaign is loaded")
    start = timezone.now() + timedelta(hours=1)
    webinar = create_webinar(
        campaign=campaign, series=Series.objects.get(is_open=True), title="Retours de terrain",
        organisation=Organisation.objects.get(slug="confederation"), created_by=None,
        starts_at=start, ends_at=start + timedelta(hours=1),
    )  # fmt: skip
    return announce_webinar(webinar=webinar, revision=webinar.revision)


def registrant(webinar: Webinar, number: int) -> Registration:
    email, seed = f"personne{number}@example.org", uuid4()
    return Registration(
        webinar=webinar, email=email, address_hash=address_hash(email), name=f"Personne {number}",
        state=RegistrationState.REGISTERED, seed=seed, secret_hash=secret_hash(seed),
    )  # fmt: skip


def fill(webinar: Webinar) -> list[Registration]:
    dice = random.Random(1895)
    people = Registration.objects.bulk_create(registrant(webinar, n) for n in range(PEOPLE))
    questions = Question.objects.bulk_create(
        Question(
            webinar=webinar, text=f"Question {number} ?", state=QuestionState.ACCEPTED,
            asked_when=AskedWhen.BEFORE,
        )
        for number in range(QUESTIONS)
    )  # fmt: skip
    pairs = {(dice.choice(questions), dice.choice(people)) for _ in range(VOTES)}
    QuestionVote.objects.bulk_create(
        QuestionVote(question=question, registration=one) for question, one in pairs
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return people


def main() -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    # Plain names: nothing is collected for a bench.
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    one = fill(make_session())[0]
    client, address = Client(), f"{personal_path(one)}questions/liste/"
    tag = client.get(address)["ETag"]

    def changed() -> None:
        drawn.cache_clear()
        client.get(address)

    report(
        f"a board of {QUESTIONS} questions, {VOTES:,} votes",
        {
            "waiting page, asked again": lambda: client.get(f"{personal_path(one)}etat/"),
            "idle board (304)": lambda: client.get(address, headers={"if-none-match": tag}),
            "board that changed, first to ask": changed,
            "board that changed, the others": lambda: client.get(address),
        },
    )


if __name__ == "__main__":
    main()

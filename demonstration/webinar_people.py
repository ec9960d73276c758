"""Who registered for the drawn sessions, came, asked and said what they thought."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from core.tokens import hash_secret
from demonstration.people import FIRST_NAMES
from organisations.enums import Kind
from organisations.models import Organisation, User
from webinars.audience import address_hash
from webinars.enums import AskedWhen, QuestionState, RegistrationState
from webinars.links import secret_hash
from webinars.models import Feedback, Join, Question, QuestionVote, Registration, Webinar

SIZES = {"outils": (50, 110), "cpri": (40, 70), "conseillers": (30, 60), "ouverts": (30, 55)}
SURNAMES = "Petit Roux Moreau Fontaine Lambert Girard Henry Dupuis Marchand Picard".split()
# One union in three has not come yet: somebody calls them.
COMES_IN = 0.66
CAME, LEFT, TWO_DEVICES, HAS_OPINION = 0.7, 0.06, 0.05, 0.35
REQUESTS = 3
OVERSEAS = {"971": "America/Guadeloupe", "972": "America/Martinique", "974": "Indian/Reunion"}


class Crowd:
    """Draws from a fixed seed: the same people every time."""

    def __init__(self, dice: random.Random, words: dict[str, Any], *, present: datetime) -> None:
        self.dice, self.words, self.present = dice, words, present
        kinds = (Kind.UD, Kind.UL, Kind.FD)
        every = Organisation.objects.active().filter(kind__in=kinds).order_by("slug")
        self.organisations = [one for one in every if dice.random() < COMES_IN]
        self.numbers = iter(range(1, 100_000))

    def come_to(self, webinar: Webinar, personas: Sequence[User]) -> None:
        """Fill a session that has a date: who registered, and what came of it if it is over."""
        rows = list(self._registrations(webinar, personas))
        Registration.objects.bulk_create(rows)
        coming = [one for one in rows if one.state == RegistrationState.REGISTERED]
        questions = self._ask(webinar, coming)
        self._vote(questions, coming)
        if webinar.is_over_at(self.present):
            came = [one for one in coming if one.attended]
            Join.objects.bulk_create(join for one in came for join in self._joins(one))
            Feedback.objects.bulk_create(
                self._opinion(one) for one in came if self.dice.random() < HAS_OPINION
            )

    def _registrations(self, webinar: Webinar, personas: Sequence[User]) -> Iterator[Registration]:
        free = webinar.capacity
        wanted = self.dice.randint(*SIZES[webinar.series_id])
        has_personas = webinar.series.is_open or Kind.UD in webinar.series.kinds
        for user in personas if has_personas else ():
            yield self._settled(self._persona(webinar, user), free)
            free = None if free is None else free - 1
        for _ in range(wanted):
            one = self._settled(self._stranger(webinar), free)
            if free and one.state == RegistrationState.REGISTERED:
                free -= 1
            yield one
        if not webinar.series.is_open and not webinar.is_over_at(self.present):
            for _ in range(REQUESTS):
                one = self._stranger(webinar)
                one.state, one.reason = RegistrationState.ASKED, self.dice.choice(self._reasons)
                yield one

    @property
    def _reasons(self) -> list[str]:
        return list(self.words["reasons"])

    def _persona(self, webinar: Webinar, user: User) -> Registration:
        return self._signed(
            Registration(
                webinar=webinar, user=user, name=user.get_full_name(), email=user.email,
                organisation=user.nearest_organisation,
            )
        )  # fmt: skip

    def _stranger(self, webinar: Webinar) -> Registration:
        organisation = self.dice.choice(self.organisations)
        mandates = webinar.series.mandates
        one = Registration(
            webinar=webinar,
            name=f"{self.dice.choice(FIRST_NAMES)} {self.dice.choice(SURNAMES)}",
            email=f"webinaire{next(self.numbers)}@demo.invalid",
            organisation=organisation,
            mandate=self.dice.choice(mandates) if mandates else "",
        )
        one.time_zone = OVERSEAS.get(str(organisation.departement_id), one.time_zone)
        return self._signed(one)

    def _signed(self, one: Registration) -> Registration:
        opened = one.webinar.announced_at or self.present
        closes = min(one.webinar.starts_at or self.present, self.present)
        one.registered_at = opened + (closes - opened) * self.dice.random() ** 2
        one.address_hash = address_hash(one.email)
        one.secret_hash = secret_hash(one.seed)
        return one

    def _settled(self, one: Registration, free: int | None) -> Registration:
        """A place, the waiting list, or somebody who left; presences of a session that is over."""
        webinar = one.webinar
        if one.user is None and self.dice.random() < LEFT:
            one.state, one.cancelled_at = RegistrationState.CANCELLED, one.registered_at
        elif free is not None and free <= 0:
            one.state, one.queued_at = RegistrationState.WAITING, one.registered_at
        else:
            one.state = RegistrationState.REGISTERED
            if webinar.is_over_at(self.present) and self.dice.random() < CAME:
                assert webinar.starts_at is not None  # noqa: S101 – over
                one.attended = True
                one.joined_at = webinar.starts_at + timedelta(minutes=self.dice.randint(-8, 12))
                one.device_hash = hash_secret(f"demo-{one.seed}")
        return one

    def _joins(self, one: Registration) -> Iterator[Join]:
        assert one.joined_at is not None  # noqa: S101 – came
        yield Join(registration=one, joined_at=one.joined_at, device_hash=one.device_hash)
        if self.dice.random() < TWO_DEVICES:
            later = one.joined_at + timedelta(minutes=3)
            other = hash_secret(f"demo-2-{one.seed}")
            yield Join(registration=one, joined_at=later, device_hash=other)

    def _ask(self, webinar: Webinar, coming: Sequence[Registration]) -> list[Question]:
        texts = self.words["questions"][webinar.series_id]
        number = min(len(texts), self.dice.randint(3, 6))
        questions = [
            self._question(webinar, self.dice.choice(coming), text)
            for text in self.dice.sample(texts, k=number)
        ]
        return Question.objects.bulk_create(questions)

    def _question(self, webinar: Webinar, author: Registration, text: str) -> Question:
        starts_at, ends_at = webinar.starts_at, webinar.ends_at
        assert starts_at is not None  # noqa: S101 – asked for by the caller
        question = Question(
            webinar=webinar, registration=author, text=text, asked_at=author.registered_at,
            asked_when=AskedWhen.BEFORE,
            state=self.dice.choice((QuestionState.NEW, QuestionState.ACCEPTED)),
        )  # fmt: skip
        if webinar.is_over_at(self.present):
            question.state = self.dice.choice(
                (QuestionState.ANSWERED_LIVE, QuestionState.ANSWERED_IN_WRITING,
                 QuestionState.ANSWERED_LIVE, QuestionState.ACCEPTED)
            )  # fmt: skip
            if self.dice.random() < 0.4:
                question.asked_when = AskedWhen.DURING
                question.asked_at = starts_at + timedelta(minutes=self.dice.randint(10, 50))
        if question.state == QuestionState.ANSWERED_IN_WRITING:
            question.answer = self.dice.choice(self.words["answers"])
        if question.state not in (QuestionState.NEW, QuestionState.ACCEPTED):
            question.answered_at = ends_at
        return question

    def _vote(self, questions: Sequence[Question], coming: Sequence[Registration]) -> None:
        votes = {
            (question.pk, one.pk): QuestionVote(question=question, registration=one)
            for question in questions
            for one in (question.registration, *self._supporters(question, coming))
            if one is not None
        }
        QuestionVote.objects.bulk_create(votes.values())

    def _supporters(
        self, question: Question, coming: Sequence[Registration]
    ) -> Sequence[Registration]:
        if question.state == QuestionState.NEW:
            return ()
        return self.dice.sample(list(coming), k=self.dice.randint(0, len(coming) // 4))

    def _opinion(self, one: Registration) -> Feedback:
        ends_at = one.webinar.ends_at
        assert ends_at is not None  # noqa: S101 – over
        return Feedback(
            registration=one,
            usefulness=self.dice.choice((2, 3, 4, 4, 4, 5, 5)),
            next_step=self.dice.choice((*self.words["next_steps"], "", "")),
            wish=self.dice.choice((*self.words["wishes"], "", "", "")),
            given_at=min(ends_at + timedelta(hours=self.dice.randint(1, 40)), self.present),
        )

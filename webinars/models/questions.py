"""What is asked before and during a session, what is answered, and what was thought of it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from webinars.enums import AskedWhen, QuestionState
from webinars.models.registration import Registration
from webinars.models.webinar import Webinar

PUBLISHED = (
    QuestionState.ACCEPTED,
    QuestionState.ANSWERED_LIVE,
    QuestionState.ANSWERED_IN_WRITING,
)


class QuestionQuerySet(models.QuerySet["Question"]):
    def published(self) -> Self:
        """Those every registrant reads and votes for."""
        return self.filter(state__in=PUBLISHED)

    def unanswered(self) -> Self:
        return self.filter(state__in=[QuestionState.NEW, QuestionState.ACCEPTED])

    def answered_in_writing(self) -> Self:
        return self.filter(state=QuestionState.ANSWERED_IN_WRITING)

    def ranked(self) -> Self:
        """The most wanted first: `votes` counts each person once, merged questions included."""
        outer = OuterRef(OuterRef("pk"))
        same = Question.objects.filter(Q(pk=outer) | Q(merged_into=outer)).order_by()
        voters = (
            # By the numbers of the questions: an « or » across the join reads every vote each time.
            QuestionVote.objects.filter(question__in=same.values("pk"))
            .order_by()
            .annotate(all=Value(1))
            .values("all")
            .annotate(number=Count("registration", distinct=True))
            .values("number")
        )
        return self.annotate(votes=Coalesce(Subquery(voters), 0)).order_by(
            "-votes", "asked_at", "pk"
        )


class Question(models.Model):
    """Merging moves no vote: they are counted together, so that parting gives each its own."""

    webinar = models.ForeignKey(Webinar, models.CASCADE, related_name="questions")
    # Their author goes when they are forgotten; the question and its answer stay.
    registration = models.ForeignKey(
        Registration, models.SET_NULL, null=True, blank=True, related_name="questions"
    )
    text = models.TextField("question", max_length=600)
    state = models.CharField("état", max_length=8, choices=QuestionState, default=QuestionState.NEW)
    asked_when = models.CharField("posée", max_length=6, choices=AskedWhen)
    asked_at = models.DateTimeField("le", default=timezone.now)
    merged_into = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="merged"
    )
    answer = models.TextField("réponse", max_length=3000, blank=True)
    answered_at = models.DateTimeField("répondue le", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "question"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=QuestionState.MERGED) ^ Q(merged_into=None),
                name="merged_question_names_another",
            ),
            models.CheckConstraint(
                condition=~Q(state=QuestionState.ANSWERED_IN_WRITING) | ~Q(answer=""),
                name="written_answer_has_words",
                violation_error_message="Écrivez la réponse.",
            ),
        ]
        indexes = [models.Index(fields=["webinar", "state"], name="question_states")]

    def __str__(self) -> str:
        return self.text[:60]


class QuestionVote(models.Model):
    """Who asks a question votes for it."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="question_votes")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="votes")
    voted_at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "soutien à une question"
        verbose_name_plural = "soutiens à une question"
        constraints = [
            models.UniqueConstraint(
                fields=["question", "registration"], name="one_vote_per_question"
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} → {self.question_id}"


class Feedback(models.Model):
    """Three questions, the first alone compulsory."""

    registration = models.OneToOneField(Registration, models.CASCADE, related_name="feedback")
    usefulness = models.PositiveSmallIntegerField("utile pour agir (1 à 5)")
    next_step = models.TextField("ce que je vais en faire", max_length=1000, blank=True)
    wish = models.TextField("ce que j’aimerais la prochaine fois", max_length=1000, blank=True)
    given_at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"
        ordering = ["given_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(usefulness__range=(1, 5)), name="usefulness_from_1_to_5"
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration_id}, {self.usefulness}/5"

"""Webinars: what is held, who comes, what is asked, and a meeting link that nobody reads here."""

from webinars.models.meeting import Meeting
from webinars.models.questions import Feedback, Question, QuestionQuerySet, QuestionVote
from webinars.models.registration import Join, Registration, RegistrationQuerySet
from webinars.models.series import Admission, Series
from webinars.models.webinar import Part, Reminder, Webinar, WebinarQuerySet

__all__ = [
    "Admission",
    "Feedback",
    "Join",
    "Meeting",
    "Part",
    "Question",
    "QuestionQuerySet",
    "QuestionVote",
    "Registration",
    "RegistrationQuerySet",
    "Reminder",
    "Series",
    "Webinar",
    "WebinarQuerySet",
]

"""Why an act on a follow-up cannot be done: said to the person in their words by the views."""

from datetime import datetime

from organisations.models import User


class AlreadyTaken(Exception):
    """Somebody else is on the line with this person."""

    def __init__(self, holder: User | None, until: datetime | None) -> None:
        super().__init__("another caller holds the lease")
        self.holder, self.until = holder, until


class LeaseLost(Exception):
    """The lease ran out and the person was given to somebody else, or was never taken."""


class NoLongerCallable(Exception):
    """The person withdrew, gave no number, or the follow-up is closed."""


class UndoRefused(Exception):
    """Too late, not one's own call, or something happened since."""


class MeetingMoved(Exception):
    """The appointment is cancelled already."""

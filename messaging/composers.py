"""Composers: rooms above write some messages only as they are handed over.

A room registers one function per purpose in its `AppConfig.ready()`. Its rows wait in the outbox
without words; the function gets those of a batch and answers `{message id: words}` in a constant
number of queries. A message it leaves out has lost its reason and is cancelled. What is composed
is never stored: a personal link stays out of the table, and is the latest one.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from uuid import UUID

import structlog

from messaging.models import Message
from messaging.purposes import COMPOSED
from messaging.rendering import Rendered

logger = structlog.get_logger(__name__)

Composer = Callable[[list[Message]], Mapping[UUID, Rendered]]

_composers: dict[str, Composer] = {}


def register_composer(purpose: str, composer: Composer) -> None:
    """Let `composer` write every message of `purpose`; raises `ValueError` on a second one."""
    if _composers.setdefault(purpose, composer) is not composer:
        raise ValueError(f"the purpose “{purpose}” already has a composer")
    COMPOSED.add(purpose)


class Compositions:
    """The words of the messages of one batch that wait without any."""

    def __init__(self, batch: list[Message]) -> None:
        self._words: dict[UUID, Rendered] = {}
        self._undecided: set[UUID] = set()
        by_purpose = defaultdict(list)
        for message in batch:
            if self.concerns(message):
                by_purpose[message.purpose].append(message)
        for purpose, messages in by_purpose.items():
            self._compose(purpose, messages)

    @staticmethod
    def concerns(message: Message) -> bool:
        return not message.text and message.purpose in _composers

    def _compose(self, purpose: str, messages: list[Message]) -> None:
        try:
            self._words |= _composers[purpose](messages)
        except Exception:
            # A fault in one room must hold up its own messages only, and never lose them.
            logger.exception("composer-failed", purpose=purpose)
            self._undecided |= {message.pk for message in messages}

    def is_undecided(self, message: Message) -> bool:
        """Whether the composer failed to answer: the message waits."""
        return message.pk in self._undecided

    def write(self, message: Message) -> bool:
        """Put the words on the message, in memory only; False when it has lost its reason."""
        words = self._words.get(message.pk)
        if words is None:
            return False
        message.subject, message.text, message.html = words.subject, words.text, words.html
        message.attachments = list(words.attachments)
        return True

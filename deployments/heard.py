"""What people last heard of an action: neither told twice that it is off, nor left to think so."""

from messaging.actions import take_back
from messaging.models import MessageQuerySet


def last_heard(messages: MessageQuerySet, *, place: int) -> dict[int, str]:
    """The purpose of the last of `messages` to have left, by the number at `place` of its key.

    Those that wait never leave: they would tell of what has changed. Keys end with the revision of
    the action they tell of.
    """
    begun = [(message.unique_key.split(":"), message.purpose) for message in take_back(messages)]
    begun.sort(key=lambda told: int(told[0][-1]))
    return {int(key[place]): purpose for key, purpose in begun}

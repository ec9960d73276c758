"""Gates: rooms above say, just before hand-over, who must not receive a message any more.

A room registers one function per purpose in its `AppConfig.ready()`. The function gets the
messages of a batch and answers `{message id: reason}` for those to leave out, in one query.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from messaging.enums import SkipReason
from messaging.models import Message

Gate = Callable[[list[Message]], Mapping[UUID, SkipReason]]

_gates: dict[str, Gate] = {}


def register_gate(purpose: str, gate: Gate) -> None:
    """Put `gate` before every message of `purpose`; raises `ValueError` if there is another."""
    if _gates.setdefault(purpose, gate) is not gate:
        raise ValueError(f"the purpose “{purpose}” already has a gate")


def gates_for(messages: Iterable[Message]) -> list[tuple[Gate, list[Message]]]:
    """Each gate that has something to say, with the messages of its purpose."""
    by_purpose = defaultdict(list)
    for message in messages:
        by_purpose[message.purpose].append(message)
    return [(_gates[purpose], group) for purpose, group in by_purpose.items() if purpose in _gates]

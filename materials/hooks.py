"""What rooms above know of material that will be needed: they register a function at start-up."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Need:
    """An action to come of an organisation, for which material must be there in time."""

    organisation: int
    title: str
    on: date
    # Workers the action hopes to meet; 0 when nobody said.
    workers: int
    url: str


# Gets organisations and the first and last day; answers what takes place then, by day.
NeedHook = Callable[[Collection[int], date, date], list[Need]]

_hooks: list[NeedHook] = []


def register_need_hook(hook: NeedHook) -> None:
    """Ask `hook` what material will be needed for; called from `AppConfig.ready()`."""
    if hook not in _hooks:
        _hooks.append(hook)


def planned_needs(organisations: Collection[int], first: date, last: date) -> list[Need]:
    """What takes place from `first` to `last`, the nearest first."""
    found = [need for hook in _hooks for need in hook(organisations, first, last)]
    return sorted(found, key=lambda need: (need.on, need.title))

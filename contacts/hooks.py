"""What the rooms above do when people are captured, merged or erased, in the same transaction,
and what they add to the data a person asks for.

A room registers its functions in its `AppConfig.ready()`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contacts.models import Capture, Consent, Contact


@dataclass(frozen=True)
class Met:
    """What a batch stored, and what it knows that nobody needs to ask again."""

    # Those that have a contact.
    captures: Sequence[Capture]
    # What was agreed to on this occasion.
    consents: Sequence[Consent]
    # By contact, every channel they agreed to and have not closed since.
    agreed: Mapping[int, Collection[str]]


CaptureHook = Callable[[Met], None]
# Gets the survivor and the other row before it goes; answers what its undoing needs, as JSON.
MergeHook = Callable[[Contact, Contact], Any]
# Gets the survivor, the row that is back, and that answer.
UnmergeHook = Callable[[Contact, Contact, Any], None]
# Gets rows about to go: what points to them goes by itself, what only names them is the hook's.
ErasureHook = Callable[[Sequence[Contact]], None]
# Gets people; answers the numbers of those somebody of the room has had to do with.
DealingsHook = Callable[[Sequence[Contact]], set[int]]
# Answers what the room stores about the person, as JSON for the person, under keys of its own.
ExportHook = Callable[[Contact], dict[str, Any]]


@dataclass(frozen=True)
class Happening:
    """Something a room did with a person, as their page tells it."""

    at: datetime
    title: str
    # Who, and what comes next.
    detail: str = ""
    note: str = ""
    is_undone: bool = False
    url: str = ""


# Answers what the room did with a person, the latest first.
HistoryHook = Callable[[Contact], list[Happening]]

_capture_hooks: list[CaptureHook] = []
_merge_hooks: dict[str, tuple[MergeHook, UnmergeHook]] = {}
_erasure_hooks: list[ErasureHook] = []
_dealings_hooks: list[DealingsHook] = []
_export_hooks: list[ExportHook] = []
_history_hooks: dict[str, HistoryHook] = {}


def register_capture_hook(hook: CaptureHook) -> None:
    """Call `hook` with the captures just stored, once per batch."""
    if hook not in _capture_hooks:
        _capture_hooks.append(hook)


def register_merge_hook(room: str, merge: MergeHook, unmerge: UnmergeHook) -> None:
    """Call `merge` before two rows become one, `unmerge` after they are two again."""
    _merge_hooks[room] = (merge, unmerge)


def register_erasure_hook(hook: ErasureHook) -> None:
    """Call `hook` with the rows of people who are being erased."""
    if hook not in _erasure_hooks:
        _erasure_hooks.append(hook)


def register_dealings_hook(hook: DealingsHook) -> None:
    """Ask `hook` who may not go with the list that brought them."""
    if hook not in _dealings_hooks:
        _dealings_hooks.append(hook)


def register_export_hook(hook: ExportHook) -> None:
    """Add what `hook` answers to everything given to a person who asks for their data."""
    if hook not in _export_hooks:
        _export_hooks.append(hook)


def register_history_hook(heading: str, hook: HistoryHook) -> None:
    """Show what `hook` answers on a person's page, under `heading`, to whoever sees the person."""
    _history_hooks[heading] = hook


def after_captures(met: Met) -> None:
    if met.captures:
        for hook in _capture_hooks:
            hook(met)


def before_merge(survivor: Contact, other: Contact) -> dict[str, Any]:
    return {room: merge(survivor, other) for room, (merge, _) in _merge_hooks.items()}


def after_unmerge(survivor: Contact, other: Contact, kept: dict[str, Any]) -> None:
    for room, (_, unmerge) in _merge_hooks.items():
        unmerge(survivor, other, kept.get(room))


def before_erasure(*contacts: Contact) -> None:
    if contacts:
        for hook in _erasure_hooks:
            hook(contacts)


def dealt_with(contacts: Sequence[Contact]) -> set[int]:
    return {pk for hook in _dealings_hooks for pk in hook(contacts)}


def exported(contact: Contact) -> dict[str, Any]:
    return {key: value for hook in _export_hooks for key, value in hook(contact).items()}


def history_of(contact: Contact) -> dict[str, list[Happening]]:
    """By heading, what the rooms above did with a person."""
    found = {heading: hook(contact) for heading, hook in _history_hooks.items()}
    return {heading: happenings for heading, happenings in found.items() if happenings}

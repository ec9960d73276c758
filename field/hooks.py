"""What the room above tells a shared tablet of the action it was opened for.

It registers its functions in its `AppConfig.ready()`: a session knows nothing of actions.
"""

from collections.abc import Callable
from typing import Any

from field.models import FieldSession

# Answers the sheet of the session's action as JSON, which a tablet keeps: no number, no address.
BriefHook = Callable[[FieldSession], dict[str, Any] | None]
# Answers who leads the action and their number, which a tablet shows and never keeps.
PilotHook = Callable[[FieldSession], dict[str, str] | None]

_hooks: list[tuple[BriefHook, PilotHook]] = []


def register_brief_hooks(brief: BriefHook, pilot: PilotHook) -> None:
    """Ask `brief` and `pilot` about the action of a session."""
    if (brief, pilot) not in _hooks:
        _hooks.append((brief, pilot))


def brief_of(session: FieldSession) -> dict[str, Any] | None:
    """The sheet of a session's action; None without an action."""
    return next((found for brief, _ in _hooks if (found := brief(session))), None)


def pilot_of(session: FieldSession) -> dict[str, str] | None:
    """Who leads a session's action; None when nobody does, or without a number."""
    return next((found for _, pilot in _hooks if (found := pilot(session))), None)

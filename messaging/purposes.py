"""What each purpose is called on screen: the rooms that write messages say so at start-up."""

_labels: dict[str, str] = {}


def name_purposes(labels: dict[str, str]) -> None:
    """Give French names to purposes; called from `AppConfig.ready()`."""
    _labels.update(labels)


def purpose_label(purpose: str) -> str:
    """The name of a purpose, or its code when no room of this installation names it."""
    return _labels.get(purpose, purpose)


# Purposes whose messages wait without words (`messaging.composers`).
COMPOSED: set[str] = set()

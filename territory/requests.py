from django.http import HttpRequest

from territory.rules import Importer


class ImporterRequest(HttpRequest):
    """A request past the log-in wall, as this room knows its person."""

    user: Importer  # type: ignore[assignment]

"""Structured logs: one JSON object a line in production, readable text while debugging."""

import logging.config
import re
from typing import Any

import structlog

# Whoever holds these addresses acts for somebody: they are never written down whole.
SECRET_PATHS = re.compile(
    r"(/(?:moi|confirmer|invitation|d|t|mot-de-passe/nouveau|equipe/p|equipe"
    r"|webinaires/p|deploiements/agendas|deploiements/avis/\d+)/)[^/\s\"'<>]+"
)
# PostgreSQL quotes the row or the value it refuses (English or French client library), up to the
# end of that exception.
QUOTED_ROWS = re.compile(
    r"((?:D[EÉ]TAIL|CONTEXTE?|LINE \d+|LIGNE \d+)\s?:).*?"
    r"(?=\n\n(?:The above exception was|During handling of the above)|\Z)",
    re.DOTALL,
)


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_secrets(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets(each) for each in value]
    if isinstance(value, str):
        return QUOTED_ROWS.sub(r"\1 …", SECRET_PATHS.sub(r"\1…", value))
    return value


def hide_secrets(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Replace the secret part of personal addresses, and rows quoted by the database, by “…”."""
    return {key: _without_secrets(value) for key, value in event.items()}


def without_personal_data(event: Any, _hint: dict[str, Any] | None = None) -> Any:
    """An error report without request bodies, cookies, searches, rows nor personal addresses."""
    if isinstance(event, dict):
        dropped = ("data", "cookies", "query_string") if "url" in event else ()
        return {
            key: without_personal_data(value) for key, value in event.items() if key not in dropped
        }
    if isinstance(event, list):
        return [without_personal_data(value) for value in event]
    return _without_secrets(event)


SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_settings(*, debug: bool) -> dict[str, Any]:
    """A `logging.config` dictionary that renders every record through structlog."""
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=False)
        if debug
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED_PROCESSORS,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    hide_secrets,
                    renderer,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django.server": {"level": "WARNING"},
            # Its warnings quote the recipient and the subject.
            "django.core.mail": {"level": "ERROR"},
            # A dozen lines per PDF.
            "weasyprint": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
        },
    }


def configure(settings: dict[str, Any]) -> None:
    """Set up the standard library's logging and structlog together."""
    logging.config.dictConfig(settings)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED_PROCESSORS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )

"""Structured logs: one JSON object a line in production, readable text while debugging."""

import logging.config
import re
from typing import Any

import structlog

# Whoever holds these addresses acts for somebody: they are never written down whole.
SECRET_PATHS = re.compile(r"(/(?:moi|invitation|d|t|mot-de-passe/nouveau)/)[^/\s\"'<>]+")


def hide_secret_paths(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Replace the secret part of personal addresses by “…” in every text of an event."""
    return {
        key: SECRET_PATHS.sub(r"\1…", value) if isinstance(value, str) else value
        for key, value in event.items()
    }


def without_personal_data(event: Any, _hint: dict[str, Any] | None = None) -> Any:
    """An error report without request bodies, cookies, searches nor personal addresses."""
    if isinstance(event, dict):
        dropped = ("data", "cookies", "query_string") if "url" in event else ()
        return {
            key: without_personal_data(value) for key, value in event.items() if key not in dropped
        }
    if isinstance(event, list):
        return [without_personal_data(value) for value in event]
    return SECRET_PATHS.sub(r"\1…", event) if isinstance(event, str) else event


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
                    hide_secret_paths,
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

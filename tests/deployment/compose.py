"""`docker-compose.yml` as Compose reads it, with the answers of an operator filled in."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?:(?P<mode>:[-?])(?P<text>[^}]*))?\}")
DOCUMENTED = re.compile(r"^(?P<optional># )?(?P<name>[A-Z][A-Z0-9_]*)=(?P<value>.*)$", re.MULTILINE)


class MissingVariable(Exception):
    pass


def interpolate(text: str, answers: Mapping[str, str]) -> str:
    """Replace ${NAME}, ${NAME:-default}, ${NAME:?complaint} and $$."""

    def replacement(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        value = answers.get(match["name"], "")
        if not value and match["mode"] == ":?":
            raise MissingVariable(match["text"])
        return value or (match["text"] or "")

    return VARIABLE.sub(replacement, text)


def read_compose(answers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The file as data; its variables are replaced when there are answers."""
    content = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return content if answers is None else _filled(content, answers)


def _filled(value: Any, answers: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(item, answers) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, answers) for item in value]
    return interpolate(value, answers) if isinstance(value, str) else value


def words(command: str | list[str]) -> list[str]:
    """A command as a list, split as Compose does if it was written on one line."""
    return shlex.split(command) if isinstance(command, str) else list(command)


def documented_variables() -> set[str]:
    return {match["name"] for match in DOCUMENTED.finditer(example())}


def example_answers() -> dict[str, str]:
    """The variables that `.env.example` sets, as it sets them."""
    found = DOCUMENTED.finditer(example())
    return {match["name"]: match["value"] for match in found if not match["optional"]}


def example() -> str:
    return (ROOT / ".env.example").read_text()

import json
import re
from fnmatch import fnmatch

from local.boot import IGNORED_STATIC
from local.system import PACKAGES
from tests.deployment.compose import ROOT, read_compose, words

Instruction = tuple[str, str]


def instructions() -> list[Instruction]:
    """The Dockerfile's instructions with their lines joined, comments left out."""
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#"))
    logical = re.sub(r"\\\n\s*", " ", text).splitlines()
    pairs = (line.split(maxsplit=1) for line in logical if line.strip())
    return [(word.upper(), rest) for word, rest in pairs]


def last_stage() -> list[Instruction]:
    everything = instructions()
    start = max(index for index, (word, _) in enumerate(everything) if word == "FROM")
    return everything[start:]


def ignored_files() -> list[str]:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def is_ignored(path: str) -> bool:
    """The last line that matches the path or one of its parents decides, as Docker has it."""
    parts = path.split("/")
    prefixes = ["/".join(parts[: count + 1]) for count in range(len(parts))]
    result = False
    for line in ignored_files():
        pattern = line.removeprefix("!").removeprefix("**/")
        candidates = parts if "**/" in line else prefixes
        if any(fnmatch(candidate, pattern) for candidate in candidates):
            result = not line.startswith("!")
    return result


def test_every_copied_file_exists_and_reaches_the_builder() -> None:
    sources = [
        source
        for word, rest in instructions()
        if word == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    ]
    assert "requirements.txt" in sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert source == "." or not is_ignored(source), source


def test_every_stage_that_is_copied_from_exists() -> None:
    rests = [rest for word, rest in instructions() if word == "FROM"]
    stages = {rest.split(" AS ")[1] for rest in rests}
    copied = {rest.split()[0] for word, rest in instructions() if word == "COPY"}
    assert {name.split("=")[1] for name in copied if name.startswith("--from")} <= stages


def test_pdf_libraries_are_those_of_the_local_machine() -> None:
    install = next(rest for word, rest in last_stage() if "apt-get install" in rest)
    assert set(PACKAGES["pango"]["apt-get"].split()) <= set(install.split())


def test_the_application_does_not_run_as_root() -> None:
    users = [rest for word, rest in last_stage() if word == "USER"]
    assert users
    assert users[-1].split(":")[0] not in ("root", "0")


def test_static_files_are_collected_as_on_a_local_machine() -> None:
    collect = next(rest for word, rest in last_stage() if "collectstatic" in rest)
    assert " ".join(IGNORED_STATIC) in collect


def test_the_image_starts_what_compose_starts() -> None:
    command = next(rest for word, rest in last_stage() if word == "CMD")
    health = next(rest for word, rest in last_stage() if word == "HEALTHCHECK")
    web = read_compose()["services"]["web"]
    assert json.loads(command) == words(web["command"])
    assert ["CMD", *json.loads(health.partition(" CMD ")[2])] == web["healthcheck"]["test"]


def test_every_room_reaches_the_builder() -> None:
    rooms = [path.parent.name for path in ROOT.glob("*/apps.py")]
    assert "contacts" in rooms
    needed = [*rooms, "tpe_campaign", "templates", "static", "manage.py", "deploy/health.py"]
    assert [path for path in needed if is_ignored(path)] == []


def test_secrets_and_local_state_never_reach_the_builder() -> None:
    kept_out = [".env", ".env.production", ".git", "var", "node_modules", ".venv", "tests"]
    kept_out += ["local/services.py", "contacts/__pycache__", "requirements-dev.txt"]
    assert [path for path in kept_out if not is_ignored(path)] == []

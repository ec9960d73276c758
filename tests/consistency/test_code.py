"""Habits of the code that a reader relies on, checked so that they stay true."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.template.loader import get_template

from tpe_campaign import celery

ROOT = Path(settings.BASE_DIR)
ROOMS = sorted(
    path.parent.name for path in ROOT.glob("*/apps.py") if apps.is_installed(path.parent.name)
)
FACES = ("api", "login")
# Reached by Django, allauth or the renderer, never by a name in our code.
TEMPLATES_FOUND_BY_NAME = re.compile(
    r"^(400|403|403_csrf|404|405|410|429|500|site)\.|^(account|mfa|allauth|django|admin|rest_framework)/"
)


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path


def test_views_and_api_never_touch_a_manager() -> None:
    """Fetching goes through `rules.py`, where it is the permission check."""
    guilty = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files(*ROOMS)
        if path.stem in FACES or path.parent.name in FACES or path.stem.endswith("views")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager")
    ]
    assert guilty == []


def test_field_actions_live_by_the_campaign_clock() -> None:
    """In a rehearsal it stands on another day; only when a row was made is the real time."""
    guilty = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files("deployments")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _reads_the_real_time(node)
    ]
    assert guilty == []


def _reads_the_real_time(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    is_now = name in ("timezone.now", "datetime.now", "date.today")
    return is_now or (name in ("timezone.localdate", "timezone.localtime") and not call.args)


def test_actions_take_only_named_arguments() -> None:
    guilty = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in python_files(*ROOMS)
        if path.name == "actions.py"
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and any(word in ast.unparse(node) for word in (".save(", ".create(", ".delete("))
        and node.args.args
    ]
    assert guilty == []


def test_no_logic_hides_in_save_nor_in_signals() -> None:
    guilty = [
        str(path.relative_to(ROOT))
        for path in python_files(*ROOMS)
        if path.name == "models.py"
        and re.search(r"def save\(|post_save|pre_save", path.read_text(encoding="utf-8"))
    ]
    assert guilty == []


def test_no_file_needs_banners() -> None:
    """A file that does is too long; one that does not reads better without."""
    guilty = [
        str(path.relative_to(ROOT))
        for path in python_files(*ROOMS, "tests", "tpe_campaign", "local", "core")
        if re.search(r"^\s*# ?[-=#]{3}", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert guilty == []


def test_core_stays_small() -> None:
    """`core/` has no domain in it: a size test keeps it from becoming a drawer.

    Each room adds a few lines to what all need: their number is looked at here, and discussed.
    """
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in python_files("core"))
    assert lines < 560


def test_every_task_is_scheduled_or_called() -> None:
    current_app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in celery.app.conf.beat_schedule.values()}
    tasks = {name for name in celery.app.tasks if not name.startswith("celery.")}
    text = "\n".join(path.read_text(encoding="utf-8") for path in python_files(*ROOMS))
    idle = {
        name
        for name in tasks - scheduled
        if f"{name.rpartition('.')[2]}.delay" not in text
        and f"{name.rpartition('.')[2]}.apply_async" not in text
    }
    assert idle == set()
    assert scheduled <= tasks


def template_names() -> list[str]:
    folder = ROOT / "templates"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_every_template_is_used() -> None:
    texts = [path.read_text(encoding="utf-8") for path in python_files(*ROOMS, "tpe_campaign")]
    texts += [path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.*")]
    everything = "\n".join(texts)
    unused = [
        name
        for name in template_names()
        if not TEMPLATES_FOUND_BY_NAME.match(name)
        and name not in everything
        # A mail is named without its ending.
        and re.sub(r"(\.subject)?\.(txt|html)$", "", name) not in everything
    ]
    assert unused == []


@pytest.mark.parametrize("name", template_names())
def test_every_template_parses(name: str) -> None:
    get_template(name)


def test_no_template_holds_style_script_or_handlers() -> None:
    """The strict CSP would refuse them; mails and PDFs have their own rules."""
    guilty = [
        name
        for name in template_names()
        if "email/" not in name
        and not name.startswith("library/sheet_pdf")
        and re.search(
            r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\bsrc=)(?![^>]*application/json)",
            (ROOT / "templates" / name).read_text(encoding="utf-8"),
        )
    ]
    assert guilty == []


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_migration_can_be_undone() -> None:
    guilty = []
    for path in ROOT.glob("*/migrations/0*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if is_call and node.func.attr in ("RunSQL", "RunPython"):  # type: ignore[attr-defined]
                names = {keyword.arg for keyword in node.keywords}  # type: ignore[attr-defined]
                if len(node.args) < 2 and not names & {"reverse_sql", "reverse_code"}:  # type: ignore[attr-defined]
                    guilty.append(str(path.relative_to(ROOT)))
    assert guilty == []


def test_keys_in_pages_are_never_written_as_quantities() -> None:
    """« 1 279 » is a fine number and no key: `stringformat:"d"` says which one is meant."""
    guilty = [
        name
        for name in template_names()
        if not name.startswith("django/")
        and re.search(
            r"\{\{ [\w.]*\b(pk|id) \}\}", (ROOT / "templates" / name).read_text(encoding="utf-8")
        )
    ]
    assert guilty == []

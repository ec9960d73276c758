from collections.abc import Callable
from pathlib import Path

import pytest

from local import system
from local.system import Missing


@pytest.fixture
def only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Leave only the given programs on the search path, each printing what it is given."""

    def leave(**programs: str) -> None:
        for name, output in programs.items():
            program = tmp_path / name.replace("_", "-")
            program.write_text(f"#!/bin/sh\necho '{output}'\n")
            program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.delenv("CHROMIUM", raising=False)
        monkeypatch.setattr(system, "MAC_BROWSERS", ())

    return leave


@pytest.mark.parametrize(("version", "good"), [("v18.20.1", False), ("v20.0.0", True)])
def test_node_must_be_recent(only: Callable[..., None], version: str, good: bool) -> None:
    only(node=version, npm="11")
    assert system.has_node() is good


def test_an_old_node_is_named_and_the_package_too(only: Callable[..., None]) -> None:
    only(node="v18.20.1", npm="9", dnf="")
    with pytest.raises(Missing, match=r"(?s)20 or newer.*v18\.20\.1.*sudo dnf install nodejs npm"):
        system.ensure("node")


def test_without_a_known_package_manager_all_names_are_listed(only: Callable[..., None]) -> None:
    only()
    with pytest.raises(Missing, match=r"(?s)apt-get: chromium.*dnf: chromium.*brew"):
        system.ensure("browser")


def test_somebody_who_may_not_install_is_told_what_to_install(
    only: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    only(apt_get="")
    monkeypatch.setattr(system.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(system, "install_with_apt", lambda _: pytest.fail("may not install"))
    with pytest.raises(Missing, match="sudo apt-get install default-jre-headless"):
        system.ensure("java")


def test_root_gets_it_installed(only: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    only(apt_get="")
    monkeypatch.setattr(system.os, "geteuid", lambda: 0)
    installed: list[str] = []
    monkeypatch.setattr(system, "install_with_apt", installed.extend)
    monkeypatch.setitem(system.CHECKS, "java", lambda: bool(installed))
    system.ensure("java")
    assert installed == ["default-jre-headless"]


def test_the_browser_named_by_the_environment_wins(
    only: Callable[..., None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    only(chromium="")
    mine = tmp_path / "mine"
    mine.touch()
    monkeypatch.setenv("CHROMIUM", str(mine))
    assert system.find_browser() == mine

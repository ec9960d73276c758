import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import state
from local.processes import LocalError


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "var"
    monkeypatch.setattr(state, "VAR", folder)
    state.prepare_var()
    return folder


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_secrets_are_made_once_and_readable_by_their_owner_only(var: Path) -> None:
    first = state.load_secrets()
    assert state.load_secrets() == first
    assert len(set(first.values())) == len(state.SECRET_NAMES)
    assert (var / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_secret_added_by_a_new_version_leaves_the_others(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state.load_secrets()
    monkeypatch.setattr(state, "SECRET_NAMES", (*state.SECRET_NAMES, "another"))
    after = state.load_secrets()
    assert after.pop("another")
    assert after == before


def test_a_var_of_somebody_else_is_refused_by_name(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state.os, "geteuid", lambda: var.stat().st_uid + 1)
    with pytest.raises(LocalError, match="belongs to"):
        state.prepare_var()


def test_a_busy_port_is_seen(busy_port: int) -> None:
    assert not state.is_free(busy_port)
    assert state.free_port(busy_port) != busy_port


def test_a_free_port_is_kept(busy_port: int) -> None:
    free = state.free_port()
    assert state.free_port(free) == free


def test_a_private_parent_keeps_others_out(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "checkout").mkdir(parents=True)
    home.chmod(0o700)
    assert not state.can_enter(home / "checkout")


def test_the_cluster_outside_of_a_deleted_var_is_dropped(
    var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "OUTSIDE", tmp_path / "outside")
    monkeypatch.setattr(state, "server_user", lambda: "nobody")
    monkeypatch.setattr(state, "can_enter", lambda _: False)
    monkeypatch.setattr(state.os, "chown", lambda *_: None)
    home = state.cluster_home("first")
    (home / "data").mkdir()
    assert (state.cluster_home("first") / "data").exists()
    assert state.cluster_home("second") == home
    assert not (home / "data").exists()


def test_programs_out_of_reach_are_copied_with_their_libraries(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "OUTSIDE", open_folder / "outside")
    monkeypatch.setattr(state, "server_user", lambda: None)
    private = open_folder / "home"
    program = private / "package" / "bin" / "program"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho 1.0\n")
    program.chmod(0o700)
    library = private / "package.libs" / "library.so"
    library.parent.mkdir()
    library.write_text("")
    copied = state.copy_for_all(private / "package", probe=Path("bin/program"), version="1.0")
    assert (copied / "bin" / "program").stat().st_mode & 0o777 == 0o755
    assert (copied.with_name("package.libs") / "library.so").exists()

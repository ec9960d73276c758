import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import boot
from local.boot import BootCommand, Notebook, digest

COMMAND = BootCommand(
    label="A step",
    arguments=("a_step",),
    inputs=("data/*",),
    local_files=("made",),
    witness="SELECT EXISTS (SELECT FROM boot_result)",
)


@pytest.fixture
def notebook() -> Iterator[Notebook]:
    notebook = Notebook(os.environ["DATABASE_URL"])
    notebook.connection.execute("CREATE TABLE boot_result AS SELECT 1")
    yield notebook
    notebook.connection.execute("DROP TABLE IF EXISTS boot_result")
    notebook.connection.execute("DROP SCHEMA local_machine CASCADE")
    notebook.close()


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(boot, "VAR", tmp_path)
    monkeypatch.setattr(boot, "inputs_of", lambda command: digest(command.inputs, root=tmp_path))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "file").write_text("one")
    (tmp_path / "made").write_text("result")
    return tmp_path


def note(notebook: Notebook) -> None:
    notebook.note(COMMAND, boot.inputs_of(COMMAND))


def test_a_step_never_done_is_to_do(notebook: Notebook) -> None:
    assert not notebook.is_done(COMMAND)


def test_a_step_done_is_left_out(notebook: Notebook) -> None:
    note(notebook)
    assert notebook.is_done(COMMAND)


def test_a_changed_input_has_it_done_again(notebook: Notebook, checkout: Path) -> None:
    note(notebook)
    (checkout / "data" / "file").write_text("two")
    assert not notebook.is_done(COMMAND)


def test_a_new_input_has_it_done_again(notebook: Notebook, checkout: Path) -> None:
    note(notebook)
    (checkout / "data" / "another").write_text("")
    assert not notebook.is_done(COMMAND)


def test_an_input_changed_while_it_ran_has_it_done_again(
    notebook: Notebook, checkout: Path
) -> None:
    before = boot.inputs_of(COMMAND)
    (checkout / "data" / "file").write_text("two")
    notebook.note(COMMAND, before)
    assert not notebook.is_done(COMMAND)


def test_a_result_deleted_from_disk_is_made_again(notebook: Notebook, checkout: Path) -> None:
    note(notebook)
    (checkout / "made").unlink()
    assert not notebook.is_done(COMMAND)


@pytest.mark.parametrize("undo", ["TRUNCATE boot_result", "DROP TABLE boot_result"])
def test_a_result_undone_in_the_database_is_made_again(notebook: Notebook, undo: str) -> None:
    note(notebook)
    notebook.connection.execute(undo)
    assert not notebook.is_done(COMMAND)

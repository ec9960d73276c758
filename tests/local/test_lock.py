import fcntl
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import lock
from local.lock import take_lock, write_holder
from local.processes import LocalError

NOBODY = 2**22 + 1  # above every process number


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(lock, "VAR", tmp_path)
    return tmp_path


def test_a_second_run_is_told_the_address_of_the_first() -> None:
    with take_lock() as file:
        write_holder(file, url="http://localhost:8001")
        with pytest.raises(LocalError, match="already running at http://localhost:8001"):
            take_lock()


def test_a_second_run_is_told_that_the_first_is_still_starting() -> None:
    with take_lock(), pytest.raises(LocalError, match="already running and starting"):
        take_lock()


def test_the_lock_of_a_killed_run_is_awaited_while_its_servers_stop(folder: Path) -> None:
    warden = (folder / "run.lock").open("w")
    json.dump({"pid": NOBODY, "url": "http://localhost:8000"}, warden)
    warden.flush()
    fcntl.flock(warden, fcntl.LOCK_EX)
    released: list[float] = []

    def release() -> None:
        released.append(time.monotonic())
        warden.close()

    timer = threading.Timer(0.2, release)
    timer.start()
    with take_lock():
        assert released
    timer.join()


def test_a_lock_left_by_a_killed_run_is_taken_at_once(folder: Path) -> None:
    (folder / "run.lock").write_text(json.dumps({"pid": NOBODY, "url": "http://localhost:8000"}))
    with take_lock() as file:
        file.seek(0)
        assert json.load(file)["url"] is None

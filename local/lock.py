"""One `make run` per checkout."""

from __future__ import annotations

import fcntl
import json
import os
import time
from typing import IO

from local.processes import PAUSE, LocalError
from local.state import VAR

PATIENCE = 15.0  # seconds; the warden of a killed run needs less


def take_lock() -> IO[str]:
    """Return the lock of this checkout, waiting for a killed run to have stopped its servers.

    Raises LocalError with the address of the run that holds it.
    """
    file = (VAR / "run.lock").open("a+")
    deadline = time.monotonic() + PATIENCE
    while not _try(file):
        holder = _read(file)
        pid = holder.get("pid")
        if (pid and _is_alive(int(pid))) or time.monotonic() > deadline:
            where = f"at {holder['url']}" if holder.get("url") else "and starting"
            file.close()
            raise LocalError(f"This checkout is already running {where} (process {pid}).")
        time.sleep(PAUSE)
    write_holder(file, url=None)
    return file


def write_holder(file: IO[str], *, url: str | None) -> None:
    """Note in the lock who holds it, for whoever comes second."""
    file.seek(0)
    file.truncate()
    json.dump({"pid": os.getpid(), "url": url}, file)
    file.flush()


def _try(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(file: IO[str]) -> dict[str, str | int | None]:
    file.seek(0)
    text = file.read()
    return json.loads(text) if text else {}


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

"""Starts child processes and makes sure that none of them outlives us, however we end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypedDict, Unpack

HERE = Path(__file__).resolve().parent
PAUSE = 0.02  # seconds between two looks at something we wait for
QUICK_PYTHON = (sys.executable, "-I", "-S")


class LocalError(Exception):
    """Something a person at the keyboard can understand and repair."""


class StopRequested(Exception):
    """Ctrl-C, a termination signal, or the end of the process that started us."""


class StartOptions(TypedDict, total=False):
    """The keyword arguments of `Family.start`."""

    environment: Mapping[str, str] | None
    user: str | None
    folder: Path | None
    stdin: bytes
    stop_signal: signal.Signals
    foreground: bool


@dataclass
class Child:
    """A running server and the way it likes to be stopped."""

    name: str
    popen: subprocess.Popen[bytes]
    stop_signal: signal.Signals
    log: Path | None

    def output(self) -> str:
        """What it has printed so far."""
        return self.log.read_text(errors="replace") if self.log else ""

    def last_words(self, lines: int = 15) -> str:
        """The end of its output, to show beside a failure."""
        return "\n".join(self.output().splitlines()[-lines:])


class Family:
    """Every process we started; as a context manager, nobody is left at the end of the block."""

    def __init__(
        self,
        *,
        log_folder: Path | None = None,
        keep_open: IO[str] | None = None,
        remove: Path | None = None,
    ) -> None:
        """Once everything has stopped, whatever the way, the warden lets go of `keep_open` (a
        lock) and deletes the folder `remove`.
        """
        self.children: list[Child] = []
        self.log_folder = log_folder
        self.stop_asked = False
        self._keep_open = keep_open
        self._remove = remove
        self._parent = os.getppid()

    def __enter__(self) -> Family:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_stop)
        self._warden = subprocess.Popen(
            [
                *QUICK_PYTHON,
                str(HERE / "warden.py"),
                *([str(self._remove)] if self._remove else []),
            ],
            stdin=subprocess.PIPE,
            start_new_session=True,
            pass_fds=(self._keep_open.fileno(),) if self._keep_open else (),
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_all()
        if self._warden.stdin:
            self._warden.stdin.close()
        self._warden.wait()

    def _ask_stop(self, *_: object) -> None:
        self.stop_asked = True

    def check(self) -> None:
        """Raise StopRequested when it is time to go; called by everything that waits."""
        # Under make, a killed make must not leave us running.
        orphaned = "MAKELEVEL" in os.environ and os.getppid() != self._parent
        if self.stop_asked or orphaned:
            raise StopRequested

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        folder: Path | None = None,
        stdin: bytes = b"",
        stop_signal: signal.Signals = signal.SIGTERM,
        foreground: bool = False,
    ) -> Child:
        """Start `command` as a direct child that dies with us, its output in `<name>.log`.

        `foreground` leaves it our terminal, input and output, as a test runner needs.
        """
        log = None if foreground or not self.log_folder else self.log_folder / f"{name}.log"
        output = _open_log(log) if log else None
        shim = [*QUICK_PYTHON, HERE / "child.py", os.getpid(), int(stop_signal), user or "-"]
        alone = not (foreground and sys.stdin.isatty())
        try:
            popen = subprocess.Popen(
                [str(part) for part in (*shim, *command)],
                env=None if environment is None else dict(environment),
                cwd=folder,
                stdin=None if foreground else subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                start_new_session=alone,
            )
        finally:
            if output:
                output.close()
        child = Child(name=name, popen=popen, stop_signal=stop_signal, log=log)
        self.children.append(child)
        if alone:
            self._tell_warden(f"+{popen.pid} {int(stop_signal)}")
        if popen.stdin:
            with suppress(BrokenPipeError):  # it failed at once; whoever waits for it will say so
                popen.stdin.write(stdin)
                popen.stdin.close()
        return child

    def run(
        self, name: str, command: Sequence[str | Path], **options: Unpack[StartOptions]
    ) -> None:
        """Run `command` to its end; raise LocalError with the end of its log if it fails."""
        child = self.start(name, command, **options)
        code = self.wait(child)
        if code:
            raise LocalError(f"{name} failed (exit code {code}).\n{child.last_words()}")

    def wait(self, child: Child) -> int:
        """Return the exit code of `child` once it has ended."""
        while child.popen.poll() is None:
            self.check()
            time.sleep(PAUSE)
        self._forget(child)
        return child.popen.returncode

    def wait_until(self, ready: Callable[[], bool], child: Child, *, timeout: float = 30) -> None:
        """Return once `ready()`; raise LocalError if `child` ends first or time runs out."""
        deadline = time.monotonic() + timeout
        while not ready():
            self.check()
            if child.popen.poll() is not None:
                raise LocalError(f"{child.name} did not start.\n{child.last_words()}")
            if time.monotonic() > deadline:
                raise LocalError(
                    f"{child.name} is not ready after {timeout:.0f} s.\n{child.last_words()}"
                )
            time.sleep(PAUSE)

    def wait_for_end(self) -> Child:
        """Return the first child that ends; raise StopRequested when asked to stop."""
        while True:
            for child in self.children:
                if child.popen.poll() is not None:
                    return child
            self.check()
            time.sleep(0.2)

    def stop_all(self) -> None:
        """Stop everybody, the last started first, each with its own signal, then with force."""
        for child in reversed(list(self.children)):
            self.stop(child)

    def stop(self, child: Child, *, patience: float = 6) -> None:
        """Stop one child and everything in its process group."""
        if child.popen.poll() is None:
            child.popen.send_signal(child.stop_signal)
            with suppress(subprocess.TimeoutExpired):
                child.popen.wait(timeout=patience)
        if child.popen.poll() is None:
            child.popen.kill()
            child.popen.wait()
        with suppress(ProcessLookupError, PermissionError):
            # Its own children, should it have left any.
            if child.popen.pid != os.getpgrp():
                os.killpg(child.popen.pid, signal.SIGKILL)
        self._forget(child)

    def _forget(self, child: Child) -> None:
        if child in self.children:
            self.children.remove(child)
            self._tell_warden(f"-{child.popen.pid}")

    def _tell_warden(self, line: str) -> None:
        if self._warden.stdin is None:
            return
        # Should somebody have killed it, direct children still die with us (see child.py).
        with suppress(BrokenPipeError):
            self._warden.stdin.write(line + "\n")
            self._warden.stdin.flush()


def _open_log(path: Path) -> IO[bytes]:
    """A fresh log; the one of the last run is kept beside it."""
    if path.exists():
        path.replace(path.with_suffix(".previous.log"))
    return path.open("wb")

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.processes import Family, LocalError, StopRequested
from local.state import ROOT
from local.warden import is_alive

# A server with a child of its own, as web servers have.
SERVER = ["/bin/sh", "-c", "sleep 300 & echo started; wait"]
SUPERVISOR = f"""
import sys
from pathlib import Path
from local.processes import Family
with Family(log_folder=Path(sys.argv[1]), remove=Path(sys.argv[2])) as family:
    child = family.start("server", {SERVER!r})
    family.wait_until(lambda: "started" in child.output(), child)
    print(child.popen.pid, family._warden.pid, flush=True)
    family.wait_for_end()
"""


def eventually(condition: Callable[[], bool], *, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def signal_handlers() -> Iterator[None]:
    """Families replace them; the test runner wants its own back."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def family(tmp_path: Path, signal_handlers: None) -> Iterator[Family]:
    with Family(log_folder=tmp_path) as family:
        yield family


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_no_process_nor_scratch_folder_outlives_its_supervisor(
    number: signal.Signals, tmp_path: Path
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(tmp_path), str(scratch)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as supervisor:
        assert supervisor.stdout
        server, warden = map(int, supervisor.stdout.readline().split())
        assert is_alive(server)
        supervisor.send_signal(number)
        supervisor.wait(timeout=20)
    assert eventually(lambda: not is_alive(server))
    assert eventually(lambda: not is_alive(warden))
    assert not scratch.exists()


def test_direct_children_die_with_a_supervisor_whose_warden_was_killed(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux tells children that their parent died")
    script = SUPERVISOR.replace(
        repr(SERVER), repr(["/bin/sh", "-c", "echo started; exec sleep 300"])
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path), str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as supervisor:
        assert supervisor.stdout
        server, warden = map(int, supervisor.stdout.readline().split())
        os.kill(warden, signal.SIGKILL)
        supervisor.kill()
        supervisor.wait(timeout=20)
    assert eventually(lambda: not is_alive(server))


def test_stopping_a_child_takes_its_own_children_along(family: Family) -> None:
    child = family.start("server", SERVER)
    family.wait_until(lambda: "started" in child.output(), child)
    family.stop(child)
    assert eventually(lambda: not is_alive(child.popen.pid))


def test_a_child_deaf_to_its_signal_is_killed(family: Family) -> None:
    child = family.start(
        "deaf", ["/bin/sh", "-c", "trap '' TERM; echo started; sleep 300 & wait; wait"]
    )
    family.wait_until(lambda: "started" in child.output(), child)
    family.stop(child, patience=0.2)
    assert child.popen.returncode == -signal.SIGKILL


def test_a_server_that_fails_to_start_is_quoted(family: Family) -> None:
    child = family.start("broken", ["/bin/sh", "-c", "echo no such thing; exit 3"])
    with pytest.raises(LocalError, match=r"broken did not start\.\nno such thing"):
        family.wait_until(lambda: False, child)


def test_a_failed_command_is_quoted(family: Family) -> None:
    with pytest.raises(LocalError, match=r"step failed \(exit code 3\).\nno such thing"):
        family.run("step", ["/bin/sh", "-c", "echo no such thing; exit 3"])


def test_a_signal_ends_every_wait(family: Family) -> None:
    child = family.start("server", SERVER)
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(StopRequested):
        family.wait(child)


def test_a_secret_given_on_standard_input_is_not_in_the_list_of_processes(family: Family) -> None:
    child = family.start(
        "reader", ["/bin/sh", "-c", "read word; echo got $word"], stdin=b"secret\n"
    )
    family.wait_until(lambda: "got secret" in child.output(), child)
    assert not any("secret" in str(part) for part in child.popen.args)  # type: ignore[union-attr]

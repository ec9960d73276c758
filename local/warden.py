"""Outlives a supervisor that was killed, just long enough to stop what it had started.

The kernel only tells direct children of a dead parent; servers have children of their own.
The supervisor writes "+GROUP SIGNAL" or "-GROUP" lines here; the end of the pipe means it is gone.
Called as `python -I -S warden.py [FOLDER]` with that pipe as standard input; the folder, a
temporary one, is removed once everything has stopped.
"""

import os
import shutil
import signal
import sys
import time
from pathlib import Path

PATIENCE = 6.0  # seconds between the polite signal and SIGKILL


def is_alive(group: int) -> bool:
    """Tell whether the process group has a member that is not a zombie."""
    proc = Path("/proc")
    if not (proc / "self" / "stat").exists():
        return send(group, 0)
    for stat in proc.glob("[0-9]*/stat"):
        try:
            # The command between parentheses may itself hold spaces and parentheses.
            state, _parent, member_of = stat.read_text().rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue  # it ended while we were looking
        if int(member_of) == group and state != "Z":
            return True
    return False


def send(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: dict[int, int] = {}
    for line in sys.stdin:
        group, _, stop_signal = line[1:].partition(" ")
        if line.startswith("+"):
            groups[int(group)] = int(stop_signal)
        else:
            groups.pop(int(group), None)
    for member, polite in groups.items():
        send(member, polite)
    deadline = time.monotonic() + PATIENCE
    while any(map(is_alive, groups)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for member in groups:
        send(member, signal.SIGKILL)
    for folder in sys.argv[1:]:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

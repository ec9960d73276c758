"""`make manage ARGS="…"`: a management command with the environment of the running `make run`."""

from __future__ import annotations

import json
import os
import sys

from local.run import ENVIRONMENT_FILE, manage


def main(arguments: list[str]) -> None:
    if not ENVIRONMENT_FILE.exists():
        sys.exit("Nothing has been started here yet: type make run in another terminal first.")
    environment = os.environ | json.loads(ENVIRONMENT_FILE.read_text())
    command = manage(*arguments)
    os.execve(command[0], command, environment)


if __name__ == "__main__":
    main(sys.argv[1:])

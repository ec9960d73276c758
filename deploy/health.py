"""Health checks of the containers: exit code 0, or 1 with the reason on standard error.

`health.py web`, `health.py worker`, `health.py beat SCHEDULE_FILE`. None of them loads Django,
which would cost a second of processor each time.
"""

import http.client
import os
import socket
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

TIMEOUT = 5
# Beat writes its schedule file every three minutes.
BEAT_SILENCE = 400


class Unhealthy(Exception):
    """The message says what is wrong."""


def check_web() -> None:
    """Ask /readyz as the proxy would, the database included."""
    port = int(os.environ.get("GRANIAN_PORT", "8000"))
    host = urlsplit(os.environ["SITE_URL"]).hostname or "localhost"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        connection.request("GET", "/readyz", headers={"Host": host})
        response = connection.getresponse()
        text = response.read(200).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as error:
        raise Unhealthy(f"no answer: {error}") from error
    finally:
        connection.close()
    if response.status != 200:
        raise Unhealthy(f"HTTP {response.status} {text}")


def check_worker() -> None:
    """Ask this container's worker, through the broker, whether it listens."""
    from celery import Celery
    from kombu.exceptions import OperationalError

    name = f"celery@{socket.gethostname()}"
    app = Celery(broker=os.environ["REDIS_URL"])
    try:
        answers = app.control.ping(destination=[name], timeout=TIMEOUT, limit=1)
    except OperationalError as error:
        raise Unhealthy(f"broker: {error}") from error
    if not answers:
        raise Unhealthy(f"{name} does not answer")


def check_beat(schedule: Path) -> None:
    """Look at when beat last wrote its schedule; the file's ending depends on the platform."""
    written = [path.stat().st_mtime for path in schedule.parent.glob(f"{schedule.name}*")]
    if not written:
        raise Unhealthy(f"no {schedule}")
    age = time.time() - max(written)
    if age > BEAT_SILENCE:
        raise Unhealthy(f"{schedule} was last written {age:.0f} s ago")


def main(service: str, *arguments: str) -> None:
    match service:
        case "web":
            check_web()
        case "worker":
            check_worker()
        case "beat":
            check_beat(Path(*arguments))
        case _:
            raise Unhealthy(f"no such service: {service}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Unhealthy as problem:
        sys.exit(str(problem))

"""`python -m local.catcher FOLDER SMTP_PORT HTTP_PORT`, with CATCHER_TOKEN in the environment."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from local.catcher.server import Server, smtp_controller
from local.catcher.store import Store


def main(folder: Path, smtp_port: int, http_port: int) -> None:
    """Serve until a termination signal."""
    store = Store(folder)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    smtp = smtp_controller(smtp_port, store)
    smtp.start()
    try:
        Server(http_port, store=store, token=os.environ["CATCHER_TOKEN"]).serve_forever()
    finally:
        smtp.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

"""A gateway that speaks our generic SMS protocol on a free port and can fail in chosen ways."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "secret token"


class SmsGateway:
    def __init__(self) -> None:
        self.received: dict[str, dict[str, Any]] = {}
        self.posts: list[str] = []
        self.authorisations: list[str] = []
        self.status = 202
        # Hang up without an answer, before or after taking the SMS.
        self.hang_up_before = self.hang_up_after = False
        # Say nothing more, after taking the SMS.
        self.stall_after = False
        self.stalled = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}
        )

    @property
    def url(self) -> str:
        return f"http://secret%20token@127.0.0.1:{self._server.server_port}/sms"

    def __enter__(self) -> SmsGateway:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def take(self, sms: dict[str, Any]) -> None:
        self.posts.append(sms["reference"])
        self.received.setdefault(sms["reference"], sms)

    def _handler(gateway: SmsGateway) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                gateway.authorisations.append(self.headers["Authorization"])
                if gateway.hang_up_before:
                    return
                if gateway.status == 202:
                    gateway.take(json.loads(body))
                if gateway.stall_after:
                    gateway.stalled.set()
                    time.sleep(30)
                if not gateway.hang_up_after:
                    self.answer(gateway.status, {"id": "g-1", "status": "accepted"})

            def do_GET(self) -> None:
                reference = self.path.rpartition("/")[2]
                self.answer(200 if reference in gateway.received else 404, {})

            def answer(self, status: int, content: dict[str, str]) -> None:
                body = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: Any) -> None:
                pass

        return Handler

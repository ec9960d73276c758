"""Listens to what pages complain about: console, exceptions, requests that fail."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Response, WebError

# A browser opens the tablet's page: only the server knows whether it is enrolled.
EXPECTED = {(401, "/terrain/donnees/")}


class Watch:
    def __init__(self) -> None:
        self.complaints: list[str] = []
        self.expected = set(EXPECTED)

    def follow(self, context: BrowserContext) -> None:
        context.on("console", self._hear)
        context.on("weberror", self._catch)
        context.on("response", self._check)

    def _hear(self, message: ConsoleMessage) -> None:
        # The status of a page belongs to its test; that of what it loads is checked below.
        if message.type in ("error", "warning") and "Failed to load" not in message.text:
            self.complaints.append(f"{message.text} ({message.location.get('url')})")

    def _catch(self, error: WebError) -> None:
        self.complaints.append(str(error.error))

    def _check(self, response: Response) -> None:
        if (response.status, urlsplit(response.url).path) in self.expected:
            return
        if response.status >= 400 and response.request.resource_type != "document":
            self.complaints.append(f"{response.status} {response.url}")

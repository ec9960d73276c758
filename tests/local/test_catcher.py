import http.client
import json
import smtplib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

from local.catcher import store as store_module
from local.catcher.server import Server, smtp_controller
from local.catcher.store import Store
from local.state import free_port

SMS = {
    "reference": "wave-1/42",
    "to": "+33612345678",
    "text": "Votez <b>avant</b> le 9 : https://example.org/a?b=1&c=2.",
    "sender": "TPE",
    "not_after": None,
}


@dataclass
class Catcher:
    store: Store
    server: Server
    smtp_port: int

    def request(
        self, method: str, path: str, body: str | None = None, **headers: str
    ) -> tuple[int, str, dict[str, str]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        response = connection.getresponse()
        content = response.read().decode()
        connection.close()
        return response.status, content, dict(response.getheaders())

    def send_sms(self, **changes: object) -> tuple[int, dict[str, str]]:
        status, content, _ = self.request(
            "POST", "/sms", json.dumps(SMS | changes), Authorization="Bearer token"
        )
        return status, json.loads(content)

    def send_mail(self, **headers: str) -> str:
        mail = EmailMessage()
        for name, value in ({"To": "zoe@example.org", "From": "c@example.org"} | headers).items():
            mail[name] = value
        mail.set_content("Bonjour <script>alert(1)</script>")
        mail.add_alternative("<p>Bonjour</p><script>alert(1)</script>", subtype="html")
        mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="Été.pdf")
        with smtplib.SMTP("127.0.0.1", self.smtp_port) as smtp:
            smtp.send_message(mail)
        return self.store.summaries()[0].identifier


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[Catcher]:
    store = Store(tmp_path / "caught")
    smtp = smtp_controller(free_port(), store)
    smtp.start()
    server = Server(0, store=store, token="token")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Catcher(store, server, smtp.port)
    server.shutdown()
    thread.join()
    server.server_close()
    smtp.stop()


def test_an_empty_list_says_so(catcher: Catcher) -> None:
    assert "Aucun message pour l’instant" in catcher.request("GET", "/")[1]


def test_a_mail_is_listed_with_its_subject_escaped(catcher: Catcher) -> None:
    catcher.send_mail(Subject="Vos droits : <b>l’été</b>")
    page = catcher.request("GET", "/")[1]
    assert "Vos droits : &lt;b&gt;l’été&lt;/b&gt;" in page


def test_the_text_of_a_mail_is_escaped(catcher: Catcher) -> None:
    page = catcher.request("GET", f"/mail/{catcher.send_mail()}")[1]
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page


def test_the_html_of_a_mail_is_served_in_a_sandbox_without_scripts(catcher: Catcher) -> None:
    _, content, headers = catcher.request("GET", f"/mail/{catcher.send_mail()}/html")
    policy = headers["Content-Security-Policy"]
    assert "<p>Bonjour</p>" in content
    assert policy.startswith("sandbox allow-popups ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy


def test_pages_forbid_every_script(catcher: Catcher) -> None:
    policy = catcher.request("GET", "/")[2]["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy


def test_an_attachment_is_downloaded_never_shown(catcher: Catcher) -> None:
    _, content, headers = catcher.request("GET", f"/mail/{catcher.send_mail()}/piece/0")
    assert content == "%PDF-1.7"
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''%C3%89t%C3%A9.pdf"


def test_a_mail_with_a_broken_subject_is_still_listed(catcher: Catcher) -> None:
    catcher.store.add_mail(b"To: a@example.org\r\nSubject: =?klingon?q?hello?=\r\n\r\nHello")
    status, page, _ = catcher.request("GET", "/")
    assert status == 200
    assert "=?klingon?q?hello?=" in page


@pytest.mark.parametrize("path", ["/mail/" + "0" * 32, "/mail/../secrets", "/sms/unknown", "/x"])
def test_an_unknown_address_is_not_found(catcher: Catcher, path: str) -> None:
    assert catcher.request("GET", path)[0] == 404


def test_an_sms_is_accepted_and_shown_escaped(catcher: Catcher) -> None:
    status, answer = catcher.send_sms()
    page = catcher.request("GET", f"/sms/{answer['id']}")[1]
    assert (status, answer["status"]) == (202, "accepted")
    assert "Votez &lt;b&gt;avant&lt;/b&gt;" in page
    assert 'href="https://example.org/a?b=1&amp;c=2"' in page


def test_a_repeated_reference_is_one_sms(catcher: Catcher) -> None:
    first, again = catcher.send_sms(), catcher.send_sms(text="Autre chose")
    assert first == again
    assert [summary.subject for summary in catcher.store.summaries()] == [SMS["text"]]


@pytest.mark.parametrize(("reference", "status"), [("wave-1%2F42", 200), ("wave-1%2F43", 404)])
def test_the_gateway_tells_which_references_it_knows(
    catcher: Catcher, reference: str, status: int
) -> None:
    catcher.send_sms()
    answer = catcher.request("GET", f"/sms/{reference}", Authorization="Bearer token")
    assert answer[0] == status


def test_an_sms_with_a_wrong_token_is_refused(catcher: Catcher) -> None:
    status, _, _ = catcher.request("POST", "/sms", json.dumps(SMS), Authorization="Bearer wrong")
    assert status == 401
    assert catcher.store.summaries() == []


@pytest.mark.parametrize("body", ["", "{", "[]", '{"reference": "a", "to": "b"}', "\xe9"])
def test_an_incomplete_sms_is_refused(catcher: Catcher, body: str) -> None:
    status, _, _ = catcher.request(
        "POST", "/sms", body.encode("latin-1").decode("latin-1"), Authorization="Bearer token"
    )
    assert status == 400


def test_a_request_under_a_foreign_name_is_refused(catcher: Catcher) -> None:
    assert catcher.request("GET", "/", Host="evil.example")[0] == 421


def test_another_site_cannot_clear_the_list(catcher: Catcher) -> None:
    catcher.send_sms()
    assert catcher.request("POST", "/vider", Sec_Fetch_Site="cross-site")[0] == 403
    assert len(catcher.store.summaries()) == 1


def test_the_list_can_be_cleared(catcher: Catcher) -> None:
    catcher.send_sms()
    catcher.send_mail()
    assert catcher.request("POST", "/vider", Sec_Fetch_Site="same-origin")[0] == 303
    assert catcher.store.summaries() == []


def test_the_list_shows_one_kind_at_a_time(catcher: Catcher) -> None:
    catcher.send_sms()
    catcher.send_mail(Subject="Bienvenue")
    page = catcher.request("GET", "/?type=mail")[1]
    assert "Bienvenue" in page
    assert "+33612345678" not in page


def test_only_the_latest_messages_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "KEPT", 2)
    store = Store(tmp_path)
    for number in range(3):
        store.add_sms(SMS | {"reference": str(number), "text": f"SMS {number}"})
    assert [summary.subject for summary in store.summaries()] == ["SMS 2", "SMS 1"]

"""A session in Caen, tablets that seal like the real ones, and a reference file of two lines."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from joserfc import jwe
from joserfc.jwk import ECKey

from contacts.rules import current_wordings
from field import actions
from field.models import FieldDevice, FieldSession, SealedRecord, SealingKey
from organisations.models import User
from tests.factories import get_organisation, make_user


@pytest.fixture(autouse=True)
def small_reference(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "whole_reference" not in request.keywords:
        monkeypatch.setattr(
            "field.reference.reference_content", lambda: {"trades": [], "departements": []}
        )


def make_session(organisation: str = "ul-caen", **fields: Any) -> FieldSession:
    today = timezone.localdate()
    defaults: dict[str, Any] = {"label": "Marché de Caen", "starts_on": today, "ends_on": today}
    return actions.open_session(
        organisation=get_organisation(organisation),
        created_by=fields.pop("created_by", None) or make_user("staff", organisation),
        **(defaults | fields),
    )


class Tablet:
    """A browser opened for a session (or by its owner): seals and posts like the real one."""

    def __init__(self, device: FieldDevice, secret: str) -> None:
        self.device, self.secret = device, secret
        self.client = Client()
        self.client.cookies["tablette"] = secret
        self.turn = uuid4()

    @property
    def session(self) -> FieldSession:
        """Only for a tablet that was opened for one."""
        assert self.device.session is not None
        return self.device.session

    def plain(self, **changes: Any) -> dict[str, Any]:
        wordings = [word.pk for word in current_wordings() if word.channel in ("sms", "call")]
        return {
            "v": 1, "capture_id": str(uuid4()), "first_name": "Sylviane",
            "phone": "06 39 98 00 01", "email": "", "trade": "assistante-maternelle",
            "postcode": "14000", "commune": "Caen", "consents": wordings, "wishes": ["call-back"],
            "note": "", "language": "fr", "device_time": timezone.now().isoformat(),
            "turn": {"id": str(self.turn), "first_name": "Zoé", "goal": 5},
        } | changes  # fmt: skip

    def envelope(self, plain: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        plain = plain or self.plain()
        session = self.device.session
        return {
            "capture_id": plain["capture_id"],
            "session": str(session.public_id) if session else None,
            "device": str(self.device.public_id),
            "sealed": seal(plain),
        } | changes

    def post(self, content: Any, **headers: str) -> Any:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return self.client.post(
            "/terrain/envoi/", body, content_type="application/json",
            headers={"X-Requested-With": "tablette"} | headers,
        )  # fmt: skip

    def send(self, *envelopes: dict[str, Any], unsent: int = 0, oldest: str | None = None) -> Any:
        return self.post({"records": list(envelopes), "unsent": unsent, "oldest": oldest})

    def data(self) -> Any:
        return self.ask("/terrain/donnees/")

    def ask(self, path: str) -> Any:
        return self.client.get(path, headers={"X-Requested-With": "tablette"})


def seal(plain: dict[str, Any] | bytes, key: SealingKey | None = None) -> str:
    text = plain if isinstance(plain, bytes) else json.dumps(plain).encode()
    public = (key or SealingKey.objects.get(retired_at=None)).public_jwk
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": public["kid"]}
    return jwe.encrypt_compact(header, text, ECKey.import_key(public))


def open_tablet(session: FieldSession, **fields: Any) -> Tablet:
    return Tablet(
        *actions.open_device(session=session, **({"first_name": "Zoé", "goal": 5} | fields))
    )


def open_phone(user: User, **fields: Any) -> Tablet:
    return Tablet(*actions.open_personal_device(user=user, **fields))


@pytest.fixture
def session(db: None) -> FieldSession:
    return make_session()


@pytest.fixture
def tablet(session: FieldSession) -> Tablet:
    return open_tablet(session)


def state_of(capture_id: UUID | str) -> tuple[str, str]:
    record = SealedRecord.objects.get(capture_id=capture_id)
    return record.state, record.reason

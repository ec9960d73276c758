"""The secret behind a session's field QR code, derived: there is nothing to steal in the table."""

import base64

from django.conf import settings
from django.urls import reverse

from core.tokens import hash_secret, keyed_hash
from field.models import FieldSession


def secret_of(session: FieldSession) -> str:
    """128 bits in 22 URL-safe characters; another `secret_version` is another secret."""
    derived = keyed_hash(f"field-session:{session.public_id}:{session.secret_version}")
    return base64.urlsafe_b64encode(bytes.fromhex(derived)[:16]).rstrip(b"=").decode()


def secret_hash_of(session: FieldSession) -> str:
    return hash_secret(secret_of(session))


def field_url(session: FieldSession) -> str:
    """What the field QR code opens on a tablet."""
    return settings.SITE_URL + reverse("field:enrol", args=[secret_of(session)])

"""The secret behind a session's field QR code, derived: there is nothing to steal in the table."""

from django.conf import settings
from django.urls import reverse

from core.tokens import derive_secret, hash_secret
from field.models import FieldSession


def secret_of(session: FieldSession) -> str:
    """Another `secret_version` is another secret."""
    return derive_secret(f"field-session:{session.public_id}:{session.secret_version}")


def secret_hash_of(session: FieldSession) -> str:
    return hash_secret(secret_of(session))


def field_url(session: FieldSession) -> str:
    """What the field QR code opens on a tablet."""
    return settings.SITE_URL + reverse("field:enrol", args=[secret_of(session)])

"""Unsubscribe addresses: signed, public, and without the address itself inside."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from messaging.enums import Channel
from messaging.models import address_hash

_signer = Signer(salt="messaging.unsubscribe")


def unsubscribe_url_for(channel: Channel, address: str) -> str:
    """The absolute one-click address (RFC 8058) that stops everything sent to `address`."""
    token = _signer.sign(f"{channel.value}:{address_hash(channel, address)}")
    return settings.SITE_URL + reverse("messaging:unsubscribe", args=[token])


def read_unsubscribe_token(token: str) -> tuple[Channel, str] | None:
    """The channel and address hash of a token we signed, or None."""
    try:
        channel, _, hashed = _signer.unsign(token).partition(":")
    except BadSignature:
        return None
    return Channel(channel), hashed

"""Envelopes: JWE (RFC 7516) compact, ECDH-ES on P-256, A256GCM, the key named by `kid`.

A tablet seals to the public half of a `SealingKey`; only the server opens.
"""

import json
import re
from typing import Any

from cryptography.fernet import InvalidToken
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.util import urlsafe_b64decode

from core.ciphers import cipher
from field.models import SealingKey

ALGORITHMS = ["ECDH-ES", "A256GCM"]
# A record of a few lines; more is not one.
MAX_LENGTH = 8_000
# Header, no encrypted key (ECDH-ES derives it), initialisation vector, text, tag.
COMPACT = re.compile(r"[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{22}")


class Unreadable(ValueError):
    """The envelope cannot be opened: another key, or damaged on the way."""


def make_key(kid: str) -> SealingKey:
    """A new key pair, not saved."""
    key = ECKey.generate_key("P-256", {"kid": kid, "use": "enc", "alg": "ECDH-ES"})
    return SealingKey(
        kid=kid,
        public_jwk=key.as_dict(private=False),
        private_jwk=cipher("sealing-key").encrypt(json.dumps(key.as_dict(private=True)).encode())
        .decode(),
    )  # fmt: skip


def encrypted_anew(key: SealingKey) -> str:
    """The private half under today's `SECRET_KEY`, so that its fallbacks can go."""
    return cipher("sealing-key").rotate(key.private_jwk.encode()).decode()


def is_envelope(text: object) -> bool:
    """Whether `text` has the form of an envelope, whatever key it names."""
    if not isinstance(text, str) or len(text) > MAX_LENGTH or not COMPACT.fullmatch(text):
        return False
    header = _header(text)
    return (
        header.get("alg") == "ECDH-ES"
        and header.get("enc") == "A256GCM"
        and isinstance(header.get("kid"), str)
        and _is_point(header.get("epk"))
    )


def _is_point(epk: object) -> bool:
    """The ephemeral key the browser sealed with; whether it is on the curve shows on opening."""
    return (
        isinstance(epk, dict)
        and (epk.get("kty"), epk.get("crv")) == ("EC", "P-256")
        and all(isinstance(epk.get(name), str) for name in ("x", "y"))
    )


def _header(sealed: str) -> dict[str, Any]:
    try:
        header = json.loads(urlsafe_b64decode(sealed.partition(".")[0].encode()))
    except ValueError:  # not base64, not UTF-8 or not JSON
        return {}
    return header if isinstance(header, dict) else {}


def seal(content: dict[str, Any], public_jwk: dict[str, Any]) -> str:
    """What a tablet does in its browser; here for the demonstration and the trials."""
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": public_jwk["kid"]}
    return jwe.encrypt_compact(header, json.dumps(content).encode(), ECKey.import_key(public_jwk))


class Opener:
    """Opens envelopes; reads each private key once."""

    def __init__(self) -> None:
        self._keys: dict[str, ECKey | None] = {}

    def open(self, sealed: str) -> dict[str, Any]:
        """What the envelope holds, a JSON object. Raises `Unreadable`."""
        key = self._key(str(_header(sealed).get("kid", "")))
        if key is None:
            raise Unreadable("no such key")
        try:
            plain = jwe.decrypt_compact(sealed, key, algorithms=ALGORITHMS).plaintext
            content = json.loads(plain or b"")
        except (JoseError, ValueError, LookupError, TypeError) as error:
            # The last two: what joserfc makes of a header that is no proper one.
            raise Unreadable(type(error).__name__) from error
        if not isinstance(content, dict):
            raise Unreadable("not an object")
        return content

    def _key(self, kid: str) -> ECKey | None:
        if kid not in self._keys:
            self._keys[kid] = self._read(kid)
        return self._keys[kid]

    def _read(self, kid: str) -> ECKey | None:
        row = SealingKey.objects.filter(kid=kid).first()
        if row is None:
            return None
        try:
            text = cipher("sealing-key").decrypt(row.private_jwk.encode())
        except InvalidToken as error:
            raise Unreadable("its private key needs a former SECRET_KEY") from error
        return ECKey.import_key(json.loads(text))

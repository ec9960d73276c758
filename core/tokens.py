"""Secrets, short public codes and the keyed hash that outlives a person."""

import base64
import hashlib
import hmac
import secrets

from django.conf import settings

# Crockford's base 32: no I, L, O, U, so a code survives being read aloud or copied by hand.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("ILO", "110")


def make_code(length: int = 7) -> str:
    """A random public code, for example `7K3M9PA`."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))


def derive_code(seed: bytes, length: int = 7) -> str:
    """The public code that always comes from the same seed (up to 16 signs)."""
    number = int.from_bytes(hashlib.sha256(seed).digest()[:10], "big")
    return "".join(CODE_ALPHABET[number >> 5 * place & 31] for place in range(length))


def clean_code(text: str) -> str:
    """The code somebody meant: case, spaces, hyphens and look-alike letters do not matter."""
    return text.upper().replace("-", "").replace(" ", "").translate(_LOOKALIKES)


def make_secret() -> str:
    """A 128-bit URL-safe secret of 22 characters."""
    return secrets.token_urlsafe(16)


def hash_secret(secret: str) -> str:
    """What is stored of a secret: it is random, so a plain SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def keyed_hash(text: str) -> str:
    """HMAC-SHA256 of a phone number or e-mail address under `PRIVACY_KEY`, in hexadecimal."""
    return hmac.digest(settings.PRIVACY_KEY.encode(), text.encode(), "sha256").hex()


def derive_secret(name: str) -> str:
    """The 128-bit secret of 22 URL-safe characters that always comes from the same name.

    Nothing needs to keep it: only who holds `PRIVACY_KEY` finds it again.
    """
    derived = bytes.fromhex(keyed_hash(name))[:16]
    return base64.urlsafe_b64encode(derived).rstrip(b"=").decode()

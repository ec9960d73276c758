"""Encryption at rest of the few secrets the application must be able to read again."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def cipher(purpose: str) -> MultiFernet:
    """The key ring of one purpose: writes under `SECRET_KEY`, reads its fallbacks too."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"{purpose}:{secret}".encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


@dataclass(frozen=True)
class Resealed:
    """How many rows were encrypted again, and those that no key of the ring opens."""

    done: int
    unreadable: tuple[str, ...] = ()


# What `rotate_secrets` calls, by the French name of what is kept.
KEEPERS: dict[str, Callable[[], Resealed]] = {}


def keeps_secrets(label: str, reseal: Callable[[], Resealed]) -> None:
    """Name what encrypts all the secrets of a room again; called from `AppConfig.ready()`.

    `reseal` puts them under today's `SECRET_KEY`, leaves what it cannot open, and may be repeated.
    """
    KEEPERS[label] = reseal

"""Typed readers for the environment variables of `.env.example`."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

ANYMAIL_SECRETS = {
    "brevo": ("BREVO_API_KEY",),
    "mailjet": ("MAILJET_API_KEY", "MAILJET_SECRET_KEY"),
    "scaleway": ("SCALEWAY_SECRET_KEY", "SCALEWAY_PROJECT_ID"),
}


def email_settings(url: str) -> dict[str, object]:
    """Django settings for `EMAIL_URL`.

    `smtp://user:password@host:port`, `smtp+tls://…`, `smtp+ssl://…`, or a provider's name with
    its secrets: `brevo://KEY`, `mailjet://KEY:SECRET`, `scaleway://SECRET:PROJECT`.
    Raises `ImproperlyConfigured` for anything else.
    """
    parts = urlsplit(url)
    if parts.scheme in ("smtp", "smtp+tls", "smtp+ssl"):
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": parts.hostname or "localhost",
            "EMAIL_PORT": parts.port
            or {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}[parts.scheme],
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
            "EMAIL_USE_SSL": parts.scheme == "smtp+ssl",
            "EMAIL_TIMEOUT": int(parse_qs(parts.query).get("timeout", ["20"])[0]),
        }
    if parts.scheme in ANYMAIL_SECRETS:
        names = ANYMAIL_SECRETS[parts.scheme]
        secrets = [unquote(part) for part in parts.netloc.split(":")]
        if len(secrets) != len(names):
            raise ImproperlyConfigured(f"EMAIL_URL: {parts.scheme} takes {len(names)} secret(s)")
        return {
            "EMAIL_BACKEND": f"anymail.backends.{parts.scheme}.EmailBackend",
            "ANYMAIL": dict(zip(names, secrets, strict=True)),
        }
    raise ImproperlyConfigured(f"EMAIL_URL: unknown scheme “{parts.scheme}”")


def page_of_commune(url: str) -> str:
    """The address of a page about a commune, with « {insee} » for its code; or none.

    Raises `ImproperlyConfigured` for an address nobody could follow.
    """
    if url and (urlsplit(url).scheme != "https" or url.replace("{insee}", "").count("{")):
        raise ImproperlyConfigured("TPE_MAP_URL: https://host/… is expected, with {insee} or not")
    return url


def map_tiles(url: str, credit: str) -> dict[str, str] | None:
    """The tiles behind the maps: their address, its origin and whom they are owed to; or none.

    Raises `ImproperlyConfigured` for an address that is not one of tiles, or without a credit.
    """
    if not url:
        return None
    parts = urlsplit(url)
    is_address = parts.scheme in ("http", "https") and re.fullmatch(r"[\w.-]+(:\d+)?", parts.netloc)
    if not is_address or any(part not in url for part in ("{z}", "{x}", "{y}")):
        raise ImproperlyConfigured("MAP_TILE_URL: https://host/{z}/{x}/{y}.png is expected")
    if not credit:
        raise ImproperlyConfigured("MAP_TILE_CREDIT must name whom the tiles are owed to.")
    return {"url": url, "origin": f"{parts.scheme}://{parts.netloc}", "credit": credit}

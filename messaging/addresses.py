"""Addresses and numbers: the one written form they are compared in, and their masked form."""

from functools import lru_cache

import phonenumbers

from messaging.enums import Channel

DOT = "•"


class InvalidAddress(ValueError):
    """Not an e-mail address, or not a telephone number in international form."""


# A batch of captures asks a dozen times for each of its numbers, and reading one is slow.
@lru_cache(maxsize=4096)
def normalised(channel: str, address: str) -> str:
    """The form an address is stored and hashed in: lower case, or E.164.

    Raises `InvalidAddress`. A number must carry its international prefix: only the room that
    knows the département can read a number typed without it.
    """
    text = address.strip()
    if channel == Channel.EMAIL:
        local, at, domain = text.rpartition("@")
        if not (local and at and domain) or any(char.isspace() for char in text):
            raise InvalidAddress("not an e-mail address")
        return text.lower()
    return _e164(text)


@lru_cache(maxsize=4096)
def _e164(text: str) -> str:
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException as error:
        raise InvalidAddress("not an international telephone number") from error
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked(channel: str, address: str) -> str:
    """`c•••@e•••.fr` or `06 •• •• •• 34`."""
    if not address:
        return ""
    if channel == Channel.EMAIL:
        return _masked_email(address)
    number = phonenumbers.parse(address)
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    head, middle, tail = national[:2], national[2:-2], national[-2:]
    return head + "".join(DOT if char.isdigit() else char for char in middle) + tail


def _masked_email(address: str) -> str:
    local, _, domain = address.rpartition("@")
    name, dot, ending = domain.rpartition(".")
    hidden = DOT * 3
    if not dot:
        return f"{local[:1]}{hidden}@{domain[:1]}{hidden}"
    return f"{local[:1]}{hidden}@{name[:1]}{hidden}.{ending}"

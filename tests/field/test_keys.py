"""Sealing keys: private halves encrypted at rest, turned once a month, readable for as long."""

import json
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as thoroughness
from hypothesis import strategies as st
from joserfc.util import urlsafe_b64encode

from core.ciphers import KEEPERS
from field import actions
from field.models import SealingKey
from field.sealing import Opener, Unreadable, is_envelope, seal
from field.tasks import rotate_sealing_key

pytestmark = pytest.mark.django_db


def test_a_key_opens_what_was_sealed_to_it() -> None:
    key = actions.rotate_sealing_key()
    assert Opener().open(seal({"first_name": "Zoé"}, key.public_jwk)) == {"first_name": "Zoé"}


def test_the_private_half_is_not_readable_in_the_table() -> None:
    key = actions.rotate_sealing_key()
    assert "d" not in key.public_jwk
    with pytest.raises(ValueError):  # noqa: PT011 – not JSON at all
        json.loads(key.private_jwk)


def test_the_command_turns_the_key() -> None:
    first = actions.rotate_sealing_key()
    out = StringIO()
    call_command("rotate_sealing_key", stdout=out)
    current = SealingKey.objects.get(retired_at=None)
    assert current != first
    assert current.kid in out.getvalue()


def test_a_schedule_heard_twice_turns_the_key_once() -> None:
    actions.rotate_sealing_key()
    SealingKey.objects.update(created_at=timezone.now() - timedelta(days=30))
    rotate_sealing_key()
    rotate_sealing_key()
    assert SealingKey.objects.count() == 2


def test_a_former_secret_key_can_go_after_a_rotation(settings: Any) -> None:
    former = settings.SECRET_KEY
    key = actions.rotate_sealing_key()
    sealed = seal({"v": 1}, key.public_jwk)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new-secret", [former]
    assert Opener().open(sealed) == {"v": 1}
    actions.rotate_sealing_key()
    settings.SECRET_KEY_FALLBACKS = []
    assert Opener().open(sealed) == {"v": 1}


def test_without_its_secret_key_it_is_unreadable_and_not_an_error(settings: Any) -> None:
    sealed = seal({"v": 1}, actions.rotate_sealing_key().public_jwk)
    settings.SECRET_KEY = "lost"
    with pytest.raises(Unreadable):
        Opener().open(sealed)


def test_another_key_does_not_open() -> None:
    mine, other = actions.rotate_sealing_key(), actions.rotate_sealing_key()
    sealed = seal({"v": 1}, other.public_jwk | {"kid": mine.kid})
    with pytest.raises(Unreadable):
        Opener().open(sealed)


@thoroughness(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    place=st.integers(0, 10_000),
    letter=st.sampled_from("AZaz09-_.=+/ é\x00"),
    cut=st.booleans(),
)
def test_no_damage_is_ever_an_error(place: int, letter: str, cut: bool) -> None:
    """Whatever happens to an envelope, it is malformed, unreadable, or still the same text."""
    key = SealingKey.objects.first() or actions.rotate_sealing_key()
    content = {"capture_id": str(uuid4()), "first_name": "Zoé"}
    sealed = seal(content, key.public_jwk)
    at = place % len(sealed)
    damaged = sealed[:at] if cut else sealed[:at] + letter + sealed[at + 1 :]
    if not is_envelope(damaged):
        return
    with suppress(Unreadable):
        assert Opener().open(damaged) == content


@thoroughness(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(st.text(), st.binary(), st.integers(), st.none(), st.lists(st.text())))
def test_anything_else_is_no_envelope(value: object) -> None:
    assert not is_envelope(value)


@pytest.mark.parametrize(
    ("epk", "expected"),
    [
        ({}, False),
        ({"kty": "EC", "x": "AA", "y": "AA"}, False),
        ({"kty": "EC", "crv": "P-257", "x": "AA", "y": "AA"}, False),
        ({"kty": "oct", "k": "AA"}, False),
        ({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}, True),
    ],
)
def test_a_strange_header_is_malformed_or_unreadable(epk: dict[str, str], expected: bool) -> None:
    key = actions.rotate_sealing_key()
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": key.kid, "epk": epk}
    _, _, rest = seal({}, key.public_jwk).partition("..")
    envelope = f"{urlsafe_b64encode(json.dumps(header).encode()).decode()}..{rest}"
    assert is_envelope(envelope) == expected
    with pytest.raises(Unreadable):
        Opener().open(envelope)


def test_the_secrets_command_covers_the_keys_of_tablets() -> None:
    """Else what tablets still hold would open for nobody once a former SECRET_KEY is dropped."""
    key = actions.rotate_sealing_key()
    before = SealingKey.objects.get(pk=key.pk).private_jwk
    SealingKey.objects.create(
        kid="lost", public_jwk={}, private_jwk="no token of ours", retired_at=timezone.now()
    )
    resealed = KEEPERS["Clés des tablettes"]()
    assert resealed.unreadable == ("lost",)
    assert resealed.done >= 1
    assert SealingKey.objects.get(pk=key.pk).private_jwk != before

import re

from core.tokens import clean_code, derive_code, hash_secret, keyed_hash, make_code, make_secret


def test_a_code_survives_being_read_aloud() -> None:
    assert clean_code("7k3 m-9pO") == "7K3M9P0"
    assert clean_code("iLo") == "110"


def test_codes_are_random_and_unambiguous() -> None:
    codes = {make_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{7}", code) for code in codes)


def test_a_derived_code_follows_its_seed() -> None:
    codes = {derive_code(f"seed {number}".encode()) for number in range(500)}
    assert len(codes) == 500
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{7}", code) for code in codes)
    assert derive_code(b"seed") == derive_code(b"seed")


def test_a_secret_holds_at_least_128_bits() -> None:
    assert len(make_secret()) * 6 >= 128
    assert make_secret() != make_secret()


def test_only_a_hash_of_a_secret_is_stored() -> None:
    assert hash_secret("abc") == hash_secret("abc") != hash_secret("abd")


def test_the_keyed_hash_depends_on_the_privacy_key(settings) -> None:  # type: ignore[no-untyped-def]
    before = keyed_hash("+33612345678")
    settings.PRIVACY_KEY = "another key"
    assert keyed_hash("+33612345678") != before
    assert len(before) == 64

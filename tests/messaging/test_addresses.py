import pytest

from messaging.addresses import masked, normalised


@pytest.mark.parametrize(
    ("channel", "address", "shown"),
    [
        ("email", "camille@exemple.fr", "c•••@e•••.fr"),
        ("email", "x@localhost", "x•••@l•••"),
        ("sms", "+33612345634", "06 •• •• •• 34"),
        ("sms", "+262692123456", "06•• •• •• 56"),
        ("sms", "", ""),
    ],
)
def test_a_mask_lets_one_recognise_and_not_learn(channel: str, address: str, shown: str) -> None:
    assert masked(channel, address) == shown


@pytest.mark.parametrize(
    ("channel", "typed", "stored"),
    [
        ("email", " Camille.N@Exemple.FR ", "camille.n@exemple.fr"),
        ("sms", "+33 6 12 34 56 34", "+33612345634"),
        ("sms", "+33 (0)6.12.34.56.34", "+33612345634"),
    ],
)
def test_one_address_has_one_written_form(channel: str, typed: str, stored: str) -> None:
    assert normalised(channel, typed) == stored

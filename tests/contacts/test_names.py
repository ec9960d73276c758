import pytest

from contacts.names import is_name


@pytest.mark.parametrize(
    "name",
    ["Camille", "O’Brien", "D'Arcy", "Jean-Luc", "José María", "Đặng", "محمد", "Ольга", "Ζωή",
     "M.", "J. B.", "Gal·la", "N\u00a0Guyen", "É", "Nguye\u0302\u0303n", "李娜"],
)  # fmt: skip
def test_real_names_are_names(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "text",
    ["http://gain.example", "gain.example", "gain .example", "GAIN.example bravo", "gain。example",
     "gain․example", "Lou/gain", "lou@example.org", "Lou 2", "٠٦١٢", "<b>Lou</b>", "Lou\nSTOP",
     "Lou\x00", "Lou\u202e", "a" * 41, "", " ", "-", "…", "Lou: cliquez", "Lou 🎁"],
)  # fmt: skip
def test_what_acts_in_a_message_is_no_name(text: str) -> None:
    assert not is_name(text)


def test_a_whole_name_has_more_room() -> None:
    assert is_name("a" * 120, longest=120)

import pytest

from contacts.matching import names_agree


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Marie", "MARIE"),
        ("Marie", "Marie-Claire"),
        ("Élodie", "elodie"),
        ("N'Guyen-Özgür", "N'GUYEN OZGUR"),
        ("山田", "山田"),
    ],
)
def test_names_of_one_person_agree(one: str, other: str) -> None:
    assert names_agree(one, other)
    assert names_agree(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Marie", "Marianne"), ("Jean", "Jeanne"), ("Karim", "Sylviane"), ("", "Marie")],
)
def test_names_of_two_people_do_not(one: str, other: str) -> None:
    assert not names_agree(one, other)

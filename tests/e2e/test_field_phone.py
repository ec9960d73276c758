"""The tablet's advice about numbers agrees with what the server will decide."""

import phonenumbers
from phonenumbers import PhoneNumberType

from contacts.places import WrongPhone, read_phone
from tests.e2e.tablet import TabletPage

JUDGE = """async (texts) => {
  const module = performance.getEntriesByType("resource").map(({ name }) => name)
    .find((name) => name.includes("/js/field/phone."));
  const { judgePhone } = await import(module);
  return texts.map((text) => !judgePhone(text).doubt);
}"""
TYPED = [
    "06 12 34 56 78", "0612345678", "06.12.34.56.78", "07 56 78 90 12", "+33 6 12 34 56 78",
    "0033612345678", "33612345678", "01 42 68 53 00", "02 31 00 00 00", "09 72 00 00 00",
    "06 39 98 00 23", "+33639980023", "0692 12 34 56", "0693 02 34 56", "0262 20 00 00",
    "+262 692 12 34 56", "0639 01 34 56", "0269 61 00 00", "0690 12 34 56", "0590 81 00 00",
    "0694 12 34 56", "0594 30 00 00", "0696 12 34 56", "0596 60 00 00", "+596 696 12 34 56",
    "06 12 34 56", "06 12 34 56 78 9", "08 92 12 34 56", "0800 00 00 00", "12 34 56 78 90",
    "+32 470 12 34 56", "+351 912 345 678", "+212 6 12 34 56 78", "0600", "bonjour",
    "06 12 34 5 A 7",
]  # fmt: skip
KINDS = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.VOIP)
REGIONS = ("FR", "RE", "GP", "GF", "MQ", "YT")


def server_accepts(text: str) -> bool:
    try:
        read_phone(text)
    except WrongPhone:
        return False
    return True


def examples() -> list[str]:
    """Numbers the library itself gives, per region and kind, as people type them."""
    found = []
    for region in REGIONS:
        for kind in KINDS:
            number = phonenumbers.example_number_for_type(region, kind)
            if number:
                found.append(f"0{number.national_number}")
                found.append(f"+{number.country_code}{number.national_number}")
    return found


def test_the_tablet_and_the_server_judge_alike(tablet: TabletPage) -> None:
    texts = [*TYPED, *examples()]
    said = dict(zip(texts, tablet.page.evaluate(JUDGE, texts), strict=True))
    assert said == {text: server_accepts(text) for text in texts}


def test_no_number_the_server_takes_is_doubted(tablet: TabletPage) -> None:
    """And few that it refuses pass: new blocks of numbers are given out faster than advice."""
    blocks = [f"0{block:03d}" for block in range(100, 1000) if not 800 <= block < 900]
    texts = [block + tail for block in blocks for tail in ("123456", "987654")]
    said = dict(zip(texts, tablet.page.evaluate(JUDGE, texts), strict=True))
    taken = {text: server_accepts(text) for text in texts}
    assert [text for text in texts if taken[text] and not said[text]] == []
    assert len([text for text in texts if said[text] and not taken[text]]) < len(texts) / 100

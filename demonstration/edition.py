"""The reference edition moved by whole weeks, so that it is alive today and weekdays stay."""

from datetime import date
from enum import StrEnum


class Moment(StrEnum):
    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


def weeks_to_shift(moment: Moment, *, opens: date, closes: date, today: date) -> int:
    """By how many weeks to move an edition for `today` to fall at `moment`.

    Before: the vote opens in 1 to 7 days. During: it opened 0 to 6 days ago. After: it closed
    1 to 7 days ago.
    """
    match moment:
        case Moment.BEFORE:
            return (today - opens).days // 7 + 1
        case Moment.DURING:
            return (today - opens).days // 7
        case Moment.AFTER:
            return ((today - closes).days - 1) // 7

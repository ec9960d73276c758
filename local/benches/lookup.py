"""What a person waits for between a letter and its suggestions, network aside."""

import django

django.setup()

from functools import partial  # noqa: E402

from local.benches.measure import report  # noqa: E402
from territory.enums import LookupKind  # noqa: E402
from territory.lookup import look_up  # noqa: E402

# Well spelled, then not: of a very common word, of a city, of a trade, of nothing.
QUESTIONS = ("agen", "saint", "75011", "saintt", "grenobel", "boulanjer", "xqzwj")
KINDS = {
    "communes": (LookupKind.COMMUNE,),
    "trades": (LookupKind.TRADE,),
    "all kinds": tuple(LookupKind),
}

if __name__ == "__main__":
    report(
        "lookup",
        {
            f"{question}, {name}": partial(look_up, question, kinds)
            for question in QUESTIONS
            for name, kinds in KINDS.items()
        },
    )

"""Settings that would leave the doors open are refused at start-up."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def second_factor_is_compulsory(**_kwargs: Any) -> list[CheckMessage]:
    """Only a demonstration may do without the second factor."""
    if settings.SECOND_FACTOR_REQUIRED or settings.DEMONSTRATION:
        return []
    return [
        Error(
            "SECOND_FACTOR_REQUIRED may be false in a demonstration only.",
            hint="Remove SECOND_FACTOR_REQUIRED, or set DEMONSTRATION=true on fictitious data.",
            id="accounts.E001",
        )
    ]

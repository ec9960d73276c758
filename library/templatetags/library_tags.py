import datetime as dt

from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language

register = template.Library()


@register.filter
def day(value: dt.date | str) -> str:
    """« 1er juin 2026 », from a date or from the ISO text kept in a sheet's content."""
    date = dt.date.fromisoformat(value) if isinstance(value, str) else value
    text = date_format(date, "j F Y")
    # French says « 1er » for the first of a month, which Django's formats do not.
    is_french = (get_language() or "fr").startswith("fr")
    return f"1er{text[1:]}" if is_french and date.day == 1 else text

"""How words, dates and hours are written on a page."""

import re

from django import template
from django.template.defaultfilters import stringfilter

from core import dates

register = template.Library()

for written in (
    dates.day, dates.day_of_week, dates.day_of_year, dates.month, dates.hour, dates.instant,
):  # fmt: skip
    register.filter(written.__name__, written)

BEFORE = re.compile(r" (?=[:;?!»])")
AFTER = re.compile(r"(?<=«) ")


@register.filter(is_safe=True)
@stringfilter
def unbroken(text: str) -> str:
    """French signs stay on the line of their word: « Qui ? » never leaves « ? » alone."""
    return AFTER.sub(dates.NBSP, BEFORE.sub(dates.NBSP, text))

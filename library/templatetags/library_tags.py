import datetime as dt

from django import template

register = template.Library()


@register.filter
def iso_date(text: str) -> dt.date:
    """The date written in a sheet's content, for the `date` filter."""
    return dt.date.fromisoformat(text)

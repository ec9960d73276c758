"""How people's details are written on a page."""

from django import template

from contacts.forms import PersonForm

register = template.Library()


@register.filter
def said(differences: dict[str, str]) -> str:
    """What was typed at another encounter, as words."""
    fields = PersonForm.base_fields
    return ", ".join(f"{fields[name].label} : {value}" for name, value in differences.items())

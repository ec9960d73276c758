"""How people's details are written on a page."""

from django import template
from phonenumber_field.phonenumber import PhoneNumber

from contacts.forms import PersonForm

register = template.Library()


@register.filter
def masked_phone(phone: PhoneNumber) -> str:
    """`06 12 34 56 78` shown as `06 •• •• •• 78`."""
    groups = phone.as_national.split(" ")
    return " ".join([groups[0], *("••" for _ in groups[1:-1]), groups[-1]])


@register.filter
def masked_email(email: str) -> str:
    """`prenom@exemple.fr` shown as `p•••@e•••`."""
    name, _, host = email.partition("@")
    return f"{name[:1]}•••@{host[:1]}•••"


@register.filter
def said(differences: dict[str, str]) -> str:
    """What was typed at another encounter, as words."""
    fields = PersonForm.base_fields
    return ", ".join(f"{fields[name].label} : {value}" for name, value in differences.items())

"""From the list to a contact, and to a page about them."""

from django.urls import reverse

from contacts.models import Contact

Crumb = dict[str, str]


def contact_crumbs(contact: Contact, here: str = "") -> list[Crumb]:
    own = {
        "label": contact.first_name,
        "url": reverse("contacts:contact-detail", args=[contact.pk]),
    }
    trail = [{"label": "Contacts", "url": reverse("contacts:contact-list")}, own]
    return [*trail, {"label": here, "url": ""}] if here else [trail[0], own | {"url": ""}]

"""Everything stored about one person, for the person (RGPD articles 15 and 20)."""

from datetime import datetime
from typing import Any

from contacts import hooks
from contacts.models import Contact
from contacts.proof import refusals_of

# Of a row united with theirs, what the person can recognise.
OF_MERGED = {
    "first_name": "prénom",
    "phone": "téléphone",
    "email": "adresse_e-mail",
    "trade": "métier",
    "postcode": "code_postal_du_travail",
}


def person_as_json(contact: Contact) -> dict[str, Any]:
    """Details, what they said and agreed to, the occasions on which they were met and called.

    Labels are in French, times in ISO 8601. The rooms above add their part.
    """
    return (
        _details(contact)
        | {
            "consentements": _consents(contact),
            "oppositions": _refusals(contact),
            "prises_de_contact": _captures(contact),
            "fiches_réunies": _merges(contact),
        }
        | hooks.exported(contact)
    )


def _details(contact: Contact) -> dict[str, Any]:
    return {
        "prénom": contact.first_name,
        "téléphone": contact.phone.as_e164 if contact.phone else None,
        "adresse_e-mail": contact.email or None,
        "adresse_e-mail_confirmée_le": _instant(contact.email_confirmed_at),
        "métier": contact.trade.label if contact.trade else None,
        "convention_collective": contact.agreement_id,
        "code_postal_du_travail": contact.postcode,
        "commune_du_travail": contact.commune.name if contact.commune else None,
        "département": contact.departement_id,
        "langue": contact.language,
        "joint·e_le": _instant(contact.reached_at),
        "soutien": contact.get_support_display() or None,
        "vote_prévu": contact.get_will_vote_display() or None,
        "a_voté_le": _instant(contact.voted_at),
        "adhésion": contact.get_joining_display() or None,
        "enregistré_le": _instant(contact.created_at),
        "modifié_le": _instant(contact.updated_at),
    }


def _instant(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _consents(contact: Contact) -> list[dict[str, Any]]:
    return [
        {
            "finalité": consent.get_purpose_display(),
            "canal": consent.get_channel_display(),
            "donné": consent.is_given,
            "le": _instant(consent.given_at),
            "texte": consent.wording.text if consent.wording else None,
            "version_du_texte": consent.wording.version if consent.wording else None,
        }
        for consent in contact.consents.select_related("wording")
    ]


def _refusals(contact: Contact) -> list[dict[str, Any]]:
    return [
        {
            "canal": refusal.get_channel_display(),
            "raison": refusal.get_reason_display(),
            "depuis": _instant(refusal.created_at),
        }
        for refusal in refusals_of(contact)
    ]


def _captures(contact: Contact) -> list[dict[str, Any]]:
    return [
        {
            "le": _instant(capture.server_time),
            "heure_de_l’appareil": _instant(capture.device_time),
            "moyen": capture.get_method_display(),
            "occasion": capture.source.label,
            "souhaits": capture.wish_labels,
            "note": capture.note or None,
            "aussi_écrit": capture.differences,
        }
        for capture in contact.captures.select_related("source")
    ]


def _merges(contact: Contact) -> list[dict[str, Any]]:
    """Of rows parted again nothing: they are somebody else's."""
    return [
        {
            "le": _instant(merge.merged_at),
            "raison": merge.reason,
            "avant": {
                label: merge.merged_before.get(name) or None for name, label in OF_MERGED.items()
            },
        }
        for merge in contact.merges.standing()
    ]

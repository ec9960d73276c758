"""Everything stored about one person, for the person (RGPD articles 15 and 20)."""

from typing import Any

from contacts.models import Contact


def person_as_json(contact: Contact) -> dict[str, Any]:
    """Details, consents with their wording and time, and the occasions on which they were met."""
    return {
        "prénom": contact.first_name,
        "téléphone": contact.phone.as_e164 if contact.phone else None,
        "adresse_e-mail": contact.email or None,
        "métier": contact.trade.label if contact.trade else None,
        "convention_collective": contact.agreement_id,
        "code_postal_du_travail": contact.postcode,
        "commune_du_travail": contact.commune.name if contact.commune else None,
        "département": contact.departement_id,
        "langue": contact.language,
        "enregistré_le": contact.created_at.isoformat(),
        "modifié_le": contact.updated_at.isoformat(),
        "consentements": [
            {
                "finalité": consent.get_purpose_display(),
                "canal": consent.get_channel_display(),
                "donné": consent.is_given,
                "le": consent.given_at.isoformat(),
                "texte": consent.wording.text if consent.wording else None,
                "version_du_texte": consent.wording.version if consent.wording else None,
            }
            for consent in contact.consents.select_related("wording")
        ],
        "prises_de_contact": [
            {
                "le": capture.server_time.isoformat(),
                "moyen": capture.get_method_display(),
                "occasion": capture.source.label,
                "aussi_écrit": capture.differences,
            }
            for capture in contact.captures.select_related("source")
        ],
    }

"""Fields about an organisation."""

from typing import Any

from phonenumber_field.formfields import PhoneNumberField

from territory.models import Departement


class OfficePhoneField(PhoneNumberField):
    """Where an organisation is called; gives the number with its international prefix."""

    default_error_messages = {
        "invalid": "Ce numéro ne semble pas valide. Vérifiez-le, par exemple 02 31 00 00 00."
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(region="FR", **kwargs)

    def read_as_in(self, seat: Departement | None) -> None:
        """Overseas numbers are read as one writes them there."""
        self.region = self.widget.region = seat.phone_region if seat else "FR"

    def clean(self, value: Any) -> str:
        number = super().clean(value)
        return number.as_e164 if number else ""

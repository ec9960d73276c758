"""A contact's number: the E.164 text of its row, parsed only when somebody reads it."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import phonenumbers
from django.db.models.query_utils import DeferredAttribute
from phonenumbers import PhoneNumberFormat

if TYPE_CHECKING:
    from django.db.models import CharField

    PhoneNumberField = CharField[str, "Phone"]
else:
    from phonenumber_field.modelfields import PhoneNumberField


class Phone(str):
    """A number in international form: “+33612345678”."""

    @property
    def as_e164(self) -> str:
        return str(self)

    @cached_property
    def as_national(self) -> str:
        number = phonenumbers.parse(self)
        return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)


class PhoneAttribute(DeferredAttribute):
    """Whatever is assigned reads as a `Phone`."""

    def __set__(self, instance: Any, value: str) -> None:
        instance.__dict__[self.field.attname] = Phone(value)


class PhoneField(PhoneNumberField):
    """Numbers that were validated before: forms and lists hand them over in E.164.

    The library's field parses each number when a row is read, and validates it again whenever it is
    asked whether there is one, looked up or saved: half a millisecond of every capture.
    """

    descriptor_class = PhoneAttribute

    def to_python(self, value: Any) -> Phone | None:
        return None if value is None else Phone(value)

    def from_db_value(self, value: str | None, *_: object) -> Phone | None:
        return self.to_python(value)

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else str(value)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Migrations know the library's field: the column is the same."""
        name, _, arguments, options = super().deconstruct()
        return name, "phonenumber_field.modelfields.PhoneNumberField", arguments, options

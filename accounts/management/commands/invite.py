"""The first invitation of a new installation, when nobody can log in yet."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts.actions import invite_member
from accounts.errors import AccountError
from organisations.enums import Role
from organisations.models import Organisation


class Command(BaseCommand):
    help = "Invite an address into an organisation: manage.py invite someone@example.org"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--organisation", default="confederation", help="its slug")
        parser.add_argument("--role", default=Role.ADMIN, choices=Role.values)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
            invitation = invite_member(
                organisation=Organisation.objects.get(slug=options["organisation"]),
                email=options["email"],
                role=Role(options["role"]),
                invited_by=None,
            )
        except Organisation.DoesNotExist as error:
            raise CommandError(f"Aucune organisation « {options['organisation']} ».") from error
        except ValidationError as error:
            raise CommandError(f"« {options['email']} » n’est pas une adresse.") from error
        except AccountError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Invitation envoyée à {invitation.email} ({invitation.organisation}).")

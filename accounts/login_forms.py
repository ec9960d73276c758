"""allauth's forms in our words: clear labels, no placeholder standing for a label."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms

EMAIL = ("Votre adresse e-mail", "")
NEW_PASSWORD = (
    "Nouveau mot de passe",
    "12 caractères au moins. Une petite phrase que vous seul·e connaissez convient très bien.",
)
AGAIN = ("Le même, une seconde fois", "")


class Wording:
    """Gives the fields the labels and help texts of `words`."""

    words: dict[str, tuple[str, str]] = {}
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in self.words.items():
            field = self.fields[name]
            field.label, field.help_text = label, help_text
            field.widget.attrs.pop("placeholder", None)


class LoginCodeForm(Wording, account_forms.RequestLoginCodeForm):
    words = {"email": EMAIL}


class PasswordLoginForm(Wording, account_forms.LoginForm):
    words = {"login": EMAIL, "password": ("Votre mot de passe", "")}


class ConfirmLoginCodeForm(Wording, account_forms.ConfirmLoginCodeForm):
    words = {"code": ("Le code reçu", "Huit lettres. Le tiret et les majuscules sont facultatifs.")}


class ResetPasswordForm(Wording, account_forms.ResetPasswordForm):
    words = {"email": EMAIL}


class ResetPasswordKeyForm(Wording, account_forms.ResetPasswordKeyForm):
    words = {"password1": NEW_PASSWORD, "password2": AGAIN}


class ChangePasswordForm(Wording, account_forms.ChangePasswordForm):
    words = {
        "oldpassword": ("Mot de passe actuel", ""),
        "password1": NEW_PASSWORD,
        "password2": AGAIN,
    }


class SetPasswordForm(Wording, account_forms.SetPasswordForm):
    words = {"password1": NEW_PASSWORD, "password2": AGAIN}


class ReauthenticateForm(Wording, account_forms.ReauthenticateForm):
    words = {"password": ("Votre mot de passe", "")}


class SecondFactorForm(Wording, mfa_forms.AuthenticateForm):
    words = {
        "code": ("Votre code", "Les 6 chiffres de votre application, ou un code de secours (8).")
    }


class SecondFactorReauthenticateForm(Wording, mfa_forms.ReauthenticateForm):
    words = SecondFactorForm.words


class ActivateTOTPForm(Wording, totp_forms.ActivateTOTPForm):
    words = {"code": ("Le code affiché par l’application", "6 chiffres, sans espace.")}


class AddPasskeyForm(Wording, webauthn_forms.AddWebAuthnForm):
    words = {"name": ("Nom de cette clé", "Pour la reconnaître : « Mon téléphone », « Bureau »…")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Not a choice: `AddPasskeyView` asks the browser for a key that can log in by itself.
        self.fields.pop("passwordless", None)

    def clean(self) -> dict[str, Any]:
        return super().clean() | {"passwordless": True}


class RenamePasskeyForm(Wording, webauthn_forms.EditWebAuthnForm):
    words = {"name": ("Nom de cette clé", "")}

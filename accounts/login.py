"""allauth's views where the product asks for a little more."""

from typing import Any

from allauth.account import views as account_views
from allauth.account.adapter import get_adapter
from allauth.account.forms import RequestLoginCodeForm
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import views as mfa_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as webauthn_views
from allauth.mfa.webauthn.internal import auth as webauthn
from django.http import HttpResponse

from accounts import login_forms as forms
from accounts import second_factor
from organisations.requests import UserRequest


class LoginView(account_views.LoginView):
    """Code by mail first; the password stands folded below."""

    form_class = forms.PasswordLoginForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"code_form": forms.LoginCodeForm()}


class RequestLoginCodeView(account_views.RequestLoginCodeView):
    form_class = forms.LoginCodeForm

    def form_valid(self, form: RequestLoginCodeForm) -> HttpResponse:
        if form._user is None:
            get_adapter().rehearse_mail("account/email/login_code", form.cleaned_data["email"])
        return super().form_valid(form)


class ConfirmLoginCodeView(account_views.ConfirmLoginCodeView):
    form_class = forms.ConfirmLoginCodeForm

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        if self._process.user is None:
            get_adapter().rehearse_mail("account/email/login_code", self._process.state["email"])
        return super()._resend_form_valid(form)


class PasswordResetView(account_views.PasswordResetView):
    form_class = forms.ResetPasswordForm

    def form_valid(self, form: forms.ResetPasswordForm) -> HttpResponse:
        if not form.users:
            get_adapter().rehearse_mail(
                "account/email/password_reset_key", form.cleaned_data["email"]
            )
        return super().form_valid(form)


class PasswordResetFromKeyView(account_views.PasswordResetFromKeyView):
    form_class = forms.ResetPasswordKeyForm


class PasswordChangeView(account_views.PasswordChangeView):
    form_class = forms.ChangePasswordForm


class PasswordSetView(account_views.PasswordSetView):
    form_class = forms.SetPasswordForm


class QuietUntilProtected:
    """Shows no menu as long as none of its doors opens."""

    request: UserRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        if second_factor.is_due(self.request, self.request.user):
            context["navigation"] = []
        return context


class ReauthenticateView(QuietUntilProtected, account_views.ReauthenticateView):
    form_class = forms.ReauthenticateForm


class AuthenticateView(mfa_views.AuthenticateView):
    form_class = forms.SecondFactorForm


class SecondFactorReauthenticateView(QuietUntilProtected, mfa_views.ReauthenticateView):
    form_class = forms.SecondFactorReauthenticateForm


class ActivateTOTPView(QuietUntilProtected, totp_views.ActivateTOTPView):
    form_class = forms.ActivateTOTPForm

    def form_valid(self, form: forms.ActivateTOTPForm) -> HttpResponse:
        response = super().form_valid(form)
        second_factor.finish_set_up(self.request, self.request.user, Authenticator.Type.TOTP)
        return response


class AddPasskeyView(QuietUntilProtected, webauthn_views.AddWebAuthnView):
    """Every key can log in by itself: it is kept on the device and asks for a PIN or a finger."""

    form_class = forms.AddPasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        options = webauthn.begin_registration(self.request.user, passwordless=True)
        return context | {"js_data": {"creation_options": options}}

    def form_valid(self, form: forms.AddPasskeyForm) -> HttpResponse:
        response = super().form_valid(form)
        second_factor.finish_set_up(self.request, self.request.user, Authenticator.Type.WEBAUTHN)
        return response


class RemovePasskeyView(webauthn_views.RemoveWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        adapter = get_mfa_adapter()
        if not adapter.can_delete_authenticator(self.object):
            form.add_error(None, adapter.validation_error("cannot_delete_authenticator"))
            return self.form_invalid(form)
        return super().form_valid(form)


class RenamePasskeyView(webauthn_views.EditWebAuthnView):
    form_class = forms.RenamePasskeyForm


class GenerateRecoveryCodesView(recovery_views.GenerateRecoveryCodesView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        second_factor.mark_recovery_codes_viewed(self.request.user)
        return response


class PasskeyReauthenticateView(QuietUntilProtected, webauthn_views.ReauthenticateWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        """Stay on the page, with the other ways to confirm."""
        return self.render_to_response(self.get_context_data(form=form))

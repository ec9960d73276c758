"""The account's doors. allauth's views are mounted one by one: what is not here does not exist."""

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as webauthn_views
from django.urls import include, path, re_path

from accounts import login, views

# The names are those allauth itself reverses.
login_patterns = [
    path("connexion/", login.LoginView.as_view(), name="account_login"),
    path("deconnexion/", account_views.logout, name="account_logout"),
    path("inactif/", account_views.account_inactive, name="account_inactive"),
    path(
        "connexion/code/", login.RequestLoginCodeView.as_view(), name="account_request_login_code"
    ),
    path(
        "connexion/code/saisie/",
        login.ConfirmLoginCodeView.as_view(),
        name="account_confirm_login_code",
    ),
    path("confirmation/", login.ReauthenticateView.as_view(), name="account_reauthenticate"),
    path(
        "mot-de-passe/changer/", login.PasswordChangeView.as_view(), name="account_change_password"
    ),
    path("mot-de-passe/choisir/", login.PasswordSetView.as_view(), name="account_set_password"),
    path("mot-de-passe/oublie/", login.PasswordResetView.as_view(), name="account_reset_password"),
    path(
        "mot-de-passe/oublie/envoye/",
        account_views.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        login.PasswordResetFromKeyView.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/nouveau/fait/",
        account_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
second_factor_patterns = [
    path("", mfa_views.index, name="mfa_index"),
    path("verification/", login.AuthenticateView.as_view(), name="mfa_authenticate"),
    path(
        "confirmation/",
        login.SecondFactorReauthenticateView.as_view(),
        name="mfa_reauthenticate",
    ),
    path("application/ajouter/", login.ActivateTOTPView.as_view(), name="mfa_activate_totp"),
    path("application/retirer/", totp_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("codes/", recovery_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "codes/nouveaux/",
        login.GenerateRecoveryCodesView.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "codes/telecharger/",
        recovery_views.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("cles/", webauthn_views.list_webauthn, name="mfa_list_webauthn"),
    path("cles/ajouter/", login.AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path("cles/connexion/", webauthn_views.login_webauthn, name="mfa_login_webauthn"),
    path(
        "cles/confirmation/",
        login.PasskeyReauthenticateView.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("cles/<int:pk>/renommer/", login.RenamePasskeyView.as_view(), name="mfa_edit_webauthn"),
    path("cles/<int:pk>/retirer/", login.RemovePasskeyView.as_view(), name="mfa_remove_webauthn"),
]
account_patterns = [
    path("compte/", views.me, name="me"),
    path("compte/proteger/", views.protect, name="protect"),
    path("compte/autres-appareils/", views.end_other_sessions, name="sessions-end"),
    path("compte/personnes/<int:pk>/", views.person, name="person"),
    path("compte/personnes/<int:pk>/desactiver/", views.deactivate, name="person-deactivate"),
    path("compte/personnes/<int:pk>/reactiver/", views.reactivate, name="person-reactivate"),
    path(
        "compte/personnes/<int:pk>/nouvelle-protection/",
        views.reset_second_factor,
        name="person-reset-second-factor",
    ),
    path("organisations/<int:pk>/invitations/", views.invitations, name="invitation-list"),
    path("organisations/<int:pk>/invitations/nouvelles/", views.invite, name="invitation-create"),
    path("invitations/<int:pk>/renvoyer/", views.resend_invitation, name="invitation-resend"),
    path("invitations/<int:pk>/annuler/", views.revoke_invitation, name="invitation-revoke"),
    path("invitation/<str:secret>/", views.accept_invitation, name="invitation-accept"),
]
urlpatterns = [
    path("compte/", include(login_patterns)),
    path("compte/securite/", include(second_factor_patterns)),
    path("", include((account_patterns, "accounts"))),
]

from django.urls import path

from field import api, inbox_views, public_views, views

app_name = "field"
urlpatterns = [
    # The tablet: no account. The short address stands in every field QR code: it never changes.
    path("t/<str:secret>/", public_views.enrol, name="enrol"),
    path("terrain/", public_views.app, name="app"),
    path("terrain/sw.js", public_views.worker, name="worker"),
    path("terrain/manifest.webmanifest", public_views.manifest, name="manifest"),
    path("terrain/reference-<str:version>.json", public_views.reference, name="reference"),
    path("terrain/donnees/", api.data, name="data"),
    path("terrain/envoi/", api.upload, name="upload"),
    path("terrain/fiche/", api.brief, name="brief"),
    path("terrain/fiche/pilote/", api.brief_pilot, name="brief-pilot"),
    # Activists and staff.
    path("terrain/ouvrir/", public_views.open_own, name="open-own"),
    path("terrain/sessions/", views.session_list, name="session-list"),
    path("terrain/sessions/nouvelle/", views.session_create, name="session-create"),
    path("terrain/sessions/<int:pk>/", views.session_detail, name="session-detail"),
    path("terrain/sessions/<int:pk>/modifier/", views.session_edit, name="session-edit"),
    path("terrain/sessions/<int:pk>/fermer/", views.session_close, name="session-close"),
    path("terrain/sessions/<int:pk>/rouvrir/", views.session_reopen, name="session-reopen"),
    path("terrain/sessions/<int:pk>/remplacer/", views.session_renew, name="session-renew"),
    path("terrain/sessions/<int:pk>/qr.<str:extension>", views.session_qr, name="session-qr"),
    path("terrain/sessions/<int:pk>/feuille/", views.session_sheet, name="session-sheet"),
    path(
        "terrain/sessions/<int:pk>/accepter/", inbox_views.session_approve, name="session-approve"
    ),
    path(
        "terrain/sessions/<int:pk>/appareils/<int:device_pk>/retirer/",
        views.device_revoke,
        name="device-revoke",
    ),
    path("terrain/corrections/", inbox_views.record_list, name="record-list"),
    path(
        "terrain/corrections/ecarter/",
        inbox_views.record_discard_several,
        name="record-discard-several",
    ),
    path("terrain/corrections/<int:pk>/", inbox_views.record_correct, name="record-correct"),
    path(
        "terrain/corrections/<int:pk>/ecarter/", inbox_views.record_discard, name="record-discard"
    ),
    path("terrain/corrections/<int:pk>/relire/", inbox_views.record_retry, name="record-retry"),
    path("terrain/fichier/", inbox_views.export_import, name="export-import"),
]

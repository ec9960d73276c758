from django.urls import path

from contacts import (
    merge_views,
    own_page_views,
    paper_views,
    public_views,
    source_views,
    views,
)

app_name = "contacts"
urlpatterns = [
    # For workers. The short address stands in every QR code: it never changes.
    path("i/<str:code>/", public_views.register, name="register"),
    path("i/<str:code>/merci/", public_views.registered, name="registered"),
    path("moi/efface/", own_page_views.erased, name="erased"),
    path("moi/lien/", own_page_views.link_request, name="link-request"),
    path("moi/lien/demande/", own_page_views.link_sent, name="link-sent"),
    path("moi/<str:token>/", own_page_views.personal, name="personal"),
    path("moi/<str:token>/corriger/", own_page_views.personal_edit, name="personal-edit"),
    path("moi/<str:token>/choix/", own_page_views.personal_consents, name="personal-consents"),
    path("moi/<str:token>/langue/", own_page_views.change_language, name="personal-language"),
    path("moi/<str:token>/renvoyer/", own_page_views.resend, name="personal-resend"),
    path(
        "moi/<str:token>/donnees.json",
        own_page_views.personal_download,
        name="personal-download",
    ),
    path("moi/<str:token>/effacer/", own_page_views.personal_erase, name="personal-erase"),
    # Only a mail carries it: it proves the e-mail address.
    path("confirmer/<str:token>/", own_page_views.confirm, name="confirm"),
    path("vie-privee/", public_views.privacy, name="privacy"),
    # For activists and staff.
    path("saisie/", views.capture, name="capture"),
    path("contacts/", views.contact_list, name="contact-list"),
    path("contacts/<int:pk>/", views.contact_detail, name="contact-detail"),
    path("contacts/<int:pk>/corriger/", views.contact_edit, name="contact-edit"),
    path("contacts/<int:pk>/choix/", views.contact_consents, name="contact-consents"),
    path("contacts/<int:pk>/accords/", views.contact_proof, name="contact-proof"),
    path(
        "contacts/<int:pk>/accords.json",
        views.contact_proof_download,
        name="contact-proof-download",
    ),
    path("contacts/<int:pk>/effacer/", views.contact_erase, name="contact-erase"),
    path(
        "contacts/<int:pk>/reunir/<int:other_pk>/",
        merge_views.contact_merge,
        name="contact-merge",
    ),
    path("contacts/<int:pk>/separer/", merge_views.contact_unmerge, name="contact-unmerge"),
    path("contacts/<int:pk>/distinct/", views.duplicate_dismiss, name="duplicate-dismiss"),
    path("sources/", source_views.source_list, name="source-list"),
    path("sources/nouvelle/", source_views.source_create, name="source-create"),
    path("sources/<int:pk>/", source_views.source_detail, name="source-detail"),
    path("sources/<int:pk>/modifier/", source_views.source_edit, name="source-edit"),
    path("sources/<int:pk>/fermer/", source_views.source_close, name="source-close"),
    path("sources/<int:pk>/rouvrir/", source_views.source_reopen, name="source-reopen"),
    path("sources/<int:pk>/qr.<str:extension>", source_views.source_qr, name="source-qr"),
    path("sources/<int:pk>/affiche/", source_views.source_poster, name="source-poster"),
    path("feuilles/saisir/", paper_views.paper_find, name="paper-find"),
    path("sources/<int:pk>/feuilles/", paper_views.paper_print, name="paper-print"),
    path("sources/<int:pk>/feuilles/saisir/", paper_views.paper_entry, name="paper-entry"),
]

from django.urls import path

from library.views import documents, pages, public, sheets

app_name = "library"
urlpatterns = [
    path("fiches/", public.public_list, name="sheet-list"),
    path("fiches/<slug:slug>/", public.public_sheet, name="sheet"),
    path("fiches/<slug:slug>.pdf", public.public_pdf, name="sheet-pdf"),
    path("ressources/", pages.home, name="home"),
    path("ressources/retires/", pages.retired, name="retired"),
    path("ressources/a-reverifier/", sheets.to_verify, name="sheet-verify"),
    path("ressources/nouvelle-fiche/", sheets.sheet_add, name="sheet-add"),
    path("ressources/fiches/<slug:slug>/modifier/", sheets.sheet_edit, name="sheet-edit"),
    path("ressources/fiches/<slug:slug>/apercu/", sheets.draft_preview, name="draft-preview"),
    path("ressources/fiches/<slug:slug>/apercu.pdf", sheets.draft_pdf, name="draft-pdf"),
    path("ressources/fiches/<slug:slug>/publier/", sheets.sheet_publish, name="sheet-publish"),
    path("ressources/fiches/<slug:slug>/jeter/", sheets.draft_discard, name="draft-discard"),
    path("ressources/fiches/<slug:slug>/retirer/", sheets.sheet_retire, name="sheet-retire"),
    path("ressources/fiches/<slug:slug>/retablir/", sheets.sheet_restore, name="sheet-restore"),
    path("ressources/fiches/<slug:slug>/historique/", sheets.sheet_history, name="sheet-history"),
    path(
        "ressources/fiches/<slug:slug>/versions/<int:number>/",
        sheets.version_detail,
        name="version",
    ),
    path(
        "ressources/fiches/<slug:slug>/versions/<int:number>.pdf",
        sheets.version_pdf,
        name="version-pdf",
    ),
    path("ressources/nouveau-document/", documents.document_add, name="document-add"),
    path("ressources/documents/<slug:slug>/", documents.document_detail, name="document"),
    path(
        "ressources/documents/<slug:slug>/fichier/", documents.document_file, name="document-file"
    ),
    path(
        "ressources/documents/<slug:slug>/fichier/<int:number>/",
        documents.document_file,
        name="document-version",
    ),
    path(
        "ressources/documents/<slug:slug>/modifier/", documents.document_edit, name="document-edit"
    ),
    path(
        "ressources/documents/<slug:slug>/remplacer/",
        documents.document_replace,
        name="document-replace",
    ),
    path(
        "ressources/documents/<slug:slug>/retirer/",
        documents.document_retire,
        name="document-retire",
    ),
    path(
        "ressources/documents/<slug:slug>/retablir/",
        documents.document_restore,
        name="document-restore",
    ),
]

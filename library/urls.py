from django.urls import path

from library.views import batches, care, collections, documents, pages, public, publishing, sheets

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
    path("ressources/suivi/", care.care, name="care"),
    path("ressources/nouvelle-collection/", collections.collection_add, name="collection-add"),
    path("ressources/collections/<slug:slug>/", collections.collection_detail, name="collection"),
    path(
        "ressources/collections/<slug:slug>/modifier/",
        collections.collection_edit,
        name="collection-edit",
    ),
    path(
        "ressources/collections/<slug:slug>/supprimer/",
        collections.collection_delete,
        name="collection-delete",
    ),
    path("ressources/nouveau-document/", publishing.document_add, name="document-add"),
    path("ressources/plusieurs-documents/", batches.batch_add, name="batch-add"),
    path("ressources/lots/<uuid:batch>/", batches.batch, name="batch"),
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
        "ressources/documents/<slug:slug>/apercu/",
        documents.document_preview,
        name="document-preview",
    ),
    *[
        path(f"ressources/documents/<slug:slug>/{word}/", view, name=f"document-{name}")
        for word, view, name in (
            ("modifier", publishing.document_edit, "edit"),
            ("remplacer", publishing.document_replace, "replace"),
            ("publier", publishing.document_publish, "publish"),
            ("jeter", publishing.document_discard, "discard"),
            ("retirer", publishing.document_retire, "retire"),
            ("retablir", publishing.document_restore, "restore"),
            ("relu", publishing.document_confirm, "confirm"),
        )
    ],
    # For everybody, without an account.
    path("documents/<slug:slug>/", documents.public_document, name="public-document"),
    path("documents/<slug:slug>/fichier/", documents.public_file, name="public-file"),
    path("documents/<slug:slug>/apercu/", documents.public_preview, name="public-preview"),
]

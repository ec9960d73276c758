from django.urls import path

from imports import views

app_name = "imports"
urlpatterns = [
    path("", views.import_list, name="import-list"),
    path("nouvelle/", views.import_create, name="import-create"),
    path("modele.csv", views.import_template, name="import-template"),
    path("<uuid:pk>/", views.import_detail, name="import-detail"),
    path("<uuid:pk>/colonnes/", views.import_columns, name="import-columns"),
    path("<uuid:pk>/accord/", views.import_proof, name="import-proof"),
    path("<uuid:pk>/importer/", views.import_confirm, name="import-confirm"),
    path("<uuid:pk>/arreter/", views.import_cancel, name="import-cancel"),
    path("<uuid:pk>/annuler/", views.import_undo, name="import-undo"),
    path("<uuid:pk>/erreurs.csv", views.import_errors, name="import-errors"),
]

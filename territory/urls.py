from django.urls import path

from territory import api, views

app_name = "territory"
urlpatterns = [
    path("referentiel/", views.reference, name="reference"),
    path("referentiel/<slug:slug>/", views.reference_import, name="reference-import"),
    path("referentiel/<slug:slug>/<str:token>/", views.reference_confirm, name="reference-confirm"),
    path(
        "referentiel/<slug:slug>/<str:token>/abandonner/",
        views.reference_cancel,
        name="reference-cancel",
    ),
    path("api/v1/lookup/", api.LookupView.as_view(), name="lookup"),
]

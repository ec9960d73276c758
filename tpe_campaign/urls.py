"""Every address of the application, one line per room."""

from django.contrib import admin
from django.urls import include, path

from tpe_campaign import health

urlpatterns = [
    path("", include("dashboards.urls")),
    path("", include("contacts.urls")),
    path("", include("library.urls")),
    path("compte/", include("allauth.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
]

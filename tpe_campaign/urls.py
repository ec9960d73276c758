"""Every address of the application, one line per room."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("dashboards.urls")),
    path("compte/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

"""Every address of the application, one line per room."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from tpe_campaign import health, well_known

urlpatterns = [
    path("", include("dashboards.urls")),
    path("", include("contacts.urls")),
    path("", include("field.urls")),
    path("appels/", include("calls.urls")),
    path("imports/", include("imports.urls")),
    path("deploiements/", include("deployments.urls")),
    path("equipe/", include("deployments.team_urls")),
    path("webinaires/", include("webinars.urls")),
    path("materiel/", include("materials.urls")),
    path("tracts/", include("materials.flyer_urls")),
    path("", include("campaigns.urls")),
    path("", include("library.urls")),
    path("", include("accounts.urls")),
    path("", include("messaging.urls")),
    path("", include("territory.urls")),
    path("organisations/", include("organisations.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", well_known.robots, name="robots"),
    path("favicon.ico", well_known.favicon, name="favicon"),
    path(".well-known/security.txt", well_known.security_txt, name="security-txt"),
    path("admin/", admin.site.urls),
]
if settings.DEMONSTRATION:
    urlpatterns += [path("demo/", include("accounts.demo_urls"))]

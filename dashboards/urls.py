from django.conf import settings
from django.urls import path

from dashboards import views
from dashboards.styleguide import styleguide

app_name = "dashboards"
urlpatterns = [
    path("", views.home, name="home"),
    path("mon-espace/", views.own_space, name="own-space"),
    path("mon-espace/<int:pk>/qr/", views.own_source_open, name="own-source-open"),
    path("site.webmanifest", views.webmanifest, name="webmanifest"),
]
if settings.DEBUG or settings.DEMONSTRATION:
    urlpatterns += [path("style/", styleguide, name="styleguide")]

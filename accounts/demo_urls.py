"""Included only when `settings.DEMONSTRATION` is true."""

from django.urls import path

from accounts import demo_views

app_name = "demo"
urlpatterns = [
    path("", demo_views.personas, name="personas"),
    path("connexion/", demo_views.log_in, name="log-in"),
]

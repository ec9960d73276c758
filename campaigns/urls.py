from django.urls import path

from campaigns import views

app_name = "campaigns"
urlpatterns = [
    path("campagne/", views.campaign, name="campaign"),
    path("campagne/modifier/", views.campaign_edit, name="campaign-edit"),
]

from django.urls import path

from deployments import team_public_views as views

app_name = "team"
urlpatterns = [
    path("efface/", views.erased, name="erased"),
    path("p/<str:secret>/", views.member, name="member"),
    path("p/<str:secret>/effacer/", views.erase, name="erase"),
    path("<str:code>/", views.join, name="join"),
    path("<str:code>/merci/", views.joined, name="joined"),
]

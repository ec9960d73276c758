from django.urls import path

from deployments import views

app_name = "deployments"
urlpatterns = [
    path("", views.deployment_list, name="list"),
    path("nouveau/", views.deployment_create, name="create"),
    path("<int:pk>/", views.deployment_detail, name="detail"),
]

from django.urls import path

from deployments import life_views, views

app_name = "deployments"
urlpatterns = [
    path("", views.deployment_list, name="list"),
    path("nouveau/", views.deployment_create, name="create"),
    path("<int:pk>/", views.deployment_detail, name="detail"),
    # The great moments of an action
    path("<int:pk>/annoncer/", life_views.deployment_announce, name="announce"),
    path("<int:pk>/annuler/", life_views.deployment_cancel, name="cancel"),
    path("<int:pk>/retablir/", life_views.deployment_restore, name="restore"),
    path("<int:pk>/archiver/", life_views.deployment_archive, name="archive"),
    path("<int:pk>/supprimer/", life_views.deployment_delete, name="delete"),
    path("<int:pk>/dupliquer/", life_views.deployment_copy, name="copy"),
    path("<int:pk>/repeter/", life_views.deployment_repeat, name="repeat"),
]

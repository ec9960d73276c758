from django.urls import path

from deployments import day_views, life_views, views

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
    # The day itself
    path("<int:pk>/sur-place/", day_views.day_page, name="day"),
    path("<int:pk>/sur-place/tablettes/", day_views.day_open, name="day-open"),
    path("<int:pk>/sur-place/qr.svg", day_views.day_qr, name="day-qr"),
    path("<int:pk>/sur-place/compter/", day_views.day_tally, name="day-tally"),
    path("<int:pk>/sur-place/reprendre/", day_views.day_take_back, name="day-take-back"),
    path("<int:pk>/sur-place/incident/", day_views.day_incident, name="day-incident"),
    path("<int:pk>/sur-place/photo/", day_views.photo_add, name="photo-add"),
    path("photos/<uuid:public_id>.jpg", day_views.photo_file, name="photo"),
    path("photos/<uuid:public_id>/retirer/", day_views.photo_remove, name="photo-remove"),
]

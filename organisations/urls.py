from django.urls import path

from organisations import views

app_name = "organisations"
urlpatterns = [
    path("", views.organisation_list, name="organisation-list"),
    path("ul/nouvelle/", views.local_union_create, name="local-union-create"),
    path("specifique/nouvelle/", views.specific_create, name="specific-create"),
    path("<int:pk>/", views.organisation_detail, name="organisation-detail"),
    path("<int:pk>/modifier/", views.organisation_edit, name="organisation-edit"),
    path("<int:pk>/adresse/", views.organisation_address, name="organisation-address"),
    path("<int:pk>/fermer/", views.organisation_deactivate, name="organisation-deactivate"),
    path("<int:pk>/rouvrir/", views.organisation_reactivate, name="organisation-reactivate"),
    path("<int:pk>/membres/", views.members, name="member-list"),
    path("membres/<int:pk>/", views.member_edit, name="member-edit"),
    path("membres/<int:pk>/retirer/", views.member_remove, name="member-remove"),
    path("membres/<int:pk>/quitter/", views.leave, name="membership-leave"),
]

from django.urls import path

from materials import batch_views, flyer_views, poster_views

app_name = "flyers"
urlpatterns = [
    path("", flyer_views.flyer_list, name="list"),
    path("nouveau/", flyer_views.flyer_create, name="create"),
    path("apercu.png", flyer_views.flyer_preview, name="preview"),
    path("textes/", flyer_views.text_list, name="text-list"),
    path("textes/<int:pk>/", flyer_views.text_edit, name="text-edit"),
    path("<int:pk>/", flyer_views.flyer_detail, name="detail"),
    path("<int:pk>/modifier/", flyer_views.flyer_edit, name="edit"),
    # For any QR code: that of a run, of an action, of a poster.
    path("qr/<int:pk>/", flyer_views.source_flyer, name="source"),
    path("qr/<int:pk>/tract.<str:extension>", flyer_views.source_file, name="file"),
    path("lots/", batch_views.batch_create, name="batch-create"),
    path("lots/<uuid:pk>/", batch_views.batch_detail, name="batch-detail"),
    path("lots/<uuid:pk>/arreter/", batch_views.batch_cancel, name="batch-cancel"),
    path("lots/<uuid:pk>/tracts.zip", batch_views.batch_archive, name="batch-archive"),
    path("affiches/", poster_views.poster_list, name="poster-list"),
    path("affiches/nouvelle/", poster_views.poster_create, name="poster-create"),
    path("affiches/<uuid:public_id>/", poster_views.poster_edit, name="poster-edit"),
    path("affiches/<uuid:public_id>/etat/", poster_views.poster_state, name="poster-state"),
    path("affiches/<uuid:public_id>/photo.jpg", poster_views.poster_photo, name="poster-photo"),
]

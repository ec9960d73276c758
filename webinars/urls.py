from django.urls import include, path

from webinars import personal_views, views

app_name = "webinars"
urlpatterns = [
    path("gerer/", include("webinars.staff_urls")),
    path("<int:pk>/", views.webinar_detail, name="detail"),
    path("p/<str:secret>/", personal_views.personal, name="personal"),
    path("p/<str:secret>/entrer/", personal_views.enter, name="enter"),
]

from django.urls import include, path

from webinars import board_views, calendar_views, personal_views, public_views, views

app_name = "webinars"
urlpatterns = [
    path("", public_views.agenda, name="agenda"),
    path("agenda.ics", calendar_views.agenda_feed, name="agenda-feed"),
    path("inscription/", public_views.register_several, name="register"),
    path("inscription/merci/", public_views.registered, name="registered"),
    path("mon-lien/", public_views.link_request, name="link-request"),
    path("mon-lien/envoye/", public_views.link_sent, name="link-sent"),
    path("efface/", personal_views.erased, name="erased"),
    path("s/<str:code>/", public_views.session, name="session"),
    path("s/<str:code>/moi/", public_views.own_page, name="own-page"),
    path("s/<str:code>/carte/", public_views.card, name="card"),
    path("s/<str:code>/seance.ics", calendar_views.session_file, name="session-file"),
    path("s/<str:code>/qr.svg", calendar_views.session_qr, name="session-qr"),
    path("gerer/", include("webinars.staff_urls")),
    path("<int:pk>/", views.webinar_detail, name="detail"),
    path("<int:pk>/ecran/", board_views.screen, name="screen"),
    path("<int:pk>/ecran/liste/", board_views.screen_list, name="screen-list"),
    path("p/<str:secret>/", personal_views.personal, name="personal"),
    path("p/<str:secret>/etat/", personal_views.door_state, name="own-state"),
    path("p/<str:secret>/entrer/", personal_views.enter, name="enter"),
    path("p/<str:secret>/annuler/", personal_views.cancel, name="own-cancel"),
    path("p/<str:secret>/revenir/", personal_views.cancel_undo, name="own-cancel-undo"),
    path("p/<str:secret>/corriger/", personal_views.edit, name="own-edit"),
    path("p/<str:secret>/avis/", personal_views.feedback, name="own-feedback"),
    path("p/<str:secret>/documents/<slug:slug>/", personal_views.document, name="own-document"),
    path("p/<str:secret>/nouveau-lien/", personal_views.link_renew, name="own-link-renew"),
    path("p/<str:secret>/effacer/", personal_views.erase, name="own-erase"),
    path("p/<str:secret>/questions/", board_views.board, name="board"),
    path("p/<str:secret>/questions/liste/", board_views.board_list, name="board-list"),
    path("p/<str:secret>/questions/soutenir/", board_views.support, name="support"),
]

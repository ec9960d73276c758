"""Addresses of those who hold sessions, under `/webinaires/gerer/`."""

from django.urls import path

from webinars import (
    life_views,
    question_views,
    registrant_views,
    report_views,
    room_views,
    series_views,
    staff_views,
)

urlpatterns = [
    path("", staff_views.session_list, name="manage-list"),
    path("nouvelle/", staff_views.session_create, name="manage-create"),
    path("participation/", report_views.participation_page, name="manage-participation"),
    path("idees/", report_views.suggestions, name="manage-suggestions"),
    path("series/", series_views.series_list, name="manage-series"),
    path("series/nouvelle/", series_views.series_create, name="manage-series-create"),
    path("series/<slug:slug>/", series_views.series_edit, name="manage-series-edit"),
    path("series/<slug:slug>/adresses/", series_views.series_admit, name="manage-series-admit"),
    path("<int:pk>/", staff_views.session_detail, name="manage-detail"),
    path("<int:pk>/preparer/<slug:slug>/", staff_views.session_prepare, name="manage-prepare"),
    path("<int:pk>/salle/", room_views.room, name="manage-room"),
    path("<int:pk>/salle/verifier/", room_views.room_check, name="manage-room-check"),
    path("<int:pk>/salle/retirer/", room_views.room_remove, name="manage-room-remove"),
    # The great moments of a session
    path("<int:pk>/annoncer/", life_views.session_announce, name="manage-announce"),
    path("<int:pk>/deplacer/", life_views.session_move, name="manage-move"),
    path("<int:pk>/annuler/", life_views.session_cancel, name="manage-cancel"),
    path("<int:pk>/retablir/", life_views.session_restore, name="manage-restore"),
    path("<int:pk>/copier/", life_views.session_copy, name="manage-copy"),
    path("<int:pk>/supprimer/", life_views.session_delete, name="manage-delete"),
    # Who comes
    path("<int:pk>/inscriptions/", registrant_views.registrants, name="manage-registrants"),
    path("<int:pk>/inscriptions/ajouter/", registrant_views.registrant_add, name="manage-add"),
    path(
        "<int:pk>/inscriptions/fichier/", registrant_views.registrants_export, name="manage-export"
    ),
    path(
        "<int:pk>/inscriptions/<int:registration>/",
        registrant_views.registrant,
        name="manage-registrant",
    ),
    path(
        "<int:pk>/inscriptions/<int:registration>/reponse/",
        registrant_views.registrant_answer,
        name="manage-registrant-answer",
    ),
    path(
        "<int:pk>/inscriptions/<int:registration>/desinscrire/",
        registrant_views.registrant_cancel,
        name="manage-registrant-cancel",
    ),
    path(
        "<int:pk>/inscriptions/<int:registration>/lien/",
        registrant_views.registrant_link,
        name="manage-registrant-link",
    ),
    path(
        "<int:pk>/inscriptions/<int:registration>/presence/",
        registrant_views.registrant_attendance,
        name="manage-registrant-attendance",
    ),
    # What is asked
    path("<int:pk>/questions/", question_views.questions, name="manage-questions"),
    path(
        "<int:pk>/questions/nouvelles/", question_views.question_news, name="manage-question-news"
    ),
    path(
        "<int:pk>/questions/<int:question>/trier/",
        question_views.question_sort,
        name="manage-question-sort",
    ),
    path(
        "<int:pk>/questions/<int:question>/repondre/",
        question_views.question_answer,
        name="manage-question-answer",
    ),
    path(
        "<int:pk>/questions/<int:question>/ecarter/",
        question_views.question_decline,
        name="manage-question-decline",
    ),
    path(
        "<int:pk>/questions/<int:question>/fusionner/",
        question_views.question_merge,
        name="manage-question-merge",
    ),
    path("<int:pk>/apres/", report_views.after, name="manage-after"),
]

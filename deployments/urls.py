from django.urls import path

from deployments import (
    agenda_views,
    day_views,
    debrief_views,
    declaration_views,
    experience_views,
    feed_views,
    life_views,
    prepare_views,
    views,
)

app_name = "deployments"
urlpatterns = [
    path("", views.deployment_list, name="list"),
    path("nouveau/", views.deployment_create, name="create"),
    path("objectif/", experience_views.goals, name="goals"),
    path("ce-qui-marche/", experience_views.experience, name="experience"),
    path("agenda/", agenda_views.calendar, name="calendar"),
    path("<int:pk>/deplacer/", agenda_views.deployment_move, name="move"),
    path("<int:pk>/deplacer/annuler/", agenda_views.deployment_move_undo, name="move-undo"),
    path("<int:pk>/action.ics", feed_views.deployment_file, name="ics"),
    path("agendas/", feed_views.feed_list, name="feed-list"),
    path("agendas/<int:pk>/retirer/", feed_views.feed_revoke, name="feed-revoke"),
    path("agendas/<str:secret>.ics", feed_views.feed_file, name="feed-file"),
    path("<int:pk>/", views.deployment_detail, name="detail"),
    # What the law asks of a fixed point
    path("<int:pk>/declarations/", declaration_views.declaration_list, name="declarations"),
    path(
        "<int:pk>/declarations/<int:declaration_pk>/etape/",
        declaration_views.declaration_step,
        name="declaration-step",
    ),
    path(
        "<int:pk>/declarations/<int:declaration_pk>/lettre/",
        declaration_views.declaration_letter,
        name="declaration-letter",
    ),
    path(
        "<int:pk>/declarations/<int:declaration_pk>/lettre.pdf",
        declaration_views.declaration_letter_pdf,
        name="declaration-letter-pdf",
    ),
    path(
        "<int:pk>/declarations/<int:declaration_pk>/recepisse/",
        declaration_views.declaration_receipt,
        name="declaration-receipt",
    ),
    path(
        "<int:pk>/declarations/<int:declaration_pk>/recepisse/fichier/",
        declaration_views.declaration_receipt_file,
        name="declaration-receipt-file",
    ),
    path("regles/", declaration_views.rule_list, name="rule-list"),
    path("regles/nouvelle/", declaration_views.rule_create, name="rule-create"),
    path("regles/<int:pk>/", declaration_views.rule_edit, name="rule-edit"),
    path("regles/<int:pk>/retirer/", declaration_views.rule_remove, name="rule-remove"),
    path("<int:pk>/preparer/", prepare_views.prepare, name="prepare"),
    path("<int:pk>/preparer/<slug:slug>/", prepare_views.prepare_step, name="prepare-step"),
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
    # What came of it
    path("<int:pk>/bilan/", debrief_views.debrief_page, name="debrief"),
    path("<int:pk>/bilan/modifier/", debrief_views.debrief_edit, name="debrief-edit"),
    path("<int:pk>/bilan/rouvrir/", debrief_views.debrief_reopen, name="debrief-reopen"),
    path("<int:pk>/bilan/textes/", debrief_views.debrief_texts, name="debrief-texts"),
    path("<int:pk>/bilan/avis/", debrief_views.remark_add, name="remark-add"),
    path("avis/<int:pk>/retirer/", debrief_views.remark_remove, name="remark-remove"),
    path("avis/merci/", debrief_views.opinion_thanks, name="opinion-thanks"),
    path("avis/<int:pk>/<str:secret>/", debrief_views.opinion, name="opinion"),
]

from django.urls import path

from calls import office_views, views

app_name = "calls"
urlpatterns = [
    path("", views.follow_up_list, name="follow-up-list"),
    path("suivant/", views.follow_up_next, name="follow-up-next"),
    path("confier/", views.follow_up_assign, name="follow-up-assign"),
    path("<int:pk>/", views.follow_up, name="follow-up"),
    path("<int:pk>/prendre/", views.follow_up_take, name="follow-up-take"),
    path("<int:pk>/prolonger/", views.follow_up_extend, name="follow-up-extend"),
    path("<int:pk>/rendre/", views.follow_up_release, name="follow-up-release"),
    path("passes/<int:pk>/annuler/", views.call_undo, name="call-undo"),
    path("rendez-vous/", office_views.meeting_list, name="meeting-list"),
    path("rendez-vous/<int:pk>/", office_views.meeting_edit, name="meeting-edit"),
    path("rendez-vous/<int:pk>/annuler/", office_views.meeting_cancel, name="meeting-cancel"),
    path("rendez-vous/<int:pk>/rendez-vous.ics", office_views.meeting_file, name="meeting-file"),
    path("parcours/", office_views.funnel_page, name="funnel"),
    path("textes/", office_views.script_list, name="script-list"),
    path("textes/<str:phase>/", office_views.script_edit, name="script-edit"),
    path("textes/<str:phase>/origine/", office_views.script_restore, name="script-restore"),
    path("regles/", office_views.call_rules, name="rules"),
]

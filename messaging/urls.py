from django.urls import path

from messaging import views

app_name = "messaging"
urlpatterns = [
    path("messages/", views.message_list, name="message-list"),
    path("messages/<uuid:pk>/parti/", views.message_confirm, name="message-confirm"),
    path("messages/<uuid:pk>/renvoyer/", views.message_send_again, name="message-send-again"),
    # Short: it is printed in mails.
    path("d/<str:token>/", views.unsubscribe, name="unsubscribe"),
]

from django.urls import path

from library.views import public

app_name = "library"
urlpatterns = [
    path("fiches/", public.public_list, name="sheets"),
    path("fiches/<slug:slug>/", public.public_sheet, name="sheet"),
    path("fiches/<slug:slug>.pdf", public.public_pdf, name="sheet-pdf"),
]

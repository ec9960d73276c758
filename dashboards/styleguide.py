"""The living style guide: every component in every state, to be looked at."""

import re
from datetime import date
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.messages import constants
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse_lazy


class SampleForm(forms.Form):
    """One field of each kind; bound to wrong values it also shows the errors."""

    first_name = forms.CharField(label="Prénom", max_length=80)
    phone = forms.CharField(
        label="Téléphone",
        required=False,
        help_text="Pour vous rappeler le vote. Il n’est donné à personne.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(label="Adresse e-mail")
    place = forms.CharField(
        label="Commune",
        help_text="Tapez le nom ou le code postal.",
        widget=forms.TextInput(attrs={"data-lookup-url": reverse_lazy("territory:lookup")}),
    )
    trade = forms.ChoiceField(
        label="Métier", choices=[("", "Choisir…"), ("1", "Boulangerie"), ("2", "Coiffure")]
    )
    day = forms.DateField(label="Jour", widget=forms.DateInput(attrs={"type": "date"}))
    contract = forms.ChoiceField(
        label="Votre contrat",
        choices=[("cdi", "CDI"), ("cdd", "CDD"), ("apprenti", "Apprentissage")],
        widget=forms.RadioSelect,
    )
    languages = forms.MultipleChoiceField(
        label="Langues parlées",
        required=False,
        choices=[("fr", "Français"), ("pt", "Português"), ("ar", "العربية")],
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label="Remarque", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    attachment = forms.FileField(label="Fichier", required=False)
    consent = forms.BooleanField(
        label="J’accepte de recevoir un SMS pour me rappeler le vote",
        help_text="Vous pouvez dire non à tout moment, en répondant STOP.",
    )


def sample_context(page: int) -> dict[str, Any]:
    sprite = settings.BASE_DIR / "static/img/icons.svg"
    messages = {
        constants.SUCCESS: "Contact enregistré. Le mail de confirmation est parti.",
        constants.INFO: "Trois personnes attendent d’être rappelées.",
        constants.WARNING: "La déclaration en mairie doit partir avant vendredi.",
        constants.ERROR: "Ce fichier n’a pas été repris : la ligne 12 est incomplète.",
    }
    tags = constants.DEFAULT_TAGS
    return {
        "form": SampleForm(),
        "refused_form": SampleForm({"refused-email": "pas une adresse"}, prefix="refused"),
        "sample_messages": [SampleMessage(text, tags[level]) for level, text in messages.items()],
        "page_obj": Paginator(range(1, 1235), 25).get_page(page),
        "crumbs": [{"label": "Contacts", "url": "#"}, {"label": "Samira D."}],
        "tabs": [
            {"label": "À rappeler", "url": "#", "current": True, "count": 12},
            {"label": "Tous", "url": "#", "count": 348},
            {"label": "Doublons possibles", "url": "#"},
        ],
        "steps": ["Vos coordonnées", "Votre accord", "C’est fait"],
        "headers": ["Nom", "Métier", "Commune", "Saisi le"],
        "rows": [
            ["Samira D.", "Coiffeuse", "Saint-Étienne", "12 octobre"],
            ["Jean-Noël N’Guyen-Özgür", "Boulanger", "Le Port (La Réunion)", "11 octobre"],
            ["山田 Aiko", "Assistante maternelle", "Paris 11e", "11 octobre"],
        ],
        "facts": [
            {"label": "Téléphone", "value": "06 39 98 12 34", "url": "tel:+33639981234"},
            {"label": "Adresse e-mail", "value": "samira@example.org"},
            {"label": "Code postal", "value": ""},
        ],
        "milestones": [
            {"title": "Publication des listes", "date": date(2024, 9, 18), "state": "done"},
            {"title": "Retour de la charte", "date": date(2024, 9, 27), "state": "late"},
            {"title": "Ouverture du vote", "date": date(2024, 11, 25), "state": "current"},
            {"title": "Résultats", "date": date(2024, 12, 19), "text": "À partir de 17 heures."},
        ],
        "qr_url": static("img/logo.svg"),
        "icons": re.findall(r'<symbol id="([\w-]+)"', sprite.read_text()),
    }


class SampleMessage(SimpleNamespace):
    """What django.contrib.messages gives to a template."""

    def __init__(self, text: str, level_tag: str) -> None:
        super().__init__(text=text, level_tag=level_tag)

    def __str__(self) -> str:
        return str(self.text)


def styleguide(request: HttpRequest) -> HttpResponse:
    """Shown only in development and in the demonstration: the URL is absent elsewhere."""
    page = request.GET.get("page", "3")
    return render(request, "styleguide.html", sample_context(int(page) if page.isdigit() else 1))

"""The project's form renderer: labels, errors and help drawn by `templates/django/forms/`."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Looks widgets up in the project's templates first, then in Django's."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"

"""A date that is over is chosen knowingly: nobody plans in the past by a slip of the keyboard."""

from datetime import datetime

from django import forms

from campaigns import clock
from deployments.models import Deployment

FIELD = "is_past"


def ask_about_past(form: forms.BaseForm, starts_at: datetime, ends_at: datetime) -> None:
    """Ask for a yes, in a box that appears only then, before hours of which some are over."""
    now = clock.now()
    if starts_at >= now:
        return
    happened = "a déjà eu lieu" if ends_at <= now else "a déjà commencé"
    form.fields[FIELD] = box = forms.BooleanField(label=f"Oui, elle {happened}", required=False)
    name = form.add_prefix(FIELD)
    if not box.widget.value_from_datadict(form.data, form.files, name):
        form.add_error(
            FIELD,
            f"Attention, cette date est passée. Si l’action {happened}, cochez cette case ; "
            "sinon, changez le jour.",
        )


def ask_about_past_start(form: forms.BaseForm, deployment: Deployment, start: datetime) -> None:
    """The same, of a whole action that would begin at `start`."""
    if deployment.starts_at and deployment.ends_at:
        ask_about_past(form, start, start + (deployment.ends_at - deployment.starts_at))

"""A task: words, a day, somebody."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from core.fields import LineField
from deployments.fields import seen_anew
from deployments.models import Task, TeamMember


class TaskForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    label = LineField(label="À faire", max_length=200)
    due_on = forms.DateField(
        label="Pour le", required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    assignee = forms.ModelChoiceField(
        label="Qui s’en charge ?", queryset=TeamMember.objects.none(), required=False,
        empty_label="Personne pour l’instant",
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, members: QuerySet[TeamMember], task: Task | None = None
    ) -> None:
        initial = {}
        if task:
            initial = {
                "revision": task.revision, "label": task.label, "due_on": task.due_on,
                "assignee": task.assignee_id,
            }  # fmt: skip
        super().__init__(data, initial=initial)
        self.fields["assignee"].queryset = members  # type: ignore[attr-defined]

    def show_newer(self, task: Task) -> None:
        """Keep what was typed; sending it again replaces the state of `task`."""
        self.data = seen_anew(self.data, task.revision)

    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("label", "due_on", "assignee")}

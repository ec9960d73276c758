"""The form about who came unexpected. It only validates: it ends in one call of `attendance`."""

from typing import Any
from uuid import uuid4

from django import forms

from deployments.models import Deployment, Shift
from deployments.team_forms import PersonForm
from deployments.team_wording import shift_words


class ArrivalForm(PersonForm):
    """Somebody who is there: a first name is enough."""

    # Made with the page: sent twice, somebody counts once.
    arrival_id = forms.UUIDField(widget=forms.HiddenInput)
    shifts = forms.ModelMultipleChoiceField(
        label="Quand ?",
        queryset=Shift.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Sans rien cocher : à tous les créneaux.",
    )
    field_order = ["first_name", "phone", "email", "role", "shifts"]

    def __init__(self, *args: Any, deployment: Deployment, **kwargs: Any) -> None:
        initial = {"arrival_id": uuid4()}
        super().__init__(*args, deployment=deployment, initial=initial, **kwargs)
        del self.fields["mandates"]
        self.fields[
            "phone"
        ].help_text = "Avec son accord, pour la prochaine fois. S’efface un mois après l’action."
        for name in ("first_name", "phone", "email"):
            # Whoever holds this device is not the person.
            self.fields[name].widget.attrs["autocomplete"] = "off"
            self.fields[name].is_one_of_two = False  # type: ignore[attr-defined]
        self._offer_shifts(deployment)

    def _offer_shifts(self, deployment: Deployment) -> None:
        shifts = self.fields["shifts"]
        shifts.queryset = Shift.objects.filter(deployment=deployment)  # type: ignore[attr-defined]
        shifts.label_from_instance = lambda shift: shift_words(shift, deployment.zone)  # type: ignore[attr-defined]
        if shifts.queryset.count() < 2:  # type: ignore[attr-defined]
            del self.fields["shifts"]

    def clean(self) -> dict[str, Any]:
        # Unlike an invitation, it needs neither number nor address.
        return super(PersonForm, self).clean() or {}

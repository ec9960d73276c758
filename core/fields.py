"""Form fields that know nothing of the domain."""

from typing import Any

from django import forms

from core.text import without_controls


class LineField(forms.CharField):
    """One line that people read: a name, a title, a label.

    Nothing invisible stays in it, so that no name can turn the text around it backwards.
    """

    def to_python(self, value: Any) -> str:
        return without_controls(str(super().to_python(value) or ""))

"""What people read on one line holds nothing invisible, whichever form it came through."""

from collections.abc import Iterator

import pytest
from django import forms
from django.urls import get_resolver

from core.fields import LineField
from core.text import without_controls

# The forms about workers take more than a clean line from what was typed: tests/contacts.
MODULES = ("accounts.", "organisations.", "library.", "campaigns.", "contacts.source_forms")
# Searched, compared or read by the machine: nobody reads them again as they were typed.
NOT_READ = {"q", "code"}
# The name of a passkey: only its owner reads it.
ELSEWHERE = {("accounts.login_forms", "name")}


def kinds_of_form(base: type = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    for kind in base.__subclasses__():
        if kind.__module__.startswith(MODULES):
            yield kind
        yield from kinds_of_form(kind)


def is_plain_line(field: forms.Field) -> bool:
    return type(field) is forms.CharField and type(field.widget) is forms.TextInput


def test_every_line_of_every_form_is_cleaned() -> None:
    assert get_resolver().url_patterns  # loads the views, and with them the forms
    guilty = {
        f"{kind.__module__}.{kind.__name__}.{name}"
        for kind in kinds_of_form()
        for name, field in kind.base_fields.items()
        if is_plain_line(field)
        and name not in NOT_READ
        and (kind.__module__, name) not in ELSEWHERE
    }
    assert guilty == set()


def test_a_line_loses_what_cannot_be_seen() -> None:
    assert LineField().clean("Anna\u202e\u0007 \tMartin\r\nÉlise\u200b") == "Anna Martin Élise"


def test_the_spaces_of_french_typography_stay() -> None:
    assert without_controls("Pourquoi\u202f?\u00a0 Comment") == "Pourquoi\u202f?\u00a0 Comment"


@pytest.mark.parametrize("text", ["\u200b\u202e", " \u0000 ", "\ufeff", None])
def test_a_line_of_nothing_visible_is_empty(text: str | None) -> None:
    assert LineField(required=False).clean(text) == ""
    with pytest.raises(forms.ValidationError):
        LineField().clean(text)

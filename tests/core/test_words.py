"""French signs stay with their word."""

import pytest
from django.template import Context, Template

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("Qui ?", f"Qui{NBSP}?"),
        ("Le « marché » : dix", f"Le «{NBSP}marché{NBSP}»{NBSP}: dix"),
        ("14:32, https://exemple.fr", "14:32, https://exemple.fr"),
        ("<b> !", f"&lt;b&gt;{NBSP}!"),
    ],
)
def test_unbroken(typed: str, drawn: str) -> None:
    template = Template("{% load words %}{{ text|unbroken }}")
    assert template.render(Context({"text": typed})) == drawn

"""Found words, marked in a text that somebody wrote."""

import re
from itertools import zip_longest

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from library.models.searching import MARKS

register = template.Library()

FOUND = re.compile("{}([^{}{}]*){}".format(MARKS[0], *MARKS, MARKS[1]))

NO_MARKS = str.maketrans("", "", "".join(MARKS))


@register.filter
def marked(text: str) -> SafeString:
    """The text as HTML, escaped, its found words in `<mark>`."""
    pieces = [piece.translate(NO_MARKS) for piece in FOUND.split(text)]
    words = [format_html("<mark>{}</mark>", word) for word in pieces[1::2]]
    return format_html_join("", "{}{}", zip_longest(pieces[::2], words, fillvalue=""))


@register.filter
def has_marks(text: str) -> bool:
    return MARKS[0] in text

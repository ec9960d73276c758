"""Form fields that turn what is typed in a text area into structured content, and back."""

import re
from collections.abc import Callable, Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from library import notation
from library.uploads import FileType, RefusedFile, identify
from territory.models import CollectiveAgreement


class NotationField(forms.CharField):
    """A text area read by a parser; each error tells its line."""

    parse: Callable[[str], Any]
    render: Callable[[Any], str]

    def __init__(self, *, rows: int, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "spellcheck": "true"})
        super().__init__(widget=widget, strip=False, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return type(self).parse(text)
        except notation.NotationError as error:
            raise ValidationError([_sentence(text) for text in error.messages]) from error

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else type(self).render(value)


class BlocksField(NotationField):
    parse = staticmethod(notation.parse_blocks)
    render = staticmethod(notation.render_blocks)


class LinesField(NotationField):
    parse = staticmethod(notation.parse_lines)
    render = staticmethod(notation.render_lines)


class SourcesField(NotationField):
    parse = staticmethod(notation.parse_sources)
    render = staticmethod(notation.render_sources)


class AgreementCodesField(forms.CharField):
    """`3239, 843` as `["0843", "3239"]`, all of them known."""

    def clean(self, value: Any) -> Any:
        codes = [code for code in re.split(r"[\s,;]+", super().clean(value)) if code]
        if wrong := [code for code in codes if not re.fullmatch(r"\d{1,4}", code)]:
            raise ValidationError(f"Un IDCC a 4 chiffres au plus : {', '.join(wrong)}.")
        filled = {code.zfill(4) for code in codes}
        known = CollectiveAgreement.objects.filter(pk__in=filled).values_list("pk", flat=True)
        if unknown := sorted(filled - set(known)):
            raise ValidationError(f"Convention inconnue : {', '.join(unknown)}.")
        return sorted(filled)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


class CheckedFileField(forms.FileField):
    """An upload whose content was looked at; `accepted` when not every known format is taken."""

    def __init__(
        self, *, largest: Callable[[], int], accepted: Collection[FileType] = (), **options: Any
    ) -> None:
        self.largest, self.accepted = largest, accepted
        super().__init__(allow_empty_file=True, **options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        try:
            file_type: FileType = identify(
                file, size=file.size, largest=self.largest(), accepted=self.accepted
            )
        except RefusedFile as error:
            raise ValidationError(str(error), code="refused") from error
        file.content_type = file_type.content_type
        return file


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."

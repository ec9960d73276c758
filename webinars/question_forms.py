"""Forms about the questions of a session."""

from typing import Any

from django import forms

from core.text import fold
from webinars.models import Question
from webinars.staff_rules import mergeable_into

NO_ANSWER = "Écrivez la réponse."


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label="Votre réponse", max_length=3000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Toutes les personnes inscrites la lisent ; elle part dans le mail d’après.",
        error_messages={"required": NO_ANSWER},
    )  # fmt: skip

    def clean_answer(self) -> str:
        answer = str(self.cleaned_data["answer"]).strip()
        if not fold(answer):
            raise forms.ValidationError(NO_ANSWER)
        return answer


class DeclineForm(forms.Form):
    reply = forms.CharField(
        label="Un mot pour qui l’a posée", required=False, max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Il part par mail. Par exemple : « Merci ! On en parle le 4 décembre. »",
    )  # fmt: skip


class TargetField(forms.ModelChoiceField):
    def label_from_instance(self, question: Question) -> str:
        return question.text


class MergeForm(forms.Form):
    into = TargetField(
        Question.objects.none(), label="Avec quelle question ?", widget=forms.RadioSelect,
        empty_label=None, error_messages={"required": "Choisissez une question."},
    )  # fmt: skip

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = mergeable_into(question)  # type: ignore[attr-defined]

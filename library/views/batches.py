"""Several files at once: sent together, then each gets its title, then all are published."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from library import publishing, rules
from library.document_forms import BatchForm, TitlesFormSet
from library.errors import LibraryError
from library.models import Document
from library.publishing import Description
from library.uploads import RefusedFile, title_from
from library.views.pages import library_user
from library.views.publishing import form_view


@form_view
def batch_add(request: HttpRequest) -> HttpResponse:
    rules.check_publisher(request.user)
    form = BatchForm(request.POST or None, request.FILES or None, user=library_user(request))
    if request.method == "POST" and form.is_valid():
        batch = uuid4()
        refused = _keep(request, form, batch)
        if len(refused) < len(form.cleaned_data["uploads"]):
            for error in refused:
                messages.warning(request, error)
            return redirect("library:batch", batch)
        form.add_error("uploads", refused)
    return render(request, "library/batch_add.html", {"form": form})


@form_view
def batch(request: HttpRequest, batch: UUID) -> HttpResponse:
    drafts = rules.get_batch_or_404(request.user, batch)
    initial = [
        {
            "pk": draft.pk, "title": draft.title, "summary": draft.summary,
            "message": draft.message, "revision": draft.revision,
        }
        for draft in drafts
    ]  # fmt: skip
    titles = TitlesFormSet(request.POST or None, initial=initial, prefix="titres")
    error = ""
    if request.method == "POST" and titles.is_valid():
        publishes = request.POST.get("then") == "publish"
        try:
            publishing.name_drafts(
                drafts=_named(titles, {draft.pk: draft for draft in drafts}),
                author=library_user(request), publishes=publishes,
            )  # fmt: skip
        except LibraryError as refusal:
            error = str(refusal)
        else:
            said = "publiés" if publishes else "enregistrés en brouillon"
            messages.success(request, f"Documents {said}.")
            return redirect("library:home")
    rows = list(zip(titles, drafts, strict=False))
    return render(request, "library/batch.html", {"titles": titles, "rows": rows, "error": error})


def _keep(request: HttpRequest, form: BatchForm, batch: UUID) -> list[str]:
    """Keep each file as a draft; return why those that could not be were refused."""
    refused = []
    for file in form.cleaned_data["uploads"]:
        try:
            publishing.add_document(
                description=form.description_of(title_from(file.name)), file=file, is_draft=True,
                author=library_user(request), batch=batch,
            )  # fmt: skip
        except (RefusedFile, LibraryError) as error:
            refused.append(f"{file.name} : {error}")
    return refused


def _named(
    titles: BaseFormSet, drafts: dict[int, Document]
) -> list[tuple[Document, Description, int]]:
    """What was typed of each draft, and the revision that was on screen."""
    named = []
    for typed in titles.cleaned_data:
        draft = drafts.get(typed["pk"])
        if draft is not None:
            words = {name: typed[name] for name in ("title", "summary", "message")}
            description = Description(
                kind=draft.kind, audience=draft.audience, organisation=draft.organisation,
                expires_on=draft.expires_on, trades=draft.trades.all(),
                idcc=rules.codes_of(draft), **words,
            )  # fmt: skip
            named.append((draft, description, typed["revision"]))
    return named

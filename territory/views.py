"""Reference data seen and replaced by staff of the confederation."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from territory import actions, rules
from territory.forms import ReferenceFileForm
from territory.reference_files import ReferenceFileError
from territory.requests import ImporterRequest

EXPIRED = "Cet import n’attend plus de confirmation. Envoyez le fichier à nouveau."


@require_GET
def reference(request: ImporterRequest) -> HttpResponse:
    context = {"holdings": rules.list_holdings_or_404(request.user)}
    return render(request, "territory/reference.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reference_import(request: ImporterRequest, slug: str) -> HttpResponse:
    importable = rules.get_importable_or_404(request.user, slug)
    sent = request.method == "POST"
    form = ReferenceFileForm(request.POST, request.FILES) if sent else ReferenceFileForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            token = actions.check_reference_file(
                user=request.user, importable=importable, file=file.file, file_name=file.name
            )
        except ReferenceFileError as error:
            form.refuse(error)
        else:
            return redirect("territory:reference-confirm", slug, token)
    return render(request, "territory/import.html", {"importable": importable, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def reference_confirm(request: ImporterRequest, slug: str, token: str) -> HttpResponse:
    importable = rules.get_importable_or_404(request.user, slug)
    try:
        checked = actions.read_checked_file(request.user, importable, token)
        if request.method == "POST":
            change = actions.import_reference_file(
                user=request.user, importable=importable, token=token
            )
            messages.success(request, f"{importable.title} : import terminé ({change}).")
            return redirect("territory:reference")
    except actions.ImportExpired:
        messages.error(request, EXPIRED)
        return redirect("territory:reference-import", slug)
    except ReferenceFileError as error:
        messages.error(request, str(error))
        return redirect("territory:reference-import", slug)
    context = {"importable": importable, "checked": checked, "token": token}
    return render(request, "territory/confirm.html", context)


@require_POST
def reference_cancel(request: ImporterRequest, slug: str, token: str) -> HttpResponse:
    importable = rules.get_importable_or_404(request.user, slug)
    try:
        actions.cancel_import(user=request.user, importable=importable, token=token)
    except actions.ImportExpired:
        messages.error(request, EXPIRED)
    else:
        messages.info(request, "Import abandonné : rien n’a changé.")
    return redirect("territory:reference")

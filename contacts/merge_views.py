"""Two rows that may be one person: compare, merge, part again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from contacts import actions, rules
from contacts.crumbs import contact_crumbs
from contacts.merge_forms import MergeForm
from contacts.merging import compare
from organisations.requests import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
def contact_merge(request: UserRequest, pk: int, other_pk: int) -> HttpResponse:
    """Side by side, what each row says; the oldest one stays and takes what is chosen."""
    survivor, other = rules.get_pair_or_404(request.user, pk, other_pk)
    form = MergeForm(request.POST or None, survivor=survivor, other=other)
    if request.method == "POST" and form.is_valid():
        try:
            actions.merge_contacts(
                survivor=survivor, other=other, choices=form.choices(),
                reason=form.cleaned_data["reason"], author=request.user,
            )  # fmt: skip
        except actions.MergeRefused as error:
            messages.error(request, str(error))
            return redirect("contacts:contact-list")
        messages.success(
            request, "C’est une seule personne, désormais. Vous pouvez encore défaire."
        )
        return redirect("contacts:contact-detail", pk=survivor.pk)
    context = {
        "form": form,
        "lines": compare(survivor, other),
        "survivor": survivor,
        "other": other,
        "flagged": next((row for row in (other, survivor) if row.possible_duplicate_of_id), None),
        "crumbs": contact_crumbs(survivor, "Comparer"),
    }
    return render(request, "contacts/merge.html", context)


@require_POST
def contact_unmerge(request: UserRequest, pk: int) -> HttpResponse:
    """Bring back the row that went, with everything that was its own."""
    merge = rules.get_last_merge_or_404(request.user, pk)
    try:
        restored = actions.unmerge_contacts(merge=merge, author=request.user)
    except actions.MergeRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Ce sont de nouveau deux personnes : {restored} est de retour.")
    return redirect("contacts:contact-detail", pk=pk)

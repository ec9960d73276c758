"""The sheet of an action, for its team and who prepares it."""

from django.http import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from deployments.brief import brief_pdf
from deployments.receipts import brief_and_receipts_pdf
from deployments.team_rules import get_named_deployment_or_404, sees_numbers
from library.files import pdf_attachment
from organisations.requests import UserRequest


@never_cache
@require_safe
def brief(request: UserRequest, pk: int) -> HttpResponseBase:
    deployment = get_named_deployment_or_404(request.user, pk)
    sheet = brief_pdf(deployment, with_numbers=sees_numbers(request.user, deployment))
    return pdf_attachment(sheet, f"fiche-action-{pk}.pdf")


@never_cache
@require_safe
def brief_with_receipts(request: UserRequest, pk: int) -> HttpResponseBase:
    """The same, and what authorities answered, to be printed at once."""
    deployment = get_named_deployment_or_404(request.user, pk)
    sheet = brief_and_receipts_pdf(deployment, with_numbers=sees_numbers(request.user, deployment))
    return pdf_attachment(sheet, f"fiche-et-recepisses-{pk}.pdf")

"""What a team has on it the day itself: the sheet of the action, then what authorities answered."""

from core.dates import NBSP
from core.pdf import render_pdf
from deployments.brief import brief_pdf
from deployments.declaring import receipt_holds
from deployments.models import Deployment, PublicSpaceDeclaration
from library.pdf_pages import UnusablePdf, clean_pages, joined
from library.pictures import redrawn
from library.uploads import PDF, RefusedFile

# An authorisation is one or two pages; a whole by-law prints apart.
MOST_PAGES = 10
FOLLOWS = f"Récépissé{NBSP}: pages suivantes."


class PrintsApart(Exception):
    """A receipt cannot follow the sheet; the message, in French, says why."""


def receipts_of(deployment: Deployment) -> list[PublicSpaceDeclaration]:
    """The declarations whose answer is kept and still holds."""
    answered = deployment.declarations.needed().exclude(receipt="").order_by("last_day", "pk")
    return [declaration for declaration in answered if receipt_holds(declaration)]


def brief_and_receipts_pdf(deployment: Deployment, *, with_numbers: bool = True) -> bytes:
    """The sheet, then each receipt; one that cannot follow is said on the sheet to print apart."""
    told: dict[int, str] = {}
    pages = []
    for declaration in receipts_of(deployment):
        try:
            pages.append(_pages_of(declaration))
            told[declaration.pk] = FOLLOWS
        except PrintsApart as reason:
            told[declaration.pk] = f"Récépissé à imprimer à part ({reason})."
    return joined([brief_pdf(deployment, receipts=told, with_numbers=with_numbers), *pages])


def _pages_of(declaration: PublicSpaceDeclaration) -> bytes:
    try:
        with declaration.receipt.open("rb") as file:
            if declaration.receipt_name.endswith(f".{PDF.extension}"):
                return clean_pages(file.read(), most_pages=MOST_PAGES)
            picture = redrawn(file, size=declaration.receipt.size)
    except UnusablePdf as error:
        raise PrintsApart(_why(error)) from error
    except RefusedFile as error:
        raise PrintsApart("photo illisible") from error
    except OSError as error:
        raise PrintsApart("fichier introuvable") from error
    context = {"declaration": declaration}
    return render_pdf("deployments/brief/receipt.html", context, pictures={"receipt": picture})


def _why(error: UnusablePdf) -> str:
    if error.is_encrypted:
        return "mot de passe"
    if error.prints_apart:
        return "champs remplis, tampons ou calques"
    return f"plus de {MOST_PAGES} pages" if error.is_too_long else "fichier illisible"

"""The list of contacts: filters, and pages that cost the same at the first and the last one."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from contacts.forms import ContactFilterForm
from contacts.models import Contact, ContactQuerySet

PAGE_SIZE = 50
COUNT_LIMIT = 500


@dataclass(frozen=True)
class ListPage:
    contacts: list[Contact]
    # Number of rows, exact up to `COUNT_LIMIT`.
    count: int
    # Cursor of the next page, empty on the last one.
    older: str
    is_first: bool

    @property
    def is_more_than_counted(self) -> bool:
        return self.count > COUNT_LIMIT


def filter_contacts(contacts: ContactQuerySet, form: ContactFilterForm) -> ContactQuerySet:
    """Apply the valid filters of `form` to the contacts somebody sees.

    A possible duplicate is one of somebody they see too: nobody learns who is known elsewhere.
    """
    visible = contacts.order_by()
    form.is_valid()
    chosen = form.cleaned_data
    if chosen.get("q"):
        contacts = contacts.matching(chosen["q"])
    if chosen.get("trade"):
        contacts = contacts.filter(trade=chosen["trade"])
    if chosen.get("departement"):
        contacts = contacts.filter(departement=chosen["departement"])
    if chosen.get("duplicates"):
        contacts = contacts.filter(possible_duplicate_of__in=visible)
    return contacts


def page_of(contacts: ContactQuerySet, *, before: str = "") -> ListPage:
    """One page, newest first, from the row after the cursor `before` (an unreadable one: the top).

    The cursor is the time and number of the last row shown: unlike an offset it reads no row twice
    and skips none when contacts arrive meanwhile.
    """
    # Newest first as well: a common name is then met soon, without listing all who bear it.
    count = contacts.order_by("-created_at", "-pk").values("pk")[: COUNT_LIMIT + 1].count()
    cursor = _read_cursor(before)
    if cursor:
        moment, pk = cursor
        contacts = contacts.filter(Q(created_at__lt=moment) | Q(created_at=moment, pk__lt=pk))
    rows = list(
        contacts.select_related("trade", "commune", "departement").order_by("-created_at", "-pk")[
            : PAGE_SIZE + 1
        ]
    )
    shown = rows[:PAGE_SIZE]
    last = shown[-1] if len(rows) > PAGE_SIZE else None
    older = f"{last.created_at.isoformat()}_{last.pk}" if last else ""
    return ListPage(contacts=shown, count=count, older=older, is_first=cursor is None)


def _read_cursor(text: str) -> tuple[datetime, int] | None:
    moment, _, pk = text.partition("_")
    try:
        read = datetime.fromisoformat(moment)
        return (read, int(pk)) if read.tzinfo else None
    except ValueError:
        return None

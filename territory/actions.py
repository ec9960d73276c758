"""Import of a reference file in two steps: checked and kept aside, then confirmed."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import IO
from uuid import uuid4

from django.core import signing
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from territory.importable import Importable
from territory.loading import Change, compare_file, load_file, wait_for_other_loads
from territory.models import ReferenceImport
from territory.rules import Importer

FOLDER = "imports"
SALT = "territory.import"
CONFIRM_WITHIN = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(days=1)


class ImportExpired(Exception):
    """The checked file is gone: confirmed already, too old, or not this person's."""


@dataclass(frozen=True)
class CheckedFile:
    """A file that was found right, and what it would change."""

    stored_name: str
    file_name: str
    digest: str
    change: Change


def check_reference_file(
    *, user: Importer, importable: Importable, file: IO[bytes], file_name: str
) -> str:
    """Check a file and keep it aside; return the signed token that confirms it.

    Raises `ReferenceFileError` if the file is wrong. Nothing of the reference data changes.
    """
    change = compare_file(importable.table, _rewound(file), file_name=file_name)
    _forget_old_files()
    stored_name = default_storage.save(f"{FOLDER}/{uuid4()}.csv", File(_rewound(file)))
    checked = CheckedFile(stored_name, file_name[:200], _digest(_rewound(file)), change)
    return signing.dumps(
        {**asdict(checked), "slug": importable.slug, "user": user.pk}, salt=SALT, compress=True
    )


def read_checked_file(user: Importer, importable: Importable, token: str) -> CheckedFile:
    """What was checked; raises `ImportExpired` for a token that cannot be confirmed any more."""
    try:
        told = signing.loads(token, salt=SALT, max_age=CONFIRM_WITHIN)
    except signing.BadSignature as error:
        raise ImportExpired from error
    if (told.pop("user"), told.pop("slug")) != (user.pk, importable.slug):
        raise ImportExpired
    if not default_storage.exists(told["stored_name"]):
        raise ImportExpired
    return CheckedFile(**{**told, "change": Change(**told["change"])})


@transaction.atomic
def import_reference_file(*, user: Importer, importable: Importable, token: str) -> Change:
    """Load a checked file, and forget it; a second confirmation raises `ImportExpired`.

    Raises `ReferenceFileError` if what it refers to has changed since the check.
    """
    wait_for_other_loads()
    checked = read_checked_file(user, importable, token)
    try:
        file = default_storage.open(checked.stored_name)
    except FileNotFoundError as error:  # a confirmation from another window was quicker
        raise ImportExpired from error
    with file:
        if _digest(_rewound(file)) != checked.digest:
            raise ImportExpired
        change = load_file(importable.table, _rewound(file), file_name=checked.file_name)
    ReferenceImport.objects.update_or_create(
        table=importable.table.name,
        defaults={
            "file_name": checked.file_name,
            "rows": change.total,
            "imported_at": timezone.now(),
        },
    )
    transaction.on_commit(lambda: default_storage.delete(checked.stored_name))
    return change


def cancel_import(*, user: Importer, importable: Importable, token: str) -> None:
    """Delete a checked file that will not be imported."""
    checked = read_checked_file(user, importable, token)
    default_storage.delete(checked.stored_name)


def _rewound(file: IO[bytes]) -> IO[bytes]:
    file.seek(0)
    return file


def _digest(lines: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
    return digest.hexdigest()


def _forget_old_files() -> None:
    """Remove the files that were checked and neither confirmed nor cancelled."""
    if not default_storage.exists(FOLDER):
        return
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        if default_storage.get_created_time(path) < timezone.now() - FORGOTTEN_AFTER:
            default_storage.delete(path)

"""What cannot be done, in words for the page."""


class LibraryError(ValueError):
    """An action that cannot be done; the message, in French, says why."""


class DraftChanged(LibraryError):
    """Somebody else saved the draft in the meantime."""


class DocumentChanged(LibraryError):
    """Somebody else changed the document in the meantime; the message says who and what."""

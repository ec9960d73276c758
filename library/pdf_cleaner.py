"""Keeps of a PDF what its pages draw, and nothing that acts: neither script, nor link, nor file.

A program of its own, which `library.pdf_pages` runs with neither time nor memory to spare: a file
from outside may be made to exhaust both. It reads the PDF and writes the clean one.
"""

import sys
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, PdfObject, StreamObject

ENCRYPTED, TOO_LONG, ODD, APART = 3, 4, 5, 6
MEMORY = 768 * 1024 * 1024
PROCESSOR_SECONDS = 15
MOST_OBJECTS = 20_000
# In points: from a stamp to the largest sheet the format knows.
SMALLEST, LARGEST = 20, 14_400
HIDDEN_FLAG = 2
# What a page needs in order to be drawn.
DRAWN = {
    "/Type", "/Parent", "/Resources", "/Contents", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit",
    "/Group",
}  # fmt: skip
# What hangs from something drawn and is not drawn itself.
HIDDEN = (
    "/AA", "/AF", "/Annots", "/EF", "/EmbeddedFiles", "/JavaScript", "/JS", "/Metadata", "/OPI",
    "/OpenAction", "/PieceInfo", "/Ref", "/StructParent", "/StructParents",
)  # fmt: skip
# Whose keys are names that the page chose.
NAMED = (
    "/ColorSpace", "/ExtGState", "/Font", "/Pattern", "/Properties", "/Shading", "/XObject",
)  # fmt: skip


def clean(pdf: bytes, most_pages: int) -> bytes:
    """The pages alone; exits with one of the codes above when they cannot be."""
    reader = PdfReader(BytesIO(pdf))
    # Official files often forbid changes by a password of their owner, and ask readers for none.
    if reader.is_encrypted and not reader.decrypt(""):
        sys.exit(ENCRYPTED)
    if not 0 < len(reader.pages) <= most_pages:
        sys.exit(TOO_LONG)
    if _has_layers(reader) or any(_draws_above(page) for page in reader.pages):
        sys.exit(APART)
    writer = PdfWriter()
    for page in reader.pages:
        sides = (float(page.cropbox.width), float(page.cropbox.height))
        if not all(SMALLEST <= side <= LARGEST for side in sides):
            sys.exit(ODD)
        for key in [key for key in page if key not in DRAWN]:
            del page[key]
        for found in _reachable(page.get("/Resources")):
            for key in HIDDEN:
                found.pop(key, None)
        writer.add_page(page)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _has_layers(reader: PdfReader) -> bool:
    """Whether the file, beside its pages, says what of them shows."""
    root = reader.root_object
    form, layers = (_dictionary(root.get(key)) for key in ("/AcroForm", "/OCProperties"))
    default = _dictionary(layers.get("/D"))
    hides = default.get("/BaseState", "/ON") != "/ON" or default.get("/OFF") or default.get("/AS")
    return bool("/XFA" in form or hides)


def _draws_above(page: DictionaryObject) -> bool:
    """Whether a filled field, a stamp or a visible signature lies on the page."""
    found = page.get("/Annots")
    annotations = found.get_object() if found is not None else None
    return any(_is_drawn(_dictionary(one)) for one in annotations or [])


def _is_drawn(annotation: DictionaryObject) -> bool:
    if annotation.get("/Subtype") in ("/Link", "/Popup"):
        return False
    left, bottom, right, top = annotation.get("/Rect", (0, 0, 0, 0))
    is_hidden = int(annotation.get("/F", 0)) & HIDDEN_FLAG
    return left != right and bottom != top and not is_hidden


def _dictionary(found: PdfObject | None) -> DictionaryObject:
    found = found.get_object() if found is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _reachable(start: PdfObject | None) -> Iterator[DictionaryObject]:
    """Every dictionary that drawing may look at, but those of names."""
    waiting: list[tuple[PdfObject | None, bool]] = [(start, False)]
    seen: set[int] = set()
    while waiting:
        found, is_named = waiting.pop()
        found = found.get_object() if found is not None else None
        if found is None or id(found) in seen:
            continue
        seen.add(id(found))
        if len(seen) > MOST_OBJECTS:
            sys.exit(ODD)
        if isinstance(found, DictionaryObject):
            if not is_named:
                yield found
            is_resource = not isinstance(found, StreamObject)
            for key, value in found.items():
                waiting.append((value, is_resource and key in NAMED))
        elif isinstance(found, ArrayObject):
            waiting += [(value, False) for value in found]


def main() -> None:
    with suppress(ImportError, ValueError, OSError):  # a system without such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    sys.stdout.buffer.write(clean(sys.stdin.buffer.read(), int(sys.argv[1])))


if __name__ == "__main__":
    main()

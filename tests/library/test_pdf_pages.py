"""PDF files from outside: their pages are kept, and nothing that acts."""

import sys
import zlib
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

from library import pdf_cleaner, pdf_pages
from library.pdf_pages import UnusablePdf, clean_pages, joined

SCRIPT = "app.alert('boo')"
ACTING = {
    "/AA", "/AcroForm", "/AF", "/Annots", "/EF", "/EmbeddedFiles", "/GoToR", "/JavaScript", "/JS",
    "/Launch", "/Names", "/OpenAction", "/URI",
}  # fmt: skip


def saved(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def make_pdf(*, pages: int = 1, width: float = 595, height: float = 842) -> PdfWriter:
    """Each page says its number, in a font whose name looks like a script's."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for number in range(pages):
        page = writer.add_blank_page(width, height)
        drawn = DecodedStreamObject()
        drawn.set_data(f"BT /JS 24 Tf 72 700 Td (Page {number + 1}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(drawn)
        fonts = DictionaryObject({NameObject("/JS"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    return writer


def script() -> DictionaryObject:
    return DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject(SCRIPT),
        }
    )


def make_hostile() -> bytes:
    """Acts when opened, when its page shows, when a link is pressed; carries a file, hides more."""
    writer = make_pdf()
    writer.add_attachment("virus.exe", b"MZ")
    scripts = DictionaryObject(
        {NameObject("/Names"): ArrayObject([TextStringObject("a"), script()])}
    )
    writer._root_object["/Names"][NameObject("/JavaScript")] = scripts  # type: ignore[index]
    writer._root_object[NameObject("/OpenAction")] = script()
    page = writer.pages[0]
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): script()})
    writer.add_annotation(0, Link(rect=(0, 0, 99, 99), url="https://example.org/"))
    form = DecodedStreamObject()
    form.set_data(b"0 0 10 10 re f")
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject([NumberObject(one) for one in (0, 0, 10, 10)]),
            NameObject("/AF"): ArrayObject([script()]),
            NameObject("/PieceInfo"): DictionaryObject({NameObject("/X"): script()}),
        }
    )
    forms = DictionaryObject({NameObject("/AA"): writer._add_object(form)})
    page["/Resources"][NameObject("/XObject")] = forms
    return saved(writer)


def keys_in(pdf: bytes) -> set[str]:
    """Every key of every object of the file but names of resources, and each action's kind."""
    reader = PdfReader(BytesIO(pdf))
    found: set[str] = set()

    def walk(one: PdfObject | None, depth: int = 0, *, named: bool = False) -> None:
        one = one.get_object() if one is not None else None
        if depth > 12:
            return
        if isinstance(one, DictionaryObject):
            for key, value in one.items():
                if not named:
                    found.add(key)
                if key == "/S":
                    found.add(str(value))
                walk(value, depth + 1, named=key in pdf_cleaner.NAMED)
        elif isinstance(one, ArrayObject):
            for value in one:
                walk(value, depth + 1)

    for number in range(1, reader.trailer["/Size"]):
        walk(reader.get_object(number))
    return found


def test_what_acts_is_left_out_and_what_is_drawn_stays() -> None:
    hostile = make_hostile()
    assert ACTING - keys_in(hostile) <= {"/AcroForm", "/GoToR", "/Launch"}
    clean = clean_pages(hostile, most_pages=3)
    assert keys_in(clean) & ACTING == set()
    for remains in (SCRIPT.encode(), b"virus.exe", b"example.org"):
        assert remains not in clean
    (page,) = PdfReader(BytesIO(clean)).pages
    assert page.extract_text() == "Page 1"
    assert set(page["/Resources"]["/XObject"]) == {"/AA"}  # type: ignore[call-overload, index]


def test_pages_keep_their_size_their_turn_and_what_they_inherit() -> None:
    writer = make_pdf(pages=2, width=842, height=595)
    writer.pages[1].rotate(90)
    first, second = PdfReader(BytesIO(clean_pages(saved(writer), most_pages=2))).pages
    assert (float(first.mediabox.width), float(first.mediabox.height)) == (842, 595)
    assert (second.rotation, second.extract_text()) == (90, "Page 2")


def test_a_file_that_is_encrypted_says_so() -> None:
    writer = make_pdf()
    writer.encrypt("secret", algorithm="AES-256")
    with pytest.raises(UnusablePdf) as error:
        clean_pages(saved(writer), most_pages=3)
    assert error.value.is_encrypted


def test_a_file_that_is_too_long_says_so() -> None:
    with pytest.raises(UnusablePdf) as error:
        clean_pages(saved(make_pdf(pages=4)), most_pages=3)
    assert error.value.is_too_long


def endless_pages() -> bytes:
    """A page tree that holds itself."""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>endobj\n"
        b"trailer<</Root 1 0 R/Size 3>>\n%%EOF"
    )


def bomb() -> bytes:
    """A megabyte that unfolds into two hundred, where objects are listed."""
    packed = zlib.compress(b"\0" * (200 * 1024 * 1024), 1)
    head = b"1 0 obj<</Type/XRef/Size 99/W[1 4 2]/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n"
    body = b"%PDF-1.7\n" + head % len(packed) + packed + b"\nendstream endobj\n"
    return body + b"startxref\n9\n%%EOF"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"%PDF-1.7\n1 0 obj\n", b"%PDF-" + b"\0" * 999, endless_pages(),
        saved(make_pdf())[:-600], saved(make_pdf(width=1e9)), saved(make_pdf(width=0.5)),
    ],
    ids=["empty", "cut", "noise", "endless", "truncated", "immense", "tiny"],
)  # fmt: skip
def test_what_cannot_be_read_breaks_nothing(content: bytes) -> None:
    with pytest.raises(UnusablePdf) as error:
        clean_pages(content, most_pages=3)
    assert not error.value.is_encrypted


def test_a_bomb_goes_off_elsewhere() -> None:
    with pytest.raises(UnusablePdf):
        clean_pages(bomb(), most_pages=3)


def test_a_file_that_takes_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pages, "SECONDS", 0.01)
    with pytest.raises(UnusablePdf):
        clean_pages(saved(make_pdf()), most_pages=3)


def test_the_program_needs_nothing_of_ours() -> None:
    """It runs outside the project: neither settings nor secrets are within its reach."""
    text = (pdf_pages.Path(pdf_cleaner.__file__)).read_text(encoding="utf-8")
    imported = {line.split()[1].partition(".")[0] for line in text.splitlines() if "import" in line}
    assert imported - sys.stdlib_module_names <= {"pypdf"} | {"Keeps", "A"}


def test_files_are_put_one_after_the_other() -> None:
    whole = joined([saved(make_pdf()), saved(make_pdf(pages=2))])
    texts = [page.extract_text() for page in PdfReader(BytesIO(whole)).pages]
    assert texts == ["Page 1", "Page 1", "Page 2"]

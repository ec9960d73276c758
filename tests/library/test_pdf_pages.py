"""PDF files from outside: their pages are kept, and nothing that acts."""

import ast
import sys
import zlib
from io import BytesIO
from pathlib import Path

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
    tree = ast.parse(pdf_pages.PROGRAM.read_text(encoding="utf-8"))
    imports = [one for one in ast.walk(tree) if isinstance(one, ast.Import)]
    names = {alias.name for one in imports for alias in one.names}
    names |= {str(one.module) for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} - sys.stdlib_module_names == {"pypdf"}


def test_none_of_our_secrets_are_within_its_reach(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    program = tmp_path / "program.py"
    program.write_text(f"import os; open({str(seen)!r}, 'w').write(repr(dict(os.environ)))")
    monkeypatch.setattr(pdf_pages, "PROGRAM", program)
    monkeypatch.setenv("SECRET_KEY", "only-ours")
    with pytest.raises(UnusablePdf):
        clean_pages(b"", most_pages=1)
    assert "only-ours" not in seen.read_text()


def test_an_answer_that_never_ends_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert clean_pages(saved(make_pdf()), most_pages=3)
    monkeypatch.setattr(pdf_pages, "MOST_BYTES", 100)
    with pytest.raises(UnusablePdf):
        clean_pages(saved(make_pdf()), most_pages=3)


def test_what_the_program_lets_through_breaks_nothing_here() -> None:
    deep = saved(make_pdf()).replace(b"/Kids", b"/Deep " + b"[" * 9_000 + b"]" * 9_000 + b"/Kids")
    with pytest.raises(UnusablePdf):
        joined([deep])


def annotated(subtype: str, *, flags: int = 4, side: int = 99) -> PdfWriter:
    writer = make_pdf()
    annotation = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject(subtype),
            NameObject("/Rect"): ArrayObject([NumberObject(one) for one in (0, 0, side, side)]),
            NameObject("/F"): NumberObject(flags),
        }
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(annotation)])
    return writer


@pytest.mark.parametrize("subtype", ["/Widget", "/Stamp", "/FreeText"])
def test_what_is_filled_in_or_stamped_is_never_printed_without_it(subtype: str) -> None:
    with pytest.raises(UnusablePdf) as error:
        clean_pages(saved(annotated(subtype)), most_pages=3)
    assert error.value.prints_apart


@pytest.mark.parametrize(
    "writer",
    [annotated("/Link"), annotated("/Widget", side=0), annotated("/Stamp", flags=2)],
    ids=["link", "signature nobody sees", "hidden"],
)
def test_what_shows_nothing_above_the_page_follows(writer: PdfWriter) -> None:
    assert clean_pages(saved(writer), most_pages=3)


def layered(*, hides: bool) -> bytes:
    writer = make_pdf()
    kind = {NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject("Plan")}
    layer = writer._add_object(DictionaryObject(kind))
    default = DictionaryObject({NameObject("/OFF"): ArrayObject([layer] if hides else [])})
    writer._root_object[NameObject("/OCProperties")] = DictionaryObject(
        {NameObject("/OCGs"): ArrayObject([layer]), NameObject("/D"): default}
    )
    return saved(writer)


def test_a_layer_that_is_hidden_does_not_appear() -> None:
    assert clean_pages(layered(hides=False), most_pages=3)
    with pytest.raises(UnusablePdf) as error:
        clean_pages(layered(hides=True), most_pages=3)
    assert error.value.prints_apart


def test_a_form_drawn_by_the_reader_prints_apart() -> None:
    writer = make_pdf()
    form = DictionaryObject({NameObject("/XFA"): TextStringObject("<xdp/>")})
    writer._root_object[NameObject("/AcroForm")] = form
    with pytest.raises(UnusablePdf) as error:
        clean_pages(saved(writer), most_pages=3)
    assert error.value.prints_apart


def test_a_file_only_its_owner_may_change_is_read() -> None:
    writer = make_pdf()
    writer.encrypt("", owner_password="secret", algorithm="AES-256")
    (page,) = PdfReader(BytesIO(clean_pages(saved(writer), most_pages=3))).pages
    assert page.extract_text() == "Page 1"


def test_files_are_put_one_after_the_other() -> None:
    whole = joined([saved(make_pdf()), saved(make_pdf(pages=2))])
    texts = [page.extract_text() for page in PdfReader(BytesIO(whole)).pages]
    assert texts == ["Page 1", "Page 1", "Page 2"]

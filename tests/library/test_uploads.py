import io
import zipfile

import pytest

from library.uploads import RefusedFile, identify, safe_name

OOXML = "application/vnd.openxmlformats-officedocument"


def archive(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return file.getvalue()


def office(part: str, kind: str, **more: bytes) -> bytes:
    types = f'<Override ContentType="{OOXML}.{kind}.main+xml"/>'.encode()
    return archive({"[Content_Types].xml": types, part: b"<x/>"} | more)


def odf(kind: str) -> bytes:
    mimetype = f"application/vnd.oasis.opendocument.{kind}".encode()
    return archive({"mimetype": mimetype, "content.xml": b"<x/>"})


PPTX = office("ppt/presentation.xml", "presentationml.presentation")
ACCEPTED = {
    "pdf": b"%PDF-1.7 rest",
    "png": b"\x89PNG\r\n\x1a\n rest",
    "jpg": b"\xff\xd8\xff\xe0 rest",
    "webp": b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    "mp4": b"\x00\x00\x00\x18ftypmp42 rest",
    "pptx": PPTX,
    "docx": office("word/document.xml", "wordprocessingml.document"),
    "odp": odf("presentation"),
    "odt": odf("text"),
}
REFUSED = {
    "a Windows program": b"MZ\x90\x00" + bytes(60),
    "a page": b"<!doctype html><script>alert(1)</script>",
    "an SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "a text": b"Bonjour",
    "any zip": archive({"a.txt": b"a"}),
    "an Android program": archive({"AndroidManifest.xml": b"", "classes.dex": b""}),
    "a spreadsheet": office("xl/workbook.xml", "spreadsheetml.sheet"),
    "an OpenDocument spreadsheet": odf("spreadsheet"),
    "an e-book": archive({"mimetype": b"application/epub+zip", "content.xml": b""}),
    "types without the part": archive({"[Content_Types].xml": f"{OOXML}".encode()}),
    "a PDF that starts late": b"MZ    %PDF-1.7",
}


def look(data: bytes, largest: int = 10_000) -> str:
    return identify(io.BytesIO(data), size=len(data), largest=largest).extension


@pytest.mark.parametrize(("extension", "data"), ACCEPTED.items(), ids=ACCEPTED)
def test_accepted(extension: str, data: bytes) -> None:
    assert look(data) == extension


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_refused(data: bytes) -> None:
    with pytest.raises(RefusedFile, match=r"n’est pas accepté\. Formats : PDF"):
        look(data)


def test_an_office_document_with_macros_is_refused() -> None:
    data = office(
        "ppt/presentation.xml", "presentationml.presentation", **{"ppt/vbaProject.bin": b"x"}
    )
    with pytest.raises(RefusedFile, match="macros"):
        look(data)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(RefusedFile, match="vide"):
        look(b"")


def test_a_file_over_the_limit_is_refused_with_both_sizes() -> None:
    with pytest.raises(RefusedFile, match=r"pèse 2,0.Kio : 1,0.Kio au plus"):
        look(b"%PDF-" + bytes(2043), largest=1024)


def test_the_limit_itself_is_accepted() -> None:
    assert look(b"%PDF-" + bytes(1019), largest=1024) == "pdf"


@pytest.mark.parametrize("cut", [10, len(PPTX) // 2, len(PPTX) - 5])
def test_a_cut_archive_is_refused(cut: int) -> None:
    with pytest.raises(RefusedFile, match="abîmé"):
        look(PPTX[:cut])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("facture.pdf.exe", "facture.pdf.png"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\Users\\Lina\\Affiche été.PNG", "Affiche été.png"),
        ('a"b\r\nSet-Cookie: x.png', "a b Set-Cookie x.png"),
        ("", "document.png"),
        ("é" * 300 + ".png", "é" * 120 + ".png"),
    ],
)
def test_the_name_shown_is_harmless(typed: str, kept: str) -> None:
    png = identify(io.BytesIO(ACCEPTED["png"]), size=10, largest=100)
    assert safe_name(typed, png) == kept

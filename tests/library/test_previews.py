"""What an uploaded file becomes: drawn anew, shown in small, read; or refused with a reason."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageFile
from pypdf import PdfWriter

from core.pdf import render_pdf
from library import pdf_reader, previews
from library.previews import prepare
from library.uploads import JPEG, MP4, PDF, PNG, PPTX, WEBP, FileType, RefusedFile, identify
from tests.library.conftest import VIDEO, picture
from tests.library.test_uploads import archive, odf, office

PAPER = {
    "shape": "page", "tone": "", "title": "Congés d’été", "brand": "Confédération",
    "pages": [{"heading": "Le préavis", "lines": ["Un mois."], "figure": None}],
}  # fmt: skip


@pytest.fixture(scope="module")
def paper() -> bytes:
    return render_pdf("demonstration/library_paper.html", PAPER)


def made(data: bytes, file_type: FileType) -> previews.Prepared:
    return prepare(io.BytesIO(data), file_type)


def protected(password: str) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.encrypt(password, algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def test_the_first_page_is_shown_and_the_words_are_read(paper: bytes) -> None:
    kept = made(paper, PDF)
    assert kept.content == paper
    with Image.open(io.BytesIO(kept.preview)) as shown:
        assert (shown.format, max(shown.size)) == ("WEBP", pdf_reader.SIDE)
        assert shown.height > shown.width
    assert "Congés d’été" in kept.words
    assert "préavis" in kept.words


PICTURES = {"PNG": PNG, "JPEG": JPEG, "WEBP": WEBP}


@pytest.mark.parametrize(("kind", "file_type"), PICTURES.items(), ids=PICTURES)
def test_a_picture_is_drawn_anew_without_what_it_hid(kind: str, file_type: FileType) -> None:
    exif = Image.Exif()
    exif[0x010E] = "Chez Lina, 12 rue des Lilas"
    sent = picture(kind, (2000, 1000), exif=exif.tobytes()) + b"<script>alert(1)</script>"
    kept = made(sent, file_type)
    assert b"Lina" not in kept.content
    assert b"<script" not in kept.content
    with (
        Image.open(io.BytesIO(kept.content)) as drawn,
        Image.open(io.BytesIO(kept.preview)) as small,
    ):
        assert (drawn.format, drawn.size) == (kind, (2000, 1000))
        assert small.size == (960, 480)


def test_what_is_see_through_stays_so() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(made(out.getvalue(), PNG).content)) as drawn:
        assert drawn.mode == "RGBA"


@pytest.mark.parametrize(
    ("data", "file_type", "words"),
    [
        (picture("PNG")[:40], PNG, "abîmée"),
        (b"\xff\xd8\xff\xe0" + bytes(50), JPEG, "abîmée"),
        (picture("PNG"), JPEG, "abîmée"),
        (b"%PDF-1.7 and nothing more", PDF, "abîmé"),
        (protected("secret"), PDF, "mot de passe"),
    ],
    ids=["cut", "empty", "another", "not a PDF", "locked"],
)
def test_what_does_not_open_is_refused(data: bytes, file_type: FileType, words: str) -> None:
    with pytest.raises(RefusedFile, match=words):
        made(data, file_type)


@pytest.mark.parametrize("taken", [False, True])
def test_a_cut_picture_is_refused_whatever_others_take(
    taken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WeasyPrint has Pillow take them, in the whole process, once a PDF was drawn there."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", taken)
    for kind, file_type in PICTURES.items():
        whole = picture(kind, (300, 300))
        with pytest.raises(RefusedFile, match="abîmée"):
            made(whole[: len(whole) // 2], file_type)
    assert taken == ImageFile.LOAD_TRUNCATED_IMAGES


def test_a_picture_that_unfolds_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(RefusedFile, match="trop de points"):
        made(out.getvalue(), PNG)


def test_a_pdf_that_takes_too_long_is_kept_without_preview(
    paper: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("import time; time.sleep(30)")
    monkeypatch.setattr(previews, "PROGRAM", slow)
    monkeypatch.setattr(previews, "SECONDS", 0.2)
    assert made(paper, PDF) == previews.Prepared(paper)


def test_a_pdf_that_breaks_its_reader_is_kept_without_preview(
    paper: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("import os; os.abort()")
    monkeypatch.setattr(previews, "PROGRAM", broken)
    assert made(paper, PDF) == previews.Prepared(paper)


def test_the_words_of_slides_are_read() -> None:
    slide = "<a:t>Congés &amp; primes</a:t>".encode()
    pptx = office(
        "ppt/presentation.xml", "presentationml.presentation", **{"ppt/slides/slide1.xml": slide}
    )
    assert made(pptx, PPTX) == previews.Prepared(pptx, words="Congés & primes")


def test_a_video_is_kept_as_it_is() -> None:
    assert made(VIDEO, MP4) == previews.Prepared(VIDEO)


@pytest.mark.parametrize(
    "data",
    [
        office("word/document.xml", "wordprocessingml.document", **{"word/activeX/a.bin": b"x"}),
        office("word/document.xml", "wordprocessingml.document", **{"word/VBAproject.BIN": b"x"}),
        archive(
            {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>",
             "Basic/Standard/Module1.xml": b"Sub Main"}
        ),
        archive(
            {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>",
             "Scripts/python/a.py": b"import os"}
        ),
    ],
    ids=["activex", "visual basic", "basic", "python"],
)  # fmt: skip
def test_office_files_that_act_are_refused(data: bytes) -> None:
    with pytest.raises(RefusedFile, match="macros"):
        identify(io.BytesIO(data), size=len(data), largest=10_000)


def test_an_office_file_that_does_not_is_accepted() -> None:
    data = odf("text")
    assert identify(io.BytesIO(data), size=len(data), largest=10_000).extension == "odt"

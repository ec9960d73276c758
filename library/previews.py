"""What is made of an uploaded file before it is kept: pictures drawn anew, a preview, its words."""

import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import structlog
from PIL import Image, ImageOps, UnidentifiedImageError

from library import pdf_reader
from library.pictures import MOST_PIXELS, whole_ones_only
from library.uploads import (
    BROKEN_ZIP,
    DOCX,
    JPEG,
    ODP,
    ODT,
    PDF,
    PNG,
    PPTX,
    WEBP,
    FileType,
    RefusedFile,
)

log = structlog.get_logger()

PROGRAM = Path(pdf_reader.__file__)
SECONDS = 20
MOST_BYTES = 8 * 1024 * 1024
FORMATS = {PNG: "PNG", JPEG: "JPEG", WEBP: "WEBP"}
# In office files, the parts that hold what one reads.
WRITTEN_IN = {
    DOCX: re.compile(r"word/document\.xml"),
    PPTX: re.compile(r"ppt/slides/slide\d+\.xml"),
    ODP: re.compile(r"content\.xml"),
    ODT: re.compile(r"content\.xml"),
}
MOST_PART_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True)
class Prepared:
    """A file as it is kept. `preview` is a WebP picture, empty where none could be drawn."""

    content: bytes
    preview: bytes = b""
    words: str = ""


def prepare(file: IO[bytes], file_type: FileType) -> Prepared:
    """The file made ready to be kept; raises `RefusedFile` when it does not open."""
    file.seek(0)
    if file_type in FORMATS:
        return _picture(file, file_type)
    content = file.read()
    if file_type == PDF:
        preview, words = _read_pdf(content)
        return Prepared(content, preview, _one_line(words))
    if file_type in WRITTEN_IN:
        return Prepared(content, words=_one_line(_written(content, WRITTEN_IN[file_type])))
    return Prepared(content)


def _picture(file: IO[bytes], file_type: FileType) -> Prepared:
    """Drawn anew: neither place, nor device, nor anything hidden behind the points."""
    too_large = RefusedFile("Cette image a trop de points : réduisez-la et recommencez.")
    try:
        with whole_ones_only(), Image.open(file, formats=[FORMATS[file_type]]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise too_large
            turned = ImageOps.exif_transpose(opened)
            see_through = "A" in turned.getbands() or "transparency" in turned.info
            picture = turned.convert("RGBA" if see_through else "RGB")
    except RefusedFile:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise RefusedFile("Cette image est abîmée : elle ne s’ouvre pas.") from error
    content, preview = BytesIO(), BytesIO()
    picture.info.clear()
    picture.save(content, FORMATS[file_type], quality=90, optimize=True)
    picture.thumbnail((pdf_reader.SIDE, pdf_reader.SIDE))
    picture.save(preview, "WEBP", quality=78)
    return Prepared(content.getvalue(), preview.getvalue())


def _read_pdf(pdf: bytes) -> tuple[bytes, str]:
    """In a process of its own, whose time and memory are counted, and without our secrets.

    A PDF too heavy to be drawn is kept without a preview: readers have more time than we have.
    """
    command = [sys.executable, "-I", str(PROGRAM)]
    with TemporaryFile() as out:
        try:
            done = subprocess.run(  # noqa: S603
                command, input=pdf, stdout=out, stderr=subprocess.DEVNULL, timeout=SECONDS, env={}
            )
        except subprocess.TimeoutExpired:
            log.warning("pdf-preview-too-long", size=len(pdf))
            return b"", ""
        if done.returncode == pdf_reader.ENCRYPTED:
            raise RefusedFile("Ce PDF demande un mot de passe : enregistrez-le sans.")
        if done.returncode == pdf_reader.BROKEN:
            raise RefusedFile("Ce PDF est abîmé : il ne s’ouvre pas.")
        written = out.seek(0, 2)
        if done.returncode or not 4 < written <= MOST_BYTES:
            log.warning("pdf-preview-failed", size=len(pdf), code=done.returncode)
            return b"", ""
        out.seek(0)
        length = int.from_bytes(out.read(4), "big")
        return out.read(length), out.read().decode("utf-8", "replace")


def _written(content: bytes, parts: re.Pattern[str]) -> str:
    """The words of an office file, without its marks."""
    words: list[str] = []
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = [name for name in archive.namelist() if parts.fullmatch(name)]
            for name in names[: pdf_reader.MOST_PAGES]:
                with archive.open(name) as part:
                    text = part.read(MOST_PART_BYTES).decode("utf-8", "replace")
                words.append(unescape(re.sub(r"<[^>]*>", " ", text)))
    except BROKEN_ZIP as error:
        raise RefusedFile("Ce fichier est abîmé : il ne s’ouvre pas.") from error
    return " ".join(words)[: pdf_reader.MOST_LETTERS]


def _one_line(words: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in words).split())

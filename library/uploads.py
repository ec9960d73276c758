"""What an uploaded file really is: its content says it, its name and declared type do not."""

import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

from django.template.defaultfilters import filesizeformat

ACCEPTED = "PDF, images PNG, JPEG ou WebP, PowerPoint, Word, OpenDocument, vidéo MP4"
# An office file is a zip of at most some hundreds of parts; more is a trap for the reader.
MAX_PARTS = 5000
MAX_TYPES_BYTES = 1024 * 1024
# What reading a cut, encrypted or forged archive raises.
BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
)


class RefusedFile(ValueError):
    """The file cannot be accepted; the message, in French, says why and what to do."""


@dataclass(frozen=True)
class FileType:
    extension: str
    content_type: str
    label: str


PDF = FileType("pdf", "application/pdf", "PDF")
PNG = FileType("png", "image/png", "Image PNG")
JPEG = FileType("jpg", "image/jpeg", "Image JPEG")
WEBP = FileType("webp", "image/webp", "Image WebP")
MP4 = FileType("mp4", "video/mp4", "Vidéo MP4")
_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
PPTX = FileType("pptx", f"{_OOXML}.presentationml.presentation", "PowerPoint")
DOCX = FileType("docx", f"{_OOXML}.wordprocessingml.document", "Word")
ODP = FileType("odp", f"{_ODF}.presentation", "Diaporama OpenDocument")
ODT = FileType("odt", f"{_ODF}.text", "Texte OpenDocument")

FILE_TYPES = {
    file_type.content_type: file_type
    for file_type in (PDF, PNG, JPEG, WEBP, MP4, PPTX, DOCX, ODP, ODT)
}
_SIGNATURES = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
_MP4_BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ")


def identify(
    file: IO[bytes], *, size: int, largest: int, accepted: Collection[FileType] = ()
) -> FileType:
    """The type of a file; raises `RefusedFile` when empty, too large or not accepted.

    `accepted` narrows what is taken, and what the refusal says to choose instead.
    """
    if size == 0:
        raise RefusedFile("Ce fichier est vide.")
    if size > largest:
        raise RefusedFile(
            f"Ce fichier pèse {filesizeformat(size)} : {filesizeformat(largest)} au plus."
        )
    file.seek(0)
    head = file.read(32)
    file_type = _from_head(head) or (_from_zip(file) if head.startswith(b"PK\x03\x04") else None)
    file.seek(0)
    formats = ", ".join(one.label for one in accepted) or ACCEPTED
    if file_type is None:
        raise RefusedFile(f"Le contenu de ce fichier n’est pas accepté. Formats : {formats}.")
    if accepted and file_type not in accepted:
        raise RefusedFile(f"{file_type.label} n’est pas accepté ici. Formats : {formats}.")
    return file_type


def safe_name(name: str, file_type: FileType) -> str:
    """The name shown to readers: no path, no odd sign, the extension of the real type."""
    stem = PurePath(name.replace("\\", "/")).stem
    kept = "".join(char if char.isprintable() and char not in '<>:"/|?*' else " " for char in stem)
    return f"{' '.join(kept.split())[:120] or 'document'}.{file_type.extension}"


def title_from(name: str) -> str:
    """A title to begin with: « flyer_coiffure-2.pdf » as « Flyer coiffure 2 »."""
    stem = PurePath(name.replace("\\", "/")).stem
    words = " ".join(
        "".join(char if char.isalnum() or char in "'’" else " " for char in stem).split()
    )
    return f"{words[:1].upper()}{words[1:]}"[:150] or "Document"


def _from_head(head: bytes) -> FileType | None:
    for signature, file_type in _SIGNATURES:
        if head.startswith(signature):
            return file_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _MP4_BRANDS:
        return MP4
    return None


def _from_zip(file: IO[bytes]) -> FileType | None:
    """An office document among all the files that are zips (applications, archives…)."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if len(names) > MAX_PARTS:
                return None
            if any(_acts(name) for name in names):
                raise RefusedFile(
                    "Ce document contient des macros : enregistrez-le sans elles et recommencez."
                )
            if "mimetype" in names:
                declared = _read(archive, "mimetype").decode("ascii", "replace").strip()
                return FILE_TYPES.get(declared) if "content.xml" in names else None
            return _from_content_types(archive, names)
    except BROKEN_ZIP as error:
        raise RefusedFile("Ce fichier est abîmé : il ne s’ouvre pas.") from error


def _acts(name: str) -> bool:
    """Whether a part of an office file is a program: Visual Basic, ActiveX, scripts."""
    path = name.lower().lstrip("/")
    is_program = path.startswith(("basic/", "scripts/")) or "/activex/" in path
    return is_program or PurePath(path).name == "vbaproject.bin"


def _from_content_types(archive: zipfile.ZipFile, names: set[str]) -> FileType | None:
    if "[Content_Types].xml" not in names:
        return None
    types = _read(archive, "[Content_Types].xml")
    for part, file_type in (("ppt/presentation.xml", PPTX), ("word/document.xml", DOCX)):
        if part in names and f"{file_type.content_type}.main+xml".encode() in types:
            return file_type
    return None


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(MAX_TYPES_BYTES)

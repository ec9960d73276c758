"""Pages of PDF files from outside, made harmless, and put after our own."""

import os
import subprocess
import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from library import pdf_cleaner

PROGRAM = Path(pdf_cleaner.__file__)
SECONDS = 20
# What pypdf raises at a file that is made to mislead it.
UNREADABLE = (PyPdfError, RecursionError, ValueError, LookupError, TypeError, AttributeError)
# Twice what a receipt may weigh.
MOST_BYTES = 20 * 1024 * 1024


class UnusablePdf(ValueError):
    """The pages of a PDF cannot be shown with others; the properties say why."""

    def __init__(self, code: int = 0) -> None:
        super().__init__(f"unusable PDF ({code})")
        self.is_encrypted = code == pdf_cleaner.ENCRYPTED
        self.is_too_long = code == pdf_cleaner.TOO_LONG
        # Filled fields, stamps or layers: its pages alone would not show what it shows.
        self.prints_apart = code == pdf_cleaner.APART


def clean_pages(pdf: bytes, *, most_pages: int) -> bytes:
    """The pages of a PDF from outside, without anything that acts. Raises `UnusablePdf`.

    They are read in a process of their own, whose time and memory are counted, and which inherits
    none of our secrets.
    """
    command = [sys.executable, "-I", str(PROGRAM), str(most_pages)]
    with TemporaryFile() as out:
        try:
            done = subprocess.run(  # noqa: S603
                command, input=pdf, stdout=out, stderr=subprocess.DEVNULL, timeout=SECONDS, env={}
            )
        except subprocess.TimeoutExpired as error:
            raise UnusablePdf from error
        if done.returncode or out.seek(0, os.SEEK_END) > MOST_BYTES:
            raise UnusablePdf(done.returncode)
        out.seek(0)
        return joined([out.read()])


def joined(pdfs: Iterable[bytes]) -> bytes:
    """One PDF of the pages of several clean ones, in order. Raises `UnusablePdf`."""
    writer = PdfWriter()
    out = BytesIO()
    try:
        for pdf in pdfs:
            for page in PdfReader(BytesIO(pdf)).pages:
                writer.add_page(page)
        writer.write(out)
    except UNREADABLE as error:
        raise UnusablePdf from error
    return out.getvalue()

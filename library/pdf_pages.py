"""Pages of PDF files from outside, made harmless, and put after our own."""

import subprocess
import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader, PdfWriter

from library import pdf_cleaner

SECONDS = 20


class UnusablePdf(ValueError):
    """The pages of a PDF cannot be shown with others; `is_encrypted`, `is_too_long` say why."""

    def __init__(self, code: int = 0) -> None:
        super().__init__(f"unusable PDF ({code})")
        self.is_encrypted = code == pdf_cleaner.ENCRYPTED
        self.is_too_long = code == pdf_cleaner.TOO_LONG


def clean_pages(pdf: bytes, *, most_pages: int) -> bytes:
    """The pages of a PDF from outside, without anything that acts. Raises `UnusablePdf`.

    They are read in a process of their own, whose time and memory are counted.
    """
    command = [sys.executable, "-I", str(Path(pdf_cleaner.__file__)), str(most_pages)]
    try:
        done = subprocess.run(command, input=pdf, capture_output=True, timeout=SECONDS)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise UnusablePdf from error
    if done.returncode:
        raise UnusablePdf(done.returncode)
    return done.stdout


def joined(pdfs: Iterable[bytes]) -> bytes:
    """One PDF of the pages of several of our own, in order."""
    writer = PdfWriter()
    for pdf in pdfs:
        for page in PdfReader(BytesIO(pdf)).pages:
            writer.add_page(page)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()

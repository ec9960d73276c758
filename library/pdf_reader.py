"""Draws the first page of a PDF in small, and reads its words.

A program of its own, which `library.previews` runs with neither time nor memory to spare: a file
from outside may be made to exhaust both. It reads the PDF and writes the picture's length, the
picture and the words.
"""

import sys
from contextlib import suppress
from io import BytesIO

import pypdfium2

BROKEN, ENCRYPTED = 3, 4
MEMORY = 1024 * 1024 * 1024
PROCESSOR_SECONDS = 15
SIDE = 960
LARGEST_SCALE = 4.0
MOST_PAGES = 200
MOST_LETTERS = 100_000


def read(pdf: bytes) -> tuple[bytes, str]:
    """The first page as a WebP picture, and the words; exits with one of the codes above."""
    try:
        document = pypdfium2.PdfDocument(pdf)
        page = document[0]
    except pypdfium2.PdfiumError as error:
        sys.exit(ENCRYPTED if "password" in str(error).lower() else BROKEN)
    except IndexError:
        sys.exit(BROKEN)
    scale = min(SIDE / max(page.get_size()), LARGEST_SCALE)
    out = BytesIO()
    page.render(scale=scale).to_pil().convert("RGB").save(out, "WEBP", quality=78)
    return out.getvalue(), words_of(document)


def words_of(document: pypdfium2.PdfDocument) -> str:
    words, letters = [], 0
    for number in range(min(len(document), MOST_PAGES)):
        words.append(document[number].get_textpage().get_text_bounded())
        letters += len(words[-1])
        if letters > MOST_LETTERS:
            break
    return " ".join(words)[:MOST_LETTERS]


def main() -> None:
    with suppress(ImportError, ValueError, OSError):  # a system without such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    picture, words = read(sys.stdin.buffer.read())
    sys.stdout.buffer.write(len(picture).to_bytes(4, "big"))
    sys.stdout.buffer.write(picture)
    sys.stdout.buffer.write(words.encode("utf-8", "replace"))


if __name__ == "__main__":
    main()

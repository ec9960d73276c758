"""Photos that people send, drawn anew before they are kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Lock
from typing import IO

from django.conf import settings
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from library.uploads import JPEG, PNG, WEBP, RefusedFile, identify

LARGEST_SIDE = 2048
# A picture that unfolds to more than this is a trap; the largest posters hold in less.
MOST_PIXELS = 60_000_000
_ONE_AT_A_TIME = Lock()


@contextmanager
def whole_ones_only() -> Iterator[None]:
    """Pillow refuses pictures that are cut: WeasyPrint, once loaded, has it take them for all."""
    with _ONE_AT_A_TIME:
        before = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def redrawn(file: IO[bytes], *, size: int) -> bytes:
    """The picture drawn anew as a JPEG: neither place nor device, 2048 pixels at most.

    Raises `RefusedFile`.
    """
    identify(file, size=size, largest=settings.UPLOAD_MAX_BYTES, accepted=(JPEG, PNG, WEBP))
    too_large = RefusedFile("Cette photo a trop de points : réduisez-la et recommencez.")
    try:
        with whole_ones_only(), Image.open(file) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise too_large
            opened.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except RefusedFile:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise RefusedFile("Cette photo est abîmée : elle ne s’ouvre pas.") from error
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    out = BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()

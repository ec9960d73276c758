"""Photos that people send, drawn anew before they are kept."""

from io import BytesIO
from typing import IO

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from library.uploads import JPEG, PNG, WEBP, RefusedFile, identify

LARGEST_SIDE = 2048
# A picture that unfolds to more than this is a trap, not a photo.
MOST_PIXELS = 60_000_000


def redrawn(file: IO[bytes], *, size: int) -> bytes:
    """The picture drawn anew as a JPEG: neither place nor device, 2048 pixels at most.

    Raises `RefusedFile`.
    """
    identify(file, size=size, largest=settings.UPLOAD_MAX_BYTES, accepted=(JPEG, PNG, WEBP))
    too_large = RefusedFile("Cette photo a trop de points : réduisez-la et recommencez.")
    try:
        with Image.open(file) as opened:
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

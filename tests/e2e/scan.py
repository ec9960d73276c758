"""Reads a QR code from a picture, as a camera would: an upright one, sharp, with its quiet zone."""

import io

from PIL import Image
from qrcode.base import rs_blocks
from qrcode.main import QRCode
from qrcode.util import mask_func

Squares = list[list[bool]]
QUIET_ZONE = 4
FORMAT_MASK = 0b10101
BYTES = 0b0100


def read_qr(picture: bytes) -> str:
    """The text of the QR code; raises `ValueError` when there is none to read."""
    image = Image.open(io.BytesIO(picture)).convert("L")
    for version in range(1, 11):
        squares = _squares(image, 17 + 4 * version)
        if _has_landmarks(squares):
            return _decode(squares, version)
    raise ValueError("no QR code in this picture")


def _squares(image: Image.Image, size: int) -> Squares:
    step_x, step_y = (length / (size + 2 * QUIET_ZONE) for length in image.size)
    middles = [QUIET_ZONE + index + 0.5 for index in range(size)]
    return [
        [image.getpixel((int(x * step_x), int(y * step_y))) < 128 for x in middles]  # type: ignore[operator]
        for y in middles
    ]


def _has_landmarks(squares: Squares) -> bool:
    """Whether the three big corners and the dotted lines between them are where they should be."""
    size = len(squares)
    drawn = _landmarks(size)
    return all(
        drawn[y][x] in (None, squares[y][x])
        for y in range(size)
        for x in range(size)
        if x < 6 or y < 6 or x == 6 or y == 6
    )


def _landmarks(size: int, *, reserve_format: bool = False) -> list[list[bool | None]]:
    code = QRCode(version=(size - 17) // 4)
    code.modules_count = size
    code.modules = [[None] * size for _ in range(size)]
    for row, column in ((0, 0), (size - 7, 0), (0, size - 7)):
        code.setup_position_probe_pattern(row, column)
    code.setup_position_adjust_pattern()
    code.setup_timing_pattern()
    if reserve_format:
        code.setup_type_info(True, 0)
        if code.version >= 7:
            code.setup_type_number(True)
    return code.modules


def _decode(squares: Squares, version: int) -> str:
    found = int("".join("01"[square] for square in squares[8][:5]), 2) ^ FORMAT_MASK
    level, mask = found >> 3, found & 0b111
    bits = _data_bits(squares, mask)
    codewords = [int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8)]
    stream = "".join(f"{word:08b}" for word in _in_order(codewords, version, level))
    if int(stream[:4], 2) != BYTES:
        raise ValueError("only text written as bytes is read here")
    width = 8 if version < 10 else 16
    length, start = int(stream[4 : 4 + width], 2), 4 + width
    payload = stream[start : start + 8 * length]
    return bytes(int(payload[at : at + 8], 2) for at in range(0, 8 * length, 8)).decode()


def _data_bits(squares: Squares, mask: int) -> str:
    """Up and down by columns of two, from the right, around the landmarks, unmasked."""
    size = len(squares)
    reserved = _landmarks(size, reserve_format=True)
    is_masked = mask_func(mask)
    bits, rows = [], range(size - 1, -1, -1)
    for right in [column for column in range(size - 1, 0, -2) if column > 6] + [5, 3, 1]:
        for y in rows:
            for x in (right, right - 1):
                if reserved[y][x] is None:
                    bits.append("01"[squares[y][x] ^ bool(is_masked(y, x))])
        rows = rows[::-1]
    return "".join(bits)


def _in_order(codewords: list[int], version: int, level: int) -> list[int]:
    """The data of each block one after the other; they are drawn dealt like cards."""
    blocks = [(block.data_count, []) for block in rs_blocks(version, level)]  # type: ignore[var-annotated]
    dealt = iter(codewords)
    for turn in range(max(count for count, _ in blocks)):
        for count, words in blocks:
            if turn < count:
                words.append(next(dealt))
    return [word for _, words in blocks for word in words]

"""QR codes, large enough a quiet zone and error correction for a crumpled flyer in the sun."""

import io

import segno


def qr_svg(address: str) -> bytes:
    """An SVG without width, height nor style, so that the page decides of its size."""
    out = io.BytesIO()
    segno.make(address, error="q", micro=False).save(
        out, kind="svg", border=4, omitsize=True, svgns=True, xmldecl=False, nl=False, light="#fff"
    )
    return out.getvalue()


def qr_png(address: str) -> bytes:
    """A PNG of about 1 000 pixels."""
    out = io.BytesIO()
    segno.make(address, error="q", micro=False).save(out, kind="png", border=4, scale=24)
    return out.getvalue()

"""An address as a square that a phone can read."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr(address: str) -> Markup:
    """`address` as SVG, black on white, without a style; the page that shows it must label it."""
    square = segno.make(address, error="m", micro=False)
    return Markup(square.svg_inline(scale=3, border=2, svgclass="qr", lineclass=None, light="#fff"))

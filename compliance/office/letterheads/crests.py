"""The crest of a letterhead: an SVG or PNG that a person sent, as the clean PNG that letters bear.

An SVG is drawn once, in the resolution of print, and not kept: nothing of it reaches a browser.
"""

from __future__ import annotations

import base64
import io

from compliance.core.child import FailedInChild, TookTooMuch, in_child
from compliance.core.text import say
from compliance.core.typesetting import CannotDraw, drawn
from compliance.files.rules import PNG, BadFile, kind_of
from compliance.office.letterheads.rules import svg_problem

LARGEST_CREST = 1024 * 1024
_WIDTH, _HEIGHT = 18, 21
"""Of the crest on paper, in millimetres (templates/letters/layout.typ)."""
_PPI = 800
_LONGEST_SIDE = 660
"""Pixels: 21 mm at 800 for an inch."""
_SHORTEST_SIDE = 120
_MOST_PIXELS = 20_000_000
_HEAVY = 200_000
"""Bytes above which the colours are reduced to 256, which no crest needs more than."""
_REFUSED = {
    "small": say(
        "Lambang ini terlalu kecil untuk dicetak: paling sedikit {least} piksel.",
        least=_SHORTEST_SIDE,
    ),
    "large": say("Lambang ini lebih dari 20 juta piksel. Kecilkan dulu."),
    "empty": say("Lambang ini kosong: tidak ada yang terlihat."),
}
_MOST_SECONDS = 10
_MOST_MEMORY = 512 * 1024 * 1024


def read_crest(content: bytes) -> bytes:
    """The crest as PNG, in colours that print, without anything beside the picture.

    Slow: not to be called in a transaction. Raises BadFile, OSError.
    """
    if not content:
        raise BadFile(say("Berkas ini kosong. Pilih berkas lain."))
    is_png = content.startswith(b"\x89PNG\r\n\x1a\n") and kind_of(content) == PNG
    is_drawing = not is_png and b"<svg" in content[:4000].lower()
    if not (is_png or is_drawing):
        raise BadFile(say("Lambang harus berupa SVG atau PNG, paling besar 1 MB."))
    if len(content) > LARGEST_CREST:
        raise BadFile(say("Lambang ini lebih besar dari 1 MB. Kecilkan dulu."))
    return _clean(content, least=_SHORTEST_SIDE) if is_png else _clean(_drawn(content), least=1)


def _drawn(content: bytes) -> bytes:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile(say("SVG ini rusak dan tidak dapat dibaca.")) from None
    if problem := svg_problem(text):
        raise BadFile(problem)
    try:
        return drawn(text, width=_WIDTH, height=_HEIGHT, ppi=_PPI)
    except CannotDraw:
        raise BadFile(say("SVG ini tidak dapat digambar. Kirim sebagai PNG.")) from None


def _clean(content: bytes, *, least: int) -> bytes:
    """The picture written anew, in a child process. Raises BadFile."""
    import PIL.Image
    import PIL.PngImagePlugin  # noqa: F401

    try:
        made = in_child(
            lambda: _written_anew(content, least), seconds=_MOST_SECONDS, memory=_MOST_MEMORY
        )
    except TookTooMuch:
        raise BadFile(say("Lambang ini terlalu berat untuk dibaca. Kecilkan dulu.")) from None
    except FailedInChild:
        raise BadFile(say("PNG ini rusak dan tidak dapat dibaca.")) from None
    if made in _REFUSED:
        raise BadFile(_REFUSED[made])
    return base64.b64decode(made)


def _written_anew(content: bytes, least: int) -> str:
    """The PNG in base64, or the word for what is wrong with it."""
    import PIL.Image

    PIL.Image.MAX_IMAGE_PIXELS = None  # our own limit is lower
    with PIL.Image.open(io.BytesIO(content), formats=("PNG",)) as picture:
        width, height = picture.size
        if width * height > _MOST_PIXELS:
            return "large"
        if max(width, height) < least:
            return "small"
        whole = picture.convert("RGBA")
    if whole.getchannel("A").getbbox() is None:
        return "empty"
    whole.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    made = io.BytesIO()
    whole.save(made, "PNG", optimize=True)
    if made.tell() > _HEAVY:
        made = io.BytesIO()
        whole.quantize(256).save(made, "PNG", optimize=True)
    return base64.b64encode(made.getvalue()).decode()

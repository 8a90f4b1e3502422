"""Photos and scans of the demo: coloured cards that say what they stand for, drawn anew each time."""

from __future__ import annotations

import io
from datetime import datetime

import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont

WIDE, HIGH = 1200, 900
_TAKEN_AT, _OFFSET, _DETAILS = 0x9003, 0x9011, 0x8769
INK = "#ffffff"


def photo(title: str, *lines: str, colour: str, taken: datetime) -> bytes:
    """A JPEG as a phone takes it: its header claims when it was taken, and no place."""
    exif = PIL.Image.Exif()
    exif.get_ifd(_DETAILS).update(
        {
            _TAKEN_AT: taken.strftime("%Y:%m:%d %H:%M:%S"),
            _OFFSET: f"{taken:%z}"[:3] + ":" + f"{taken:%z}"[3:],
        }
    )
    made = io.BytesIO()
    _card((WIDE, HIGH), title, lines, colour=colour).save(made, "JPEG", quality=80, exif=exif)
    return made.getvalue()


def scan(title: str, *lines: str, made_at: datetime) -> bytes:
    """A PDF of one page, as an office scans it."""
    made = io.BytesIO()
    card = _card((HIGH, 1270), title, lines, colour="#47525f")
    day = made_at.timetuple()
    card.save(made, "PDF", resolution=110.0, creationDate=day, modDate=day)
    return made.getvalue()


def _card(
    size: tuple[int, int], title: str, lines: tuple[str, ...], *, colour: str
) -> PIL.Image.Image:
    card = PIL.Image.new("RGB", size, colour)
    draw = PIL.ImageDraw.Draw(card)
    wide, high = size
    draw.rectangle((30, 30, wide - 30, high - 30), outline=INK, width=6)
    draw.text((wide / 2, high * 0.28), "CONTOH", fill=INK, font=_font(150), anchor="mm")
    draw.text((wide / 2, high * 0.5), title, fill=INK, font=_font(50), anchor="mm")
    for number, line in enumerate(lines):
        draw.text((wide / 2, high * 0.6 + 56 * number), line, fill=INK, font=_font(34), anchor="mm")
    return card


def _font(size: int) -> PIL.ImageFont.FreeTypeFont:
    font = PIL.ImageFont.load_default(size)
    assert isinstance(font, PIL.ImageFont.FreeTypeFont)
    return font

"""Files that a test sends: made here, small, each with one property."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pillow_heif
import pypdf
from PIL import Image
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

TAKEN = "2026:11:30 08:41:07"
KUPANG = (-10.178757, 123.597603)


def _header(taken: str | None, offset: str | None, position: tuple[float, float] | None) -> Any:
    exif = Image.Exif()
    exif[0x0110] = "Telepon Contoh"
    details = exif.get_ifd(0x8769)
    if taken:
        details[0x9003] = taken
    if offset:
        details[0x9011] = offset
    if position:
        north, east = position
        exif.get_ifd(0x8825).update(
            {
                1: "N" if north >= 0 else "S",
                2: _parts(north),
                3: "E" if east >= 0 else "W",
                4: _parts(east),
            }
        )
    return exif


def _parts(degrees: float) -> tuple[float, float, float]:
    degrees = abs(degrees)
    minutes = degrees % 1 * 60
    return float(int(degrees)), float(int(minutes)), minutes % 1 * 60


def picture(
    kind: str = "JPEG",
    *,
    size: tuple[int, int] = (64, 48),
    colour: str = "seagreen",
    taken: str | None = TAKEN,
    offset: str | None = None,
    position: tuple[float, float] | None = KUPANG,
) -> bytes:
    """A picture of one colour, with what a phone writes into its header."""
    made, exif = io.BytesIO(), _header(taken, offset, position)
    plain = Image.new("RGB", size, colour)
    if kind == "HEIC":
        pillow_heif.from_pillow(plain).save(made, exif=exif.tobytes())
    else:
        plain.save(made, kind, exif=exif)
    return made.getvalue()


def large_picture(size: tuple[int, int] = (2400, 1600)) -> bytes:
    """A photo of noise, which no encoder makes small."""
    made = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(made, "JPEG", quality=90)
    return made.getvalue()


def broken_picture() -> bytes:
    """A PNG that is whole from outside and cannot be decoded."""
    content = picture("PNG", size=(400, 400))
    at = content.index(b"IDAT") + 20
    return content[:at] + b"\0" * 40 + content[at + 40 :]


def pdf(*, password: str | None = None, script: bool = False, hidden: bool = False) -> bytes:
    """A PDF of one empty page, locked, with a script, or with a `hidden` action that starts a program."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    if script:
        script_of = {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("x"),
        }
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script_of)
    if hidden:
        action = DictionaryObject(
            {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("x.exe")}
        )
        writer.pages[0][NameObject("/AA")] = DictionaryObject(
            {NameObject("/O"): writer._add_object(action)}
        )
    if password:
        writer.encrypt(password)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def a_picture_of(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and holds hardly anything."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


BAD_FILES = {
    "nothing": (b"", "kosong"),
    "16 MB": (picture() + b"\0" * (15 * 1024 * 1024), "lebih besar dari 15 MB"),
    "a program": (b"MZ\x90\0" + b"\0" * 200, "tidak dikenal"),
    "a zip": (b"PK\x03\x04" + b"\0" * 200, "zip, Word, atau Excel"),
    "an SVG": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "web atau SVG"),
    "a web page": (b"  <!DOCTYPE html><script>alert(1)</script>", "web atau SVG"),
    "a GIF": (b"GIF89a" + b"\0" * 200, "tidak dikenal"),
    "900 million pixels": (a_picture_of(30_000, 30_000), "900 juta piksel"),
    "a JPEG without its end": (picture()[:-40], "terpotong"),
    "a PNG without its end": (picture("PNG")[:-30], "terpotong"),
    "a HEIC without its end": (picture("HEIC")[:-30], "terpotong"),
    "a PDF without its end": (pdf()[:-30], "terpotong"),
    "a PDF with a password": (pdf(password="rahasia"), "dikunci"),
    "a PDF with a script": (pdf(script=True), "memuat program"),
    "a PDF that starts a program": (pdf(hidden=True), "memuat program"),
    "a PDF that is none": (b"%PDF-1.7\n" + b"x" * 300 + b"\n%%EOF\n", "rusak"),
    "a JPEG that is none": (b"\xff\xd8\xff\xda\0\4" + b"x" * 300 + b"\xff\xd9", "rusak"),
}
"""What nobody may send, and what the refusal says."""
